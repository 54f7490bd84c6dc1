"""The only reader of the environment. Everything wrong is listed at once (``ConfigError``).

Names, defaults and meanings: design contract §4.2, repeated for users in ``.env.example``. Any secret may
also come from a file named by ``NAME_FILE`` (container and systemd secrets).
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time, timedelta
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

T = TypeVar("T")
Window = tuple[time, time]
"""A daily span of local time; an end before its start means over midnight."""

VENDOR_API = "https://qyapi.weixin.qq.com"
VENDOR_SOCKET = "wss://openws.work.weixin.qq.com"
WECHAT_API = "https://api.weixin.qq.com"
TEMPLATE_WORDS = ("编号", "状态", "路段", "类别", "说明", "时间")
"""What a 订阅通知 can tell about an issue."""
_KEYWORD = re.compile(r"[a-z_]{1,20}\d{1,3}")
VENDOR_MEDIA_HOST = "ww-aibot-img-1258476243.cos.ap-guangzhou.myqcloud.com"


class ConfigError(Exception):
    """The configuration is wrong; ``problems`` names every wrong or missing value at once."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("配置有误:\n" + "\n".join(f"  · {problem}" for problem in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class AibotSettings:
    """智能机器人 by callback."""

    token: str = field(repr=False)
    aes_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ConnectSettings:
    """智能机器人 by long connection (AIBOT_MODE=connect); url: the WebSocket address to connect to."""

    bot_id: str
    url: str
    secret: str = field(repr=False)

    @property
    def lease(self) -> str:
        """The name of what only one process may hold."""
        return f"aibot:{self.bot_id}"


@dataclass(frozen=True, slots=True)
class AppSettings:
    """自建应用: 1:1 messages with buttons."""

    corp_id: str
    agent_id: int
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class TemplateSettings:
    """订阅通知: ``fields`` maps the template's keywords (``thing2``) to one of TEMPLATE_WORDS each."""

    id: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class MpSettings:
    """公众号. aes_key: empty in plain mode. template: None: nothing is sent as 订阅通知."""

    app_id: str
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_key: str = field(repr=False)
    api_base: str
    template: TemplateSettings | None


@dataclass(frozen=True, slots=True)
class RelaySettings:
    """会话内容存档, handed over by a poller of the organisation. own_ids: senders that are robots of ours."""

    secret: str = field(repr=False)
    own_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class DispatchSource:
    """A system that hands problems over. title: as people see it. webhook: where it hears how they go on,
    empty if it asks for itself."""

    name: str
    title: str
    secret: str = field(repr=False)
    webhook: str = field(repr=False)  # may hold a token


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, typed. A channel whose variables are absent is None."""

    database_url: str = field(repr=False)  # may hold a password
    redis_url: str = field(repr=False)
    port: int
    timezone: ZoneInfo
    api_base: str
    media_hosts: frozenset[str]
    bot_names: tuple[str, ...]
    aibot: AibotSettings | None
    connect: ConnectSettings | None
    app: AppSettings | None
    mp: MpSettings | None
    relay: RelaySettings | None
    dispatch: tuple[DispatchSource, ...]
    dispatch_media_hosts: frozenset[str]
    summary_at: time
    quiet_hours: Window
    work_hours: tuple[Window, ...]
    auto_close: timedelta
    inbox_limit: int
    media_dir: Path
    pilot_groups: frozenset[str]
    keep_pictures: timedelta
    keep_texts: timedelta
    push_names: tuple[str, ...]
    public_url: str
    sandbox: bool


class _Reader:
    """Reads values one by one and remembers every problem instead of stopping at the first."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.problems: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        """The value of a variable, of the file its ``_FILE`` twin names, or the default."""
        value = self.environ.get(name, "").strip()
        path = self.environ.get(f"{name}_FILE", "").strip()
        if value and path:
            self.problems.append(f"{name} 与 {name}_FILE 只能设一个")
        if path and not value:
            try:
                value = Path(path).read_text("utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                self.problems.append(f"{name}_FILE 指向的文件读不出来:{type(error).__name__}")
        return value or default

    def parsed(self, name: str, default: str, parse: Callable[[str], T], expected: str) -> T:
        """A parsed value; on a bad one the problem is kept and the default stands in."""
        value = self.text(name, default)
        try:
            return parse(value)
        except (ValueError, KeyError, OSError):
            self.problems.append(f"{name} 应为{expected},现在是「{_without_secret(value)}」")
            return parse(default)

    def group(self, *names: str) -> dict[str, str] | None:
        """Variables that belong together: all present, or all absent (None); half is a problem."""
        values = {name: self.text(name) for name in names}
        missing = [name for name, value in values.items() if not value]
        if len(missing) == len(names):
            return None
        self.problems.extend(f"{name} 缺少(同一通道的其他变量已填)" for name in missing)
        return None if missing else values


def _without_secret(value: str) -> str:
    """What may be shown of a wrong value: an address without user and password."""
    before, at_sign, host = value.rpartition("@")
    scheme, slashes, _ = before.partition("://")
    return f"{scheme}{slashes}***@{host}" if at_sign and slashes else value


def _integer(low: int, high: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        number = int(value)
        if not low <= number <= high:
            raise ValueError(value)
        return number

    return parse


def _time(value: str) -> time:
    hours, minutes = value.split(":")
    return time(int(hours), int(minutes))


def _window(value: str) -> Window:
    start, end = (_time(part.strip()) for part in value.split("-"))
    if start == end:
        raise ValueError(value)
    return start, end


def _windows_in_order(value: str) -> tuple[Window, ...]:
    spans = tuple(_window(part) for part in value.split(","))
    borders = [border for span in spans for border in span]
    if borders != sorted(borders):
        raise ValueError(value)
    return spans


def _names(value: str) -> tuple[str, ...]:
    return tuple(name.strip().lstrip("@＠") for name in value.replace("、", ",").split(",") if name.strip())


def _url(*schemes: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        parts = urlsplit(value)
        needs_host = parts.scheme.startswith(("http", "ws"))
        if parts.scheme not in schemes or (needs_host and not parts.hostname) or parts.port == 0:
            raise ValueError(value)  # parts.port raises it too, for a port that is none
        return value.rstrip("/")

    return parse


def _optional(parse: Callable[[str], str]) -> Callable[[str], str]:
    return lambda value: parse(value) if value else ""


def is_loopback(url: str) -> bool:
    """Whether a URL's host is this machine by address or the name localhost."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _check_aes_key(reader: _Reader, name: str, key: str) -> None:
    try:
        decoded = base64.b64decode(key + "=", validate=True)
    except (binascii.Error, ValueError):
        decoded = b""
    if len(key) != 43 or len(decoded) != 32:
        reader.problems.append(f"{name} 应为 43 个字母或数字(EncodingAESKey)")


def _aibot(reader: _Reader) -> AibotSettings | None:
    values = reader.group("WECOM_BOT_TOKEN", "WECOM_BOT_AES_KEY")
    if values is None:
        return None
    _check_aes_key(reader, "WECOM_BOT_AES_KEY", values["WECOM_BOT_AES_KEY"])
    return AibotSettings(values["WECOM_BOT_TOKEN"], values["WECOM_BOT_AES_KEY"])


def _mode(value: str) -> str:
    if value not in {"callback", "connect"}:
        raise ValueError(value)
    return value


def _connect(reader: _Reader) -> ConnectSettings | None:
    """None unless AIBOT_MODE says so: the variables may stay while the mode goes to and fro."""
    if reader.parsed("AIBOT_MODE", "callback", _mode, " callback 或 connect") != "connect":
        return None
    values = {name: reader.text(name) for name in ("WECOM_BOT_ID", "WECOM_BOT_SECRET")}
    reader.problems.extend(
        f"{name} 缺少(AIBOT_MODE=connect 时必填)" for name, value in values.items() if not value
    )
    url = reader.parsed("WECOM_WS_URL", _socket_of(reader), _url("ws", "wss"), " ws(s):// 开头的地址")
    return ConnectSettings(values["WECOM_BOT_ID"], url, values["WECOM_BOT_SECRET"])


def _socket_of(reader: _Reader) -> str:
    """The vendor's, or that of whatever stands in for the vendor."""
    base = reader.text("WECOM_API_BASE", VENDOR_API)
    return VENDOR_SOCKET if base == VENDOR_API else base.replace("http", "ws", 1)


def _app(reader: _Reader) -> AppSettings | None:
    names = ("WECOM_CORP_ID", "WECOM_AGENT_ID", "WECOM_APP_SECRET", "WECOM_APP_TOKEN", "WECOM_APP_AES_KEY")
    values = reader.group(*names)
    if values is None:
        return None
    _check_aes_key(reader, "WECOM_APP_AES_KEY", values["WECOM_APP_AES_KEY"])
    agent_id = reader.parsed("WECOM_AGENT_ID", "0", _integer(0, 2**31), "应用的 AgentId(数字)")
    return AppSettings(
        values["WECOM_CORP_ID"],
        agent_id,
        values["WECOM_APP_SECRET"],
        values["WECOM_APP_TOKEN"],
        values["WECOM_APP_AES_KEY"],
    )


def _mp(reader: _Reader) -> MpSettings | None:
    values = reader.group("WECHAT_MP_APP_ID", "WECHAT_MP_SECRET", "WECHAT_MP_TOKEN")
    api_base = reader.parsed(
        "WECHAT_MP_API_BASE", WECHAT_API, _url("http", "https"), " http(s):// 开头的地址"
    )
    aes_key, template = reader.text("WECHAT_MP_AES_KEY"), _template(reader)
    if aes_key:
        _check_aes_key(reader, "WECHAT_MP_AES_KEY", aes_key)
    if values is None:
        return None
    app_id, secret, token = values.values()
    return MpSettings(app_id, secret, token, aes_key, api_base, template)


def _template(reader: _Reader) -> TemplateSettings | None:
    template_id = reader.text("WECHAT_MP_TEMPLATE")
    expected = f"「关键词=内容」,用逗号隔开,内容可以是:{'、'.join(TEMPLATE_WORDS)}"
    fields = reader.parsed("WECHAT_MP_TEMPLATE_FIELDS", "", _template_fields, expected)
    if bool(template_id) != bool(fields):
        reader.problems.append("WECHAT_MP_TEMPLATE 与 WECHAT_MP_TEMPLATE_FIELDS 要么都填,要么都不填")
    return TemplateSettings(template_id, fields) if template_id and fields else None


def _template_fields(value: str) -> tuple[tuple[str, str], ...]:
    pairs = [part.split("=") for part in value.replace("，", ",").split(",") if part.strip()]
    fields = tuple((keyword.strip().removesuffix(".DATA"), word.strip()) for keyword, word in pairs)
    if any(not _KEYWORD.fullmatch(keyword) or word not in TEMPLATE_WORDS for keyword, word in fields):
        raise ValueError(value)
    return fields


SHORTEST_SECRET = 16
_SOURCE_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")


def _secret(reader: _Reader, name: str) -> str:
    """A secret of our own making, long enough that nobody guesses it."""
    value = reader.text(name)
    if value and len(value) < SHORTEST_SECRET:
        reader.problems.append(f"{name} 太短,至少 {SHORTEST_SECRET} 个字符(可用 openssl rand -hex 32 生成)")
    return value


def _relay(reader: _Reader) -> RelaySettings | None:
    secret = _secret(reader, "RELAY_SECRET")
    own_ids = frozenset(_names(reader.text("RELAY_OWN_IDS")))
    return RelaySettings(secret, own_ids) if secret else None


def _dispatch(reader: _Reader) -> tuple[DispatchSource, ...]:
    return tuple(_source(reader, name) for name in dict.fromkeys(_names(reader.text("DISPATCH_SOURCES"))))


def _source(reader: _Reader, name: str) -> DispatchSource:
    suffix = name.upper()
    if not _SOURCE_NAME.fullmatch(name):
        reader.problems.append(
            f"DISPATCH_SOURCES 中的「{name}」应为小写字母开头的字母、数字或下划线,最多 32 个"
        )
    secret = _secret(reader, f"DISPATCH_SECRET_{suffix}")
    if not secret:
        reader.problems.append(f"DISPATCH_SECRET_{suffix} 缺少(DISPATCH_SOURCES 里有 {name})")
    webhook = reader.parsed(
        f"DISPATCH_WEBHOOK_{suffix}", "", _optional(_https), " https:// 开头的地址(本机可用 http://)"
    )
    return DispatchSource(name, reader.text(f"DISPATCH_TITLE_{suffix}", name), secret, webhook)


def _https(value: str) -> str:
    """An address that others' words may travel to: encrypted, unless it is on this machine."""
    url = _url("http", "https")(value)
    if (url.startswith("http:") and not is_loopback(url)) or "@" in urlsplit(url).netloc:
        raise ValueError(value)
    return url


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read all settings. Raises ``ConfigError`` that lists every wrong or missing value."""
    reader = _Reader(os.environ if environ is None else environ)
    settings = Settings(
        database_url=reader.parsed(
            "DATABASE_URL",
            "sqlite:///var/luguanjia.db",
            _url("sqlite", "postgresql", "postgresql+psycopg", "postgres"),
            " sqlite:/// 或 postgresql:// 开头的地址",
        ),
        redis_url=reader.parsed(
            "REDIS_URL", "redis://127.0.0.1:6379/0", _url("redis", "rediss", "unix"), " redis:// 开头的地址"
        ),
        port=reader.parsed("PORT", "8000", _integer(1, 65535), "端口号"),
        timezone=reader.parsed("TIMEZONE", "Asia/Shanghai", ZoneInfo, "时区名,如 Asia/Shanghai"),
        api_base=reader.parsed("WECOM_API_BASE", VENDOR_API, _url("http", "https"), " http(s):// 开头的地址"),
        media_hosts=frozenset(_names(reader.text("WECOM_MEDIA_HOSTS", VENDOR_MEDIA_HOST))),
        bot_names=_names(reader.text("WECOM_BOT_NAMES", "路管家")),
        aibot=_aibot(reader),
        connect=_connect(reader),
        app=_app(reader),
        mp=_mp(reader),
        relay=_relay(reader),
        dispatch=_dispatch(reader),
        dispatch_media_hosts=frozenset(_names(reader.text("DISPATCH_MEDIA_HOSTS"))),
        summary_at=reader.parsed("SUMMARY_AT", "18:00", _time, "时刻,如 18:00"),
        quiet_hours=reader.parsed("QUIET_HOURS", "22:00-07:00", _window, "时段,如 22:00-07:00"),
        work_hours=reader.parsed(
            "WORK_HOURS",
            "08:00-12:00,14:00-18:00",
            _windows_in_order,
            "依次的时段,如 08:00-12:00,14:00-18:00",
        ),
        auto_close=timedelta(hours=reader.parsed("AUTO_CLOSE_HOURS", "24", _integer(1, 24 * 60), "小时数")),
        inbox_limit=reader.parsed("INBOX_LIMIT", "200000", _integer(1, 10**9), "正整数"),
        media_dir=Path(reader.text("MEDIA_DIR", "var/media")),
        pilot_groups=frozenset(_names(reader.text("PILOT_GROUPS"))),
        keep_pictures=timedelta(days=reader.parsed("KEEP_PICTURES_DAYS", "90", _integer(1, 36500), "天数")),
        keep_texts=timedelta(days=reader.parsed("KEEP_TEXTS_DAYS", "730", _integer(30, 36500), "天数")),
        push_names=_names(reader.text("WECOM_PUSH_NAMES")),
        public_url=reader.parsed("PUBLIC_URL", "", _optional(_url("http", "https")), "公网可访问的网址"),
        sandbox=reader.parsed("SANDBOX", "0", _integer(0, 1), " 0 或 1") == 1,
    )
    if settings.sandbox and not is_loopback(settings.api_base):
        reader.problems.append("SANDBOX=1 只能与本机的 WECOM_API_BASE 一起用(演示环境不得连真实平台)")
    if settings.sandbox and settings.connect and not is_loopback(settings.connect.url):
        reader.problems.append("SANDBOX=1 只能与本机的 WECOM_WS_URL 一起用(演示环境不得连真实平台)")
    if settings.sandbox and settings.mp and not is_loopback(settings.mp.api_base):
        reader.problems.append("SANDBOX=1 只能与本机的 WECHAT_MP_API_BASE 一起用(演示环境不得连真实平台)")
    if reader.problems:
        raise ConfigError(list(dict.fromkeys(reader.problems)))
    return settings
