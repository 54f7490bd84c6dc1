"""``/relay/issues``: cameras, patrol apps and command centres hand problems over and hear how they go on.

The contract, for the author of the other side: docs/派单接口.md.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request

from bot import api
from bot.api import Rejected
from bot.dispatch.parse import Parser
from bot.dispatch.reception import Counter
from bot.fields import Malformed, clean, json_object
from bot.signing import NONCE
from bot.uploads import MAX_BYTES, NoPicture
from config import DispatchSource
from domain.dispatching import CHANNEL
from domain.errors import CallbackRefused
from domain.messages import HandedOver
from store.dispatches import Source

MAX_BODY = 256 * 1024
SMALLER = "图片请先用 POST /relay/uploads 上传(每张最多 10 MB),这里只写编号。"
KEY = re.compile(r"[A-Za-z0-9._:-]{8,64}")
SOURCE, IDEMPOTENCY_KEY = "X-Source", "Idempotency-Key"
LONGEST_REASON = 500
JUDGED = frozenset({"confirmed", "confirmed_already", "reopened"})
"""Outcomes of a verdict that took effect."""


@dataclass(frozen=True)
class Desk:
    """The views, one method each."""

    sources: Mapping[str, DispatchSource]
    parser: Parser
    counter: Counter

    def report(self) -> Response:
        """A new problem. The same key and body again is the same problem; another body is refused."""
        content = api.body(MAX_BODY, SMALLER)
        asked = self._authentic(content, IDEMPOTENCY_KEY)
        handed, wrong = self.parser.parse(_document(content))
        if handed is None:
            raise Rejected(422, "内容有误,未受理;请改正后再发", *wrong)
        place = (handed.section, handed.house_number)
        said = HandedOver(asked.key, _digest(content), *place, handed.category, handed.sub, handed.danger)
        self.counter.take_in(asked.name, said, handed.text, handed.pictures)
        return api.json_answer(*self.counter.status(asked))

    def status(self, key: str) -> Response:
        """How it goes on."""
        asker = self._authentic(b"")
        return api.json_answer(*self.counter.status(Source(asker.name, key)))

    def judge(self, key: str) -> Response:
        """The source's own word on what was done: 满意 or 不满意."""
        content = api.body(MAX_BODY, SMALLER)
        asked = self._authentic(content, IDEMPOTENCY_KEY)
        words, satisfied = _verdict(_document(content))
        about = Source(asked.name, key)
        number = self.counter.number(about)
        if number is None:
            raise Rejected(404, "没有这个问题,或还没有编号;请先查询状态")
        text = f"满意 {number}" if satisfied else f"不满意 {number} {words}"
        # the same words about another problem are another verdict
        digest = _digest(f"{key}\n".encode("utf-8", "replace") + content)
        judged = HandedOver(asked.key, digest, judged="satisfied" if satisfied else "dissatisfied")
        self.counter.take_in(asked.name, judged, text)
        return self._judged(asked, about)

    def _judged(self, verdict: Source, about: Source) -> Response:
        found = self.counter.received(verdict)
        outcome = found.outcome if found is not None else None
        if outcome is not None and outcome not in JUDGED:
            told = "只有「已处理待确认」的问题可以确认或退回;请先查询状态"
            raise Rejected(409, f"现在不能这样答复({outcome}):{told}")
        _, document = self.counter.status(about)
        return api.json_answer(200 if outcome is not None else 202, document)

    def upload(self) -> Response:
        """One picture; the answer is the reference by which a problem names it."""
        content = api.body(MAX_BYTES, "请先压缩图片再上传。")
        self._authentic(content)
        try:
            return api.json_answer(200, {"picture": self.parser.uploads.keep(content)})
        except NoPicture:
            raise Rejected(422, "不是 JPEG、PNG、GIF 或 WebP 图片,请检查下载是否完整") from None

    def _authentic(self, content: bytes, nonce_header: str = NONCE) -> Source:
        """Who asks, and under which key. An unknown source is as much work, and as little said, as a wrong
        signature."""
        source = self.sources.get(request.headers.get(SOURCE, ""))
        nonce = api.authentic(source.secret if source else "nobody's secret", content, nonce_header)
        if source is None:
            raise CallbackRefused("unknown source")
        if nonce_header == IDEMPOTENCY_KEY and not KEY.fullmatch(nonce):
            raise Rejected(422, f"{IDEMPOTENCY_KEY} 应为 8 到 64 个字母、数字或 . _ : -")
        return Source(source.name, nonce)


def blueprint(desk: Desk) -> Blueprint:
    """The routes for other systems."""
    routes = api.routes(CHANNEL)
    routes.add_url_rule("/issues", view_func=desk.report, methods=["POST"])
    routes.add_url_rule("/issues/<key>", view_func=desk.status)
    routes.add_url_rule("/issues/<key>/verdict", view_func=desk.judge, methods=["POST"])
    routes.add_url_rule("/uploads", view_func=desk.upload, methods=["POST"])
    return routes


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
