"""会话内容存档, and the poller that an organisation runs on it: each message is handed over at once."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from typing import Any

import requests

from sandbox.callbacks.letter import Attempt
from sandbox.callbacks.said import Said
from sandbox.local_http import local_session
from sandbox.world import World

TIMEOUT_S = 10.0


def hand_over(world: World, msgid: str, message: dict[str, Any], pictures: tuple[bytes, ...]) -> Attempt:
    """Upload the pictures, then the message as the archive's SDK would have decrypted it; it is recorded."""
    references = [_picture(world, data) for data in pictures]
    line = json.dumps({**message, "pictures": references} if references else message, ensure_ascii=False)
    attempt, _ = _post(world, "/relay/messages", line.encode())
    seen = {"at": world.now(), "via": "archive", "msgid": msgid, "plain": line, "query": {}, "body": line}
    world.deliveries.add(lambda number: {"n": number, **seen, **attempt.to_json()})
    return attempt


def _picture(world: World, data: bytes) -> str:
    _, answer = _post(world, "/relay/pictures", data)
    return str(answer.get("picture", ""))


def _post(world: World, path: str, body: bytes) -> tuple[Attempt, dict[str, Any]]:
    started = time.monotonic()
    try:
        response = local_session().post(
            f"{world.settings.bot_url}{path}",
            data=body,
            headers=_signed(world, path, body),
            timeout=TIMEOUT_S,
        )
    except requests.RequestException as fault:
        return Attempt(1, 1, None, _ms(started), type(fault).__name__), {}
    answer = response.json() if response.status_code == 200 else {}
    return Attempt(1, 1, response.status_code, _ms(started)), answer


def _signed(world: World, path: str, body: bytes) -> dict[str, str]:
    timestamp, nonce = str(int(world.now())), secrets.token_hex(16)
    signed = f"{timestamp}\n{nonce}\nPOST {path}\n".encode() + body
    signature = hmac.new(world.settings.relay_secret.encode(), signed, hashlib.sha256).hexdigest()
    return {"X-Timestamp": timestamp, "X-Nonce": nonce, "X-Signature": signature}


def _ms(started: float) -> float:
    return round((time.monotonic() - started) * 1000, 1)


def message(said: Said) -> dict[str, Any]:
    """What somebody said in a group, in the archive's own words (DOC 91774)."""
    head: dict[str, Any] = {
        "msgid": said.msgid,
        "action": "send",
        "from": said.person,
        "tolist": [],
        "roomid": said.chat_id,
        "msgtime": said.at * 1000,
    }
    text = said.text
    if said.quote is not None:
        text = f"这是一条引用/回复消息：\n“某人：\n{said.quote.text}”\n------\n{text}"
    if said.kind == "text":
        return {**head, "msgtype": "text", "text": {"content": text}}
    if said.kind == "mixed":
        item = {"type": "text", "content": json.dumps({"content": text}, ensure_ascii=False)}
        return {**head, "msgtype": "mixed", "mixed": {"item": [item]}}
    return {**head, "msgtype": said.kind, said.kind: {}}
