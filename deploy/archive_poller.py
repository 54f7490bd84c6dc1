#!/usr/bin/env python3
"""Hands the messages of a JSON-lines file to 路管家 (docs/存档接入.md). Standard library only.

    RELAY_SECRET=... python3 archive_poller.py http://127.0.0.1:8000 messages.jsonl

Each line is one message as the archive's SDK decrypts it, best with its ``seq``. Pictures lie beside the
file: ``"picture_files": ["a.jpg"]``. A real poller takes the lines from the SDK instead of a file. It may be
stopped and started again at any time: what was handed over before is known there. Exit 1: a line was refused.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MOST_LINES, MOST_BYTES = 1000, 256 * 1024
PATIENCE_S, FIRST_PAUSE_S, LONGEST_PAUSE_S = 600.0, 1.0, 60.0


def post(base: str, path: str, body: bytes, secret: str) -> Any:
    """POST until it is taken: after a 503 or a lost answer the very same bytes are sent again."""
    nonce, pause, until = secrets.token_hex(16), FIRST_PAUSE_S, time.monotonic() + PATIENCE_S
    while True:
        timestamp = str(int(time.time()))
        signed = f"{timestamp}\n{nonce}\nPOST {path}\n".encode() + body
        signature = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
        headers = {"X-Timestamp": timestamp, "X-Nonce": nonce, "X-Signature": signature}
        request = urllib.request.Request(base + path, body, headers)  # noqa: S310 - the caller's own address
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                return json.load(answer)
        except urllib.error.HTTPError as refusal:
            if refusal.code != 503:
                raise SystemExit(f"{path}: {refusal.code} {refusal.read().decode()}") from None
        except (urllib.error.URLError, TimeoutError, ConnectionError) as fault:
            print(f"{path}: {fault}", file=sys.stderr)  # noqa: T201
        if time.monotonic() > until:
            raise SystemExit(f"{path}: no answer for {PATIENCE_S:.0f} s, gave up; start again later")
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE_S)


def with_pictures(base: str, folder: Path, message: dict[str, Any], secret: str) -> dict[str, Any]:
    """The message with its pictures uploaded and named."""
    files = message.pop("picture_files", [])
    if files:
        uploaded = [post(base, "/relay/pictures", (folder / name).read_bytes(), secret) for name in files]
        message["pictures"] = [answer["picture"] for answer in uploaded]
    return message


def batches(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Bodies within the limits, in order."""
    batch: list[bytes] = []
    size = 0
    for line in lines:
        if batch and (len(batch) == MOST_LINES or size + len(line) > MOST_BYTES):
            yield b"".join(batch)
            batch, size = [], 0
        batch.append(line)
        size += len(line)
    if batch:
        yield b"".join(batch)


def messages_of(file: Path) -> Iterator[dict[str, Any]]:
    """One message per line. Only a line feed ends a line: people type other separators (U+2028) as well."""
    return (json.loads(line) for line in file.read_bytes().split(b"\n") if line.strip())


def main() -> int:
    base, file, secret = sys.argv[1].rstrip("/"), Path(sys.argv[2]), os.environ["RELAY_SECRET"]
    messages = messages_of(file)
    ready = (with_pictures(base, file.parent, message, secret) for message in messages)
    lines = (json.dumps(message, ensure_ascii=False).encode() + b"\n" for message in ready)
    refused = 0
    for body in batches(lines):
        answer = post(base, "/relay/messages", body, secret)
        print({name: len(found) for name, found in answer.items()})  # noqa: T201
        for line in answer["refused"]:
            print("refused:", line, file=sys.stderr)  # noqa: T201
        refused += len(answer["refused"])
    return 1 if refused else 0


if __name__ == "__main__":
    if len(sys.argv) != 3 or "RELAY_SECRET" not in os.environ:
        raise SystemExit(__doc__)
    sys.exit(main())
