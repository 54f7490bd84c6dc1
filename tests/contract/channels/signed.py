"""Requests to the routes for other programs, signed by hand as docs/存档接入.md and docs/派单接口.md say."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.app import create_app
from config import load
from store import schema
from store.database import Database

SECRET = "a-secret-of-the-tests-alone"
_NONCES = itertools.count(1)


@dataclass(frozen=True)
class Caller:
    """A program that knows the secret. source: of a dispatching system, empty for the archive's poller."""

    client: FlaskClient
    database: Database
    secret: str = SECRET
    source: str = ""

    def send(self, method: str, path: str, body: bytes = b"", **how: Any) -> TestResponse:
        """nonce, at (Unix seconds), secret and headers may be other than they should."""
        nonce = how.get("nonce") or f"nonce-{next(_NONCES):06d}"
        stamp = str(int(how.get("at", time.time())))
        signed = "\n".join([stamp, nonce, f"{method} {path}", ""]).encode() + how.get("signed", body)
        secret = how.get("secret", self.secret)
        header = (
            "Idempotency-Key" if self.source and method == "POST" and "uploads" not in path else "X-Nonce"
        )
        headers = {
            "X-Timestamp": stamp,
            header: nonce,
            "X-Signature": hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest(),
            **({"X-Source": self.source} if self.source else {}),
            **how.get("headers", {}),
        }
        return self.client.open(path, method=method, data=body, headers=headers)


def caller(folder: Path, *, source: str = "", migrated: bool = True, **environ: Any) -> Caller:
    """A caller of a web application of its own; without Redis, which a request does not need."""
    url = f"sqlite:///{folder}/bot.db"
    database = Database(url)
    if migrated:
        schema.migrate(database)
    settings = load(
        {
            "DATABASE_URL": url,
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "MEDIA_DIR": str(folder / "media"),
            **environ,
        }
    )
    return Caller(create_app(settings).test_client(), database, source=source)
