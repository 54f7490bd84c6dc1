"""``/relay/issues``: cameras, patrol apps and command centres hand problems over and hear how they go on.

The contract, for the author of the other side: docs/派单接口.md.
"""

from __future__ import annotations

import hashlib
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any

from flask import Blueprint, Response, request

from bot import api, metrics
from bot.api import Rejected
from bot.dispatch.parse import Parser
from bot.fields import Malformed, clean, json_object
from bot.signing import NONCE
from bot.uploads import MAX_BYTES, NoPicture
from config import DispatchSource
from domain.dispatching import CHANNEL, described, userid_of
from domain.errors import CallbackRefused
from domain.issues import Issue
from domain.messages import Chat, HandedOver, IncomingMessage
from domain.roster import Roster
from domain.taxonomy import Taxonomy
from store import dispatches, issues
from store import roster as rosters
from store.acceptor import Acceptor
from store.arrivals import Acceptance, Arrival
from store.database import Database

MAX_BODY = 256 * 1024
SMALLER = "图片请先用 POST /relay/uploads 上传(每张最多 10 MB),这里只写编号。"
KEY = re.compile(r"[A-Za-z0-9._:-]{8,64}")
SOURCE, IDEMPOTENCY_KEY = "X-Source", "Idempotency-Key"
WAIT_S, LOOK_AGAIN_S = 2.0, 0.05
MOST_WAITING = 4
"""Requests that wait for the worker at one time; others get a 202, so that callbacks find a thread."""
LONGEST_REASON = 500


@dataclass(frozen=True)
class _Names:
    """Names of people and categories, as the roster has them now."""

    roster: Roster
    taxonomy: Taxonomy

    def label(self, issue: Issue) -> str:
        return self.taxonomy.label(issue.category, issue.sub)

    def owner_name(self, issue: Issue) -> str:
        person = self.roster.person(issue.owner) if issue.owner else None
        return person.title if person else issue.owner or "待指派"


@dataclass(frozen=True)
class Desk:
    """What the routes work with. base: how the web process is reached from outside, perhaps empty."""

    sources: Mapping[str, DispatchSource]
    acceptor: Acceptor
    database: Database
    parser: Parser
    tz: tzinfo
    base: str
    waiting: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(MOST_WAITING))

    # --- the routes ------------------------------------------------------------------------------------

    def report(self) -> Response:
        """A new problem. The same key and body again is the same problem; another body is refused."""
        content = api.body(MAX_BODY, SMALLER)
        source, key = self._authentic(content, IDEMPOTENCY_KEY)
        _check_key(key)
        handed, wrong = self.parser.parse(_document(content))
        if handed is None:
            raise Rejected(422, "内容有误,未受理;请改正后再发", *wrong)
        said = HandedOver(
            key,
            _digest(content),
            handed.section,
            handed.house_number,
            handed.category,
            handed.sub,
            handed.danger,
        )
        self._accept(source, said, handed.text, handed.pictures)
        self._wait_for(source, key)
        return self._status(source, key)

    def status(self, key: str) -> Response:
        """How it goes on."""
        source, _ = self._authentic(b"")
        return self._status(source, key)

    def judge(self, key: str) -> Response:
        """The source's own word on what was done: 满意 or 不满意."""
        content = api.body(MAX_BODY, SMALLER)
        source, own_key = self._authentic(content, IDEMPOTENCY_KEY)
        _check_key(own_key)
        words, satisfied = _verdict(_document(content))
        number = self._number(source, key)
        if number is None:
            raise Rejected(404, "没有这个问题,或还没有编号;请先查询状态")
        text = f"满意 {number}" if satisfied else f"不满意 {number} {words}"
        said = HandedOver(own_key, _digest(content), judged="satisfied" if satisfied else "dissatisfied")
        self._accept(source, said, text, ())
        self._wait_for(source, own_key)
        return self._judged(source, own_key, key)

    def upload(self) -> Response:
        """One picture; the answer is the reference by which a problem names it."""
        content = api.body(MAX_BYTES, "请先压缩图片再上传。")
        self._authentic(content)
        try:
            return api.json_answer(200, {"picture": self.parser.uploads.keep(content)})
        except NoPicture:
            raise Rejected(422, "不是 JPEG、PNG、GIF 或 WebP 图片,请检查下载是否完整") from None

    # --- what they do ----------------------------------------------------------------------------------

    def _authentic(self, content: bytes, nonce_header: str = NONCE) -> tuple[str, str]:
        """The source and the nonce. An unknown source is as much work, and as little said, as a wrong
        signature."""
        name = request.headers.get(SOURCE, "")
        source = self.sources.get(name)
        nonce = api.authentic(source.secret if source else "nobody's secret", content, nonce_header)
        if source is None:
            raise CallbackRefused("unknown source")
        return source.name, nonce

    def _accept(self, source: str, said: HandedOver, text: str, pictures: tuple[str, ...]) -> None:
        message = IncomingMessage(
            channel=CHANNEL,
            dedupe_key=_dedupe_key(source, said.key),
            chat=Chat("single", source),
            sender=userid_of(source),
            kind="mixed" if pictures else "text",
            text=text,
            pictures=pictures,
            handed_over=said,
        )
        taken = Rejected(409, f"这个 {IDEMPOTENCY_KEY} 已用于另一个内容;新问题请换一个")
        if self._stands_for_another(source, said):
            raise taken
        result = self.acceptor.accept(Arrival(message, f"{source}:{said.key}", bytes.fromhex(said.digest)))
        if result is Acceptance.REPLAYED:
            raise taken
        metrics.callback(CHANNEL, result.value)

    def _stands_for_another(self, source: str, said: HandedOver) -> bool:
        """Whether the key came with another body before, longer ago than nonces are remembered."""
        known = self._received(source, said.key)
        before = known.message.handed_over if known is not None else None
        return before is not None and before.digest != said.digest

    def _wait_for(self, source: str, key: str) -> None:
        """Until the worker has dealt with it, but not for long."""
        if not self.waiting.acquire(blocking=False):
            return
        try:
            until = time.monotonic() + WAIT_S
            while time.monotonic() < until:
                found = self._received(source, key)
                if found is not None and found.state != "waiting":
                    return
                time.sleep(LOOK_AGAIN_S)
        finally:
            self.waiting.release()

    def _received(self, source: str, key: str) -> dispatches.Reception | None:
        with self.database.read() as connection:
            return dispatches.received(connection, _dedupe_key(source, key))

    def _number(self, source: str, key: str) -> int | None:
        with self.database.read() as connection:
            return dispatches.number_of(connection, source, key)

    def _status(self, source: str, key: str) -> Response:
        address = f"{self.base}/relay/issues/{key}"
        known = {"key": clean(key[:64]), "status_url": address}
        with self.database.read() as connection:
            number = dispatches.number_of(connection, source, key)
            issue = issues.get(connection, number) if number is not None else None
            current = rosters.current(connection) if issue is not None else None
        if issue is not None:
            names = _Names(current[1] if current else Roster(), self.parser.taxonomy)
            return api.json_answer(
                200, {**known, "status": "done", "issue": described(issue, names, self.tz)}
            )
        found = self._received(source, key)
        if found is None:
            raise Rejected(404, "没有收到过这个 Idempotency-Key")
        status = "waiting" if found.state == "waiting" else "failed"
        return api.json_answer(202, {**known, "status": status, "issue": None})

    def _judged(self, source: str, own_key: str, key: str) -> Response:
        found = self._received(source, own_key)
        outcome = found.outcome if found is not None else None
        if outcome is not None and outcome not in {"confirmed", "confirmed_already", "reopened"}:
            raise Rejected(
                409, f"现在不能这样答复({outcome}):只有「已处理待确认」的问题可以确认或退回;请先查询状态"
            )
        answer = self._status(source, key)
        answer.status_code = 200 if outcome is not None else 202
        return answer


def blueprint(desk: Desk) -> Blueprint:
    """The routes for other systems."""
    routes = api.routes(CHANNEL)
    routes.add_url_rule("/issues", view_func=desk.report, methods=["POST"])
    routes.add_url_rule("/issues/<key>", view_func=desk.status)
    routes.add_url_rule("/issues/<key>/verdict", view_func=desk.judge, methods=["POST"])
    routes.add_url_rule("/uploads", view_func=desk.upload, methods=["POST"])
    return routes


def _dedupe_key(source: str, key: str) -> str:
    return f"{CHANNEL}:{source}:{key}"


def _check_key(key: str) -> None:
    if not KEY.fullmatch(key):
        raise Rejected(422, f"{IDEMPOTENCY_KEY} 应为 8 到 64 个字母、数字或 . _ : -")


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _document(content: bytes) -> Mapping[str, Any]:
    try:
        return json_object(content.decode("utf-8"))
    except (UnicodeDecodeError, Malformed):
        raise Rejected(422, "请求体不是 UTF-8 的 JSON 对象") from None


def _verdict(document: Mapping[str, object]) -> tuple[str, bool]:
    """Reason, and whether it is satisfied."""
    verdict, reason = document.get("verdict"), document.get("reason", "")
    if verdict not in ("satisfied", "dissatisfied"):
        raise Rejected(422, 'verdict 应为 "satisfied" 或 "dissatisfied"')
    if not isinstance(reason, str) or len(reason) > LONGEST_REASON:
        raise Rejected(422, f"reason 应为最多 {LONGEST_REASON} 字的文字")
    words = " ".join(clean(reason).split())
    if verdict == "dissatisfied" and not words:
        raise Rejected(422, "不满意要写 reason:哪里没有处理好")
    return words, verdict == "satisfied"
