"""What the sandbox is told by its environment: the same variables the bot is given, plus three of its own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DEFAULTS = {
    "SANDBOX_PORT": "9000",
    "SANDBOX_WS_PORT": "9001",
    "AIBOT_MODE": "callback",
    "BOT_URL": "http://127.0.0.1:8000",
    "WECOM_BOT_TOKEN": "sandboxBotToken",
    "WECOM_BOT_AES_KEY": "bHVndWFuamlhLXNhbmRib3gtYm90LWFlcy1rZXktMDE",
    "WECOM_BOT_ID": "sandboxBotId",
    "WECOM_BOT_SECRET": "sandboxBotSecret",
    "WECOM_BOT_NAMES": "路管家",
    "RELAY_SECRET": "sandboxRelaySecret",
    "DISPATCH_SECRET_CAMERA": "sandboxCameraSecret",
    "SANDBOX_ARCHIVE": "0",
    "WECOM_CORP_ID": "wwsandbox0000000001",
    "WECOM_AGENT_ID": "1000002",
    "WECOM_APP_SECRET": "sandboxAppSecret",
    "WECOM_APP_TOKEN": "sandboxAppToken",
    "WECOM_APP_AES_KEY": "bHVndWFuamlhLXNhbmRib3gtYXBwLWFlcy1rZXktMDE",
    "WECHAT_MP_APP_ID": "wxsandbox000000001",
    "WECHAT_MP_SECRET": "sandboxMpSecret",
    "WECHAT_MP_TOKEN": "sandboxMpToken",
    "WECHAT_MP_AES_KEY": "",
}
"""For `make run` and tests only: they are public, and the sandbox listens on loopback only."""


@dataclass(frozen=True, slots=True)
class Settings:
    """``port`` 0 means any free port. ``bot_names``: display names, the first is what people write.
    ``connect``: the robot comes by long connection, on a port of its own. ``mp_aes_key``: empty in plain
    mode. ``archive``: every word of every group is handed over by an archive's poller, too."""

    port: int
    ws_port: int
    connect: bool
    bot_id: str
    bot_secret: str
    bot_url: str
    bot_token: str
    bot_aes_key: str
    bot_names: tuple[str, ...]
    corp_id: str
    agent_id: int
    app_secret: str
    app_token: str
    app_aes_key: str
    relay_secret: str
    dispatch_secret: str
    mp_app_id: str
    mp_secret: str
    mp_token: str
    mp_aes_key: str
    archive: bool


class SettingsError(Exception):
    """A variable is unusable; the message names it and says what it must be."""


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment; every variable has a default, ``NAME_FILE`` may name a file."""
    env = os.environ if environ is None else environ
    names = tuple(name.strip() for name in _value(env, "WECOM_BOT_NAMES").split(",") if name.strip())
    return Settings(
        port=_number(env, "SANDBOX_PORT"),
        ws_port=_number(env, "SANDBOX_WS_PORT"),
        connect=_value(env, "AIBOT_MODE") == "connect",
        bot_id=_value(env, "WECOM_BOT_ID"),
        bot_secret=_value(env, "WECOM_BOT_SECRET"),
        bot_url=_value(env, "BOT_URL").rstrip("/"),
        bot_token=_value(env, "WECOM_BOT_TOKEN"),
        bot_aes_key=_aes_key(env, "WECOM_BOT_AES_KEY"),
        bot_names=names or ("路管家",),
        corp_id=_value(env, "WECOM_CORP_ID"),
        agent_id=_number(env, "WECOM_AGENT_ID"),
        app_secret=_value(env, "WECOM_APP_SECRET"),
        app_token=_value(env, "WECOM_APP_TOKEN"),
        app_aes_key=_aes_key(env, "WECOM_APP_AES_KEY"),
        relay_secret=_value(env, "RELAY_SECRET"),
        dispatch_secret=_value(env, "DISPATCH_SECRET_CAMERA"),
        mp_app_id=_value(env, "WECHAT_MP_APP_ID"),
        mp_secret=_value(env, "WECHAT_MP_SECRET"),
        mp_token=_value(env, "WECHAT_MP_TOKEN"),
        mp_aes_key=_aes_key(env, "WECHAT_MP_AES_KEY") if _value(env, "WECHAT_MP_AES_KEY") else "",
        archive=_value(env, "SANDBOX_ARCHIVE") == "1",
    )


def _value(env: Mapping[str, str], name: str) -> str:
    if env.get(name):
        return env[name].strip()
    if file := env.get(f"{name}_FILE"):
        return Path(file).read_text(encoding="utf-8").strip()
    return DEFAULTS[name]


def _number(env: Mapping[str, str], name: str) -> int:
    text = _value(env, name)
    if not text.isascii() or not text.isdigit():
        raise SettingsError(f"{name} must be a whole number, not {text!r}")
    return int(text)


def _aes_key(env: Mapping[str, str], name: str) -> str:
    key = _value(env, name)
    if len(key) != 43 or not key.isascii() or not key.isalnum():
        raise SettingsError(f"{name} must be 43 letters and digits")
    return key
