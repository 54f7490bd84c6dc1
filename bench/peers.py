"""What an acknowledgement is compared with: views that store nothing, on our server and in WeRoBot's own."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask, request
from wechatpy.enterprise import parse_message
from wechatpy.enterprise.crypto import WeChatCrypto

import config
from bot.aibot.callback import AibotCallback
from domain.clock import MachineTime


def null() -> Flask:
    """The server and Flask alone."""
    app = Flask("null")
    app.add_url_rule("/callback/aibot", view_func=lambda: "", methods=["POST"])
    return app


def opening() -> Flask:
    """Our own opening and parsing of a robot's callback, and nothing after it."""
    settings = config.load()
    assert settings.aibot is not None, "the robot must be configured"
    callback = AibotCallback(settings.aibot, settings.bot_names, settings.api_base)
    app = Flask("opening")

    def view() -> str:
        query = request.args.to_dict(flat=False)
        callback.receive(query, request.get_data(), MachineTime(datetime.now(UTC)))
        return ""

    app.add_url_rule("/callback/aibot", view_func=view, methods=["POST"])
    return app


def wechatpy_app() -> Flask:
    """wechatpy's decryption and parsing of an app's message, as its documentation shows it."""
    settings = config.load().app
    assert settings is not None, "the app must be configured"
    crypto = WeChatCrypto(settings.token, settings.aes_key, settings.corp_id)
    app = Flask("wechatpy")

    def view() -> str:
        args = request.args
        plain = crypto.decrypt_message(
            request.get_data(), args["msg_signature"], args["timestamp"], args["nonce"]
        )
        parse_message(plain)
        return ""

    app.add_url_rule("/callback/app", view_func=view, methods=["POST"])
    return app


MAKERS: dict[str, Callable[[], Flask]] = {"null": null, "opening": opening, "wechatpy": wechatpy_app}

app = MAKERS[os.environ.get("BENCH_PEER", "null")]()
"""The WSGI object; BENCH_PEER says which."""
