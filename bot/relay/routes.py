"""``POST /relay/messages`` and ``/relay/pictures``: the poller of an organisation's 会话内容存档 hands over.

The contract, for the poller's author: docs/存档接入.md.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Response

from bot import api, metrics
from bot.api import Rejected
from bot.fields import Malformed, clean, json_object
from bot.relay.parse import CHANNEL, Line, NotForUs, Ours, in_order, parse
from bot.uploads import MAX_BYTES, NoPicture, Uploads
from config import RelaySettings
from domain.clock import MachineTime
from domain.errors import CallbackRefused
from store.acceptor import Acceptor
from store.arrivals import Acceptance, Arrival

log = logging.getLogger(__name__)

MAX_BODY = 256 * 1024
MOST_LINES = 1000
SPLIT = f"请分批:每批最多 {MOST_LINES} 行且不超过 {MAX_BODY // 1024} KB,按顺序逐批发送;重叠的部分会自动识别。"


def blueprint(relay: RelaySettings, ours: Ours, acceptor: Acceptor, uploads: Uploads) -> Blueprint:
    """The two routes."""
    desk = _Desk(relay, ours, acceptor, uploads)
    routes = api.routes(CHANNEL)
    routes.add_url_rule("/messages", view_func=desk.messages, methods=["POST"])
    routes.add_url_rule("/pictures", view_func=desk.pictures, methods=["POST"])
    return routes


@dataclass(slots=True)
class _Read:
    """A batch line by line: what can be taken in, and what not, with the reason."""

    lines: list[Line] = field(default_factory=list)
    ignored: list[dict[str, Any]] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class _Desk:
    relay: RelaySettings
    ours: Ours
    acceptor: Acceptor
    uploads: Uploads

    def messages(self) -> Response:
        """One batch. What is wrong with a line concerns that line alone."""
        content = api.body(MAX_BODY, SPLIT)
        nonce = api.authentic(self.relay.secret, content)
        read = self._read(content, api.now())
        digest = hashlib.sha256(content).digest()
        arrivals = [Arrival(message, nonce, digest) for message in in_order(read.lines)]
        if arrivals:
            self.acceptor.accept_all(arrivals)
        for arrival in arrivals:
            if arrival.error is not None:  # what stood before it was kept, and is known when it comes again
                raise arrival.error
            if arrival.result is Acceptance.REPLAYED:
                raise CallbackRefused("nonce was used for another payload")
        return self._answer(read, arrivals)

    def _read(self, content: bytes, now: MachineTime) -> _Read:
        lines = content.decode("utf-8", "replace").split("\n")
        numbered = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
        if len(numbered) > MOST_LINES:
            raise Rejected(413, f"一批有 {len(numbered)} 行,超过 {MOST_LINES} 行。{SPLIT}")
        read = _Read()
        for number, line in numbered:
            try:
                parsed = parse(line, self.ours, now)
            except NotForUs as reason:
                read.ignored.append(_named(number, line, str(reason)))
            except Malformed as fault:
                read.refused.append(_named(number, line, str(fault)))
            else:
                read.lines.append(parsed)
        return read

    def _answer(self, read: _Read, arrivals: list[Arrival]) -> Response:
        known = [_msgid(each) for each in arrivals if each.result is Acceptance.DUPLICATE]
        accepted = [_msgid(each) for each in arrivals if each.result is Acceptance.NEW]
        for result, count in (
            ("new", len(accepted)),
            ("duplicate", len(known)),
            ("malformed", len(read.refused)),
        ):
            metrics.callback(CHANNEL, result, count)
        log.info(
            "batch taken in channel=relay accepted=%d known=%d ignored=%d refused=%d",
            len(accepted), len(known), len(read.ignored), len(read.refused),
        )  # fmt: skip
        document = {"accepted": accepted, "known": known, "ignored": read.ignored, "refused": read.refused}
        return api.json_answer(200, document)

    def pictures(self) -> Response:
        """One picture; the answer is the reference by which a message names it."""
        content = api.body(MAX_BYTES, "请先压缩图片再上传。")
        api.authentic(self.relay.secret, content)
        try:
            reference = self.uploads.keep(content)
        except NoPicture:
            raise Rejected(422, "不是 JPEG、PNG、GIF 或 WebP 图片,请检查下载是否完整") from None
        return api.json_answer(200, {"picture": reference})


def _msgid(arrival: Arrival) -> str:
    return arrival.message.dedupe_key.removeprefix(f"{CHANNEL}:")


def _named(number: int, line: str, reason: str) -> dict[str, Any]:
    """A line that was not taken in, by its number and, where it has one, its msgid."""
    try:
        msgid = json_object(line).get("msgid")
    except Malformed:
        msgid = None
    return {"line": number, "msgid": clean(msgid[:128]) if isinstance(msgid, str) else None, "reason": reason}
