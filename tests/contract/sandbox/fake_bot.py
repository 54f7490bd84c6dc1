"""A little bot that records what the sandbox posts to it and answers as it is told."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import xmltodict
from flask import Flask, Response, jsonify, request
from wechatpy.enterprise.crypto import WeChatCrypto
from wechatpy.utils import check_signature
from werkzeug.serving import make_server

from sandbox.server import QuietHandler
from sandbox.settings import DEFAULTS

ROSTER: dict[str, Any] = {
    "groups": [
        {
            "chat_id": "wr-yiminlu", "name": "益民路商户群", "kind": "street", "sections": ["益民路"],
            "subdistrict": "解放路街道", "push_key": "key-yiminlu",
        },
        {
            "chat_id": "wr-sup-jiefang", "name": "解放路街道督导群", "kind": "supervisor", "sections": [],
            "subdistrict": "解放路街道", "push_key": "key-sup-jiefang",
        },
    ],
    "people": [
        {
            "userid": "chief3-yiminlu", "name": "益民路三级路长", "role": "路长", "level": 3,
            "unit": "解放路街道", "section": "益民路",
        },
        {"userid": "chief2-jiefang", "name": "二级路长", "role": "路长", "level": 2, "unit": "解放路街道"},
        {"userid": "sup-jiefang", "name": "督导", "role": "督导", "level": None, "unit": "解放路街道"},
        {"userid": "officer-1", "name": "城管 张三", "role": "九员", "level": None, "unit": "城管"},
    ],
    "shops": [
        {
            "name": "益民路五金店", "section": "益民路", "house_number": "28", "userid": "shop-yiminlu-2",
            "short_name": "五金店",
        },
        {"name": "没有号的店", "section": "益民路", "house_number": "3", "userid": None, "short_name": "店"},
    ],
    "sections": [{"name": "益民路", "subdistrict": "解放路街道"}],
}  # fmt: skip


@dataclass(frozen=True)
class Callback:
    """One request to the bot, opened by wechatpy, not by the code under test."""

    channel: str
    query: dict[str, str]
    body: bytes
    plain: str

    @property
    def json(self) -> dict[str, Any]:
        opened: dict[str, Any] = json.loads(self.plain)
        return opened

    @property
    def xml(self) -> dict[str, Any]:
        opened: dict[str, Any] = xmltodict.parse(self.plain)["xml"]
        return opened


@dataclass
class FakeBot:
    """``answers``: statuses (or seconds to wait before a 200, or a body) of the next callbacks; then 200.
    ``records``: what it says about messages, by msgid."""

    url: str = ""
    roster: dict[str, Any] = field(default_factory=lambda: ROSTER)
    callbacks: list[Callback] = field(default_factory=list)
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    answers: deque[int | float | str] = field(default_factory=deque)
    verification_takes: float = 0
    clock: list[dict[str, Any]] = field(default_factory=list)
    during_clock: Callable[[], Any] = field(default=lambda: None)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self) -> Response:
        with self.lock:
            answer = self.answers.popleft() if self.answers else 200
        if isinstance(answer, float):
            time.sleep(answer)
            return Response("")
        return Response(answer) if isinstance(answer, str) else Response("", status=answer)


def open_callback(channel: str, query: dict[str, str], body: bytes) -> str:
    if channel == "mp":  # in plain mode, as by default
        check_signature(DEFAULTS["WECHAT_MP_TOKEN"], query["signature"], query["timestamp"], query["nonce"])
        return body.decode()
    if channel == "aibot":
        crypto = WeChatCrypto(DEFAULTS["WECOM_BOT_TOKEN"], DEFAULTS["WECOM_BOT_AES_KEY"], "")
        given: Any = {"Encrypt": json.loads(body)["encrypt"]}
    else:
        corp_id = DEFAULTS["WECOM_CORP_ID"]
        crypto = WeChatCrypto(DEFAULTS["WECOM_APP_TOKEN"], DEFAULTS["WECOM_APP_AES_KEY"], corp_id)
        given = body
    opened = crypto.decrypt_message(given, query["msg_signature"], query["timestamp"], query["nonce"])
    return opened if isinstance(opened, str) else opened.decode()


def fake_bot_app(bot: FakeBot) -> Flask:
    app = Flask("fake_bot")

    @app.post("/callback/<channel>")
    def callback(channel: str) -> Response:
        query, body = request.args.to_dict(), request.get_data()
        with bot.lock:
            bot.callbacks.append(Callback(channel, query, body, open_callback(channel, query, body)))
        return bot.answer()

    @app.get("/callback/aibot")
    def verify() -> str:
        time.sleep(bot.verification_takes)
        crypto = WeChatCrypto(DEFAULTS["WECOM_BOT_TOKEN"], DEFAULTS["WECOM_BOT_AES_KEY"], "")
        args = request.args
        plain: Any = crypto.check_signature(
            args["msg_signature"], args["timestamp"], args["nonce"], args["echostr"]
        )
        return plain if isinstance(plain, str) else str(plain.decode())

    @app.get("/callback/app")
    def quoted_verify() -> str:
        return '"wrong"'

    @app.get("/sandbox/roster")
    def roster() -> Response:
        return jsonify(bot.roster)

    @app.post("/sandbox/clock")
    def clock() -> Response:
        bot.clock.append(request.get_json(force=True))
        bot.during_clock()
        return jsonify({"now": "2026-11-23T18:00:00+08:00"})

    @app.get("/sandbox/upcoming")
    def upcoming() -> Response:
        steps = [{"at": "2026-11-23T18:00:00+08:00", "what": "日报"}]
        return jsonify({"now": "2026-11-23T17:00:00+08:00", "steps": steps})

    @app.get("/sandbox/messages/<msgid>")
    def message(msgid: str) -> tuple[Response, int]:
        found = bot.records.get(msgid)
        return jsonify(found or {"error": "unknown message"}), 200 if found else 404

    @app.get("/sandbox/issues/<number>")
    def issue(number: str) -> tuple[Response, int]:
        return jsonify({"error": f"no issue {number}"}), 404

    return app


def start_fake_bot(bot: FakeBot) -> Any:
    """Serves on a free port and sets ``bot.url``; call the result's ``shutdown`` and ``server_close``."""
    server = make_server("127.0.0.1", 0, fake_bot_app(bot), threaded=True, request_handler=QuietHandler)
    bot.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    return server
