"""The GET that the platform makes when an administrator saves the callback address."""

from __future__ import annotations

import secrets
import time
from typing import Any

import requests

from sandbox.callbacks.said import Via
from sandbox.callbacks.seal import callback_url, cipher_of, openly_signed, signed
from sandbox.local_http import local_session
from sandbox.world import World


def verify(world: World, via: Via) -> dict[str, Any]:
    """``ok`` only if the bare decrypted text came back with 200 within a second."""
    plain = str(secrets.randbelow(10**19))
    if via == "mp":
        query = {**openly_signed(world), "echostr": plain}
    else:
        echo = cipher_of(world, via).encrypt(plain)
        query = {**signed(world, via, echo), "echostr": echo}
    started = time.monotonic()
    try:
        answer = local_session().get(callback_url(world, via), params=query, timeout=1.0)
    except requests.RequestException as error:
        return {"ok": False, "status": None, "ms": _since(started), "error": type(error).__name__}
    ok = answer.status_code == 200 and answer.content == plain.encode()
    return {"ok": ok, "status": answer.status_code, "ms": _since(started), "error": ""}


def _since(started: float) -> float:
    return round((time.monotonic() - started) * 1000, 1)
