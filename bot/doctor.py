"""Says in plain Chinese what is missing or wrong and what to do, without changing or sending anything."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import redis

from bot.error_codes import ADVICE
from bot.http_client import Bounds, HttpClient, TransportFault
from bot.wake import Waker, connect
from config import VENDOR_API, WECHAT_API, ConnectSettings, Settings
from domain.clock import MachineTime
from store import health, leases, schema
from store.database import Database
from store.health import Health
from store.leases import Seen

LOW_DISK: Final = 2 * 1024**3
STANDSTILL: Final = timedelta(minutes=2)
CLOCKS_APART: Final = timedelta(seconds=30)
LISTED: Final = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; ``ok`` False makes the doctor exit with 1."""

    ok: bool
    text: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What lies outside the settings: what the calendar should know and does not, files that we need."""

    calendar_warnings: Sequence[str]
    fonts: Sequence[Path]


def examine(settings: Settings, around: Surroundings) -> list[Finding]:
    """All findings."""
    database = Database(settings.database_url)
    try:
        return [
            *_channels(settings),
            *_names(settings),
            *_database(settings, database),
            *_redis(settings),
            *_web(settings),
            *_disk(settings),
            *_fonts(around.fonts),
            *_calendar(around.calendar_warnings),
        ]
    finally:
        database.close()


def _either(ok: bool, good: str, bad: str) -> Finding:
    return Finding(ok, good if ok else bad)


def _channels(settings: Settings) -> Iterator[Finding]:
    if settings.connect is not None:
        yield Finding(True, f"智能机器人用长连接(收群消息,不需要公网域名):{settings.connect.url}")
    else:
        yield _by_callback(settings)
    yield Finding(
        True,
        "自建应用已配置(1:1 提醒带按钮)" if settings.app else "自建应用没有配置:提醒只能发到群里(可选)",
    )
    if settings.relay:
        yield Finding(True, "会话内容存档已接入(POST /relay/messages):不用 @ 也受理,见 docs/存档接入.md")
    if settings.relay and not settings.app and settings.connect is None:
        yield Finding(False, "接入了存档但没有自建应用:拿不准的话无处可发,只能不出声;请配置自建应用")
    for source in settings.dispatch:
        how = "推送进展" if source.webhook else "自己查询进展"
        yield Finding(True, f"外部派单来源 {source.name}({source.title}):{how}")
    yield from _official_account(settings)
    if settings.sandbox:
        yield Finding(True, "当前是演示环境(SANDBOX=1),不会连真实平台")
    elif settings.api_base != VENDOR_API:
        yield Finding(True, f"平台地址不是企业微信的:{settings.api_base}(WECOM_API_BASE)")


def _official_account(settings: Settings) -> Iterator[Finding]:
    mp = settings.mp
    if mp is None:
        yield Finding(True, "公众号没有配置:没有企业微信的商户不能用微信上报(可选)")
        return
    mode = "安全模式" if mp.aes_key else "明文模式(建议在公众号后台改为安全模式,并填 WECHAT_MP_AES_KEY)"
    yield Finding(True, f"公众号已配置,{mode}")
    yield Finding(
        True,
        "公众号有订阅通知模板"
        if mp.template
        else "公众号没有订阅通知模板:商户48小时没说话时,要等他下次说话才告诉他进展(可选)",
    )
    if not settings.sandbox and mp.api_base != WECHAT_API:
        yield Finding(True, f"公众号的平台地址不是微信的:{mp.api_base}(WECHAT_MP_API_BASE)")


def _by_callback(settings: Settings) -> Finding:
    return _either(
        settings.aibot is not None,
        "智能机器人已配置(收群消息)",
        "智能机器人没有配置,收不到群消息:请在管理后台「智能机器人→API模式→使用URL回调」取得 Token 和 "
        "EncodingAESKey,填 WECOM_BOT_TOKEN、WECOM_BOT_AES_KEY",
    )


def _names(settings: Settings) -> Iterator[Finding]:
    yield _either(
        bool(settings.bot_names),
        f"机器人在群里的名字:{'、'.join(settings.bot_names)}",
        "没有填机器人在群里的名字,去不掉 @:请填 WECOM_BOT_NAMES",
    )
    same = sorted(set(settings.bot_names) & set(settings.push_names))
    if same:
        yield Finding(
            False,
            f"智能机器人和推送机器人同名「{'、'.join(same)}」,群里会 @ 错:请给推送机器人改名",
        )
    elif not settings.push_names:
        yield Finding(True, "没有填推送机器人的名字(WECOM_PUSH_NAMES),无法核对是否与智能机器人同名")


def _database(settings: Settings, database: Database) -> Iterator[Finding]:
    answers = database.answers()
    yield _either(answers, "数据库可以连上", "数据库连不上:请核对 DATABASE_URL,并确认数据库已启动")
    if not answers:
        return
    current = schema.is_current(database)
    yield _either(current, "数据库结构是最新的", "数据库结构不是最新的:请运行 python -m bot migrate")
    if not current:
        return
    now = MachineTime(datetime.now(UTC))
    found = health.look(database, now)
    yield from _roster(found, settings)
    yield from _flow(found, now)
    if settings.connect is not None:
        with database.read() as connection:
            lease = leases.seen(connection, settings.connect.lease)
        yield _connection(lease, settings.connect, now)


def _roster(found: Health, settings: Settings) -> Iterator[Finding]:
    yield _either(
        bool(found.version),
        f"路长名册已导入(第{found.version}版)",
        "还没有路长名册:请运行 python -m bot roster import 名册.xlsx",
    )
    if not found.version:
        return
    yield _either(
        bool(found.roster.administrators()),
        "名册里有管理员",
        "名册里没有管理员,没人能在群里绑定:请在「人员」表加一名角色为 管理员 的人",
    )
    yield from _groups(found, settings)


def _groups(found: Health, settings: Settings) -> Iterator[Finding]:
    roster = found.roster
    yield _either(
        bool(roster.groups),
        f"已登记 {len(roster.groups)} 个群",
        "还没有登记的群:请管理员在群里 绑定",
    )
    reached = found.keys | found.spoken if settings.connect else found.keys
    without = [group.name for group in roster.groups if group.chat_id not in reached]
    how = "请在群里 @机器人 说一句话" if settings.connect else "请运行 python -m bot group key 群编号"
    lacks = "没有推送 key,也没有人对机器人说过话" if settings.connect else "没有推送 key"
    yield _either(
        not without,
        "每个群都可以推送" if settings.connect else "每个群都有推送 key",
        f"{len(without)} 个群{lacks},不能提醒:{_some(without)}。{how}",
    )
    unknown = sorted(settings.pilot_groups - {group.chat_id for group in roster.groups})
    if unknown:
        yield Finding(False, f"PILOT_GROUPS 里有没登记的群编号:{_some(unknown)}")
    elif settings.pilot_groups:
        yield Finding(True, f"试点:只向 {len(settings.pilot_groups)} 个群发消息,其他群只收不发")


def _some(names: Sequence[str]) -> str:
    more = f" 等{len(names)}个" if len(names) > LISTED else ""
    return "、".join(names[:LISTED]) + more


def _flow(found: Health, now: MachineTime) -> Iterator[Finding]:
    """What the records say about the processes and the platform."""
    alive = found.last_tick is not None and now - found.last_tick < STANDSTILL
    yield _either(
        alive, "后台和定时任务在运行", "定时任务没有在运行:请启动 worker 和 cron 两个进程(见 Procfile)"
    )
    if found.last_letter is None:
        yield Finding(True, "还没有收到过平台的消息(刚装好时正常;配好回调后在群里 @机器人 试一次)")
    if found.parked:
        yield Finding(
            False, f"{found.parked} 条消息五次处理失败被搁置:用 python -m bot letters 查看,改好后重试"
        )
    for code, count in found.failures:
        advice = ADVICE.get(code, f"平台错误码 {code}") if code else "发送失败(无错误码),详见日志"
        yield Finding(False, f"一天内有 {count} 条消息没发出去:{advice}")


def _connection(lease: Seen | None, settings: ConnectSettings, now: MachineTime) -> Finding:
    """How the process that holds the robot's connection says it goes."""
    if lease is None or lease.until <= now:
        return Finding(False, "长连接进程没有在运行:请启动 connect 进程(见 Procfile)")
    state, _, detail = lease.state.partition(":")
    words = {
        "connected": "长连接已连上",
        "kicked": "别处有程序用同一个机器人连接,把我们顶掉了:请停掉另一处(一个机器人同时只能有一个连接)",
        "refused": f"平台不接受长连接:请核对 WECOM_BOT_ID、WECOM_BOT_SECRET({detail})",
    }
    lost = f"长连接连不上 {settings.url}:请检查网络、防火墙和代理 HTTPS_PROXY({detail or '正在连接'})"
    return Finding(state == "connected", words.get(state, lost))


def _redis(settings: Settings) -> Iterator[Finding]:
    client = connect(settings.redis_url)
    answers = Waker(client).answers()
    yield _either(answers, "Redis 可以连上", "Redis 连不上:请启动 Redis 或核对 REDIS_URL")
    if not answers:
        return
    try:
        seconds, _ = client.time()
    except redis.RedisError:
        return
    apart = abs(datetime.now(UTC) - datetime.fromtimestamp(seconds, UTC))
    yield _either(
        apart < CLOCKS_APART,
        "时钟与 Redis 所在机器一致",
        f"时钟与 Redis 所在机器相差 {apart.total_seconds():.0f} 秒,回调会被拒绝:请在各机器开启时间同步(NTP)",
    )


def _web(settings: Settings) -> Iterator[Finding]:
    url = f"http://127.0.0.1:{settings.port}/healthz"
    client = HttpClient(Bounds(connect=1, read=2, total=3), proxies=False)
    try:
        up = client.get(url).status == 200
    except TransportFault:
        up = False
    yield _either(
        up,
        f"网页进程在运行(端口 {settings.port})",
        f"网页进程没有在运行(端口 {settings.port}):请启动 web 进程;在另一台机器上运行的话可忽略",
    )
    if settings.connect is not None and settings.app is None:
        return
    yield Finding(
        True,
        f"回调地址:{settings.public_url}/callback/aibot(是否真能到达,用 doctor --live 测试)"
        if settings.public_url
        else "没有填 PUBLIC_URL(公网网址),无法核对平台能否访问到回调地址",
    )


def _disk(settings: Settings) -> Iterator[Finding]:
    folder = settings.media_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        writable, free = os.access(folder, os.W_OK), shutil.disk_usage(folder).free
    except OSError:
        writable, free = False, 0
    yield _either(
        writable,
        f"图片目录可以写入({folder})",
        f"图片目录不能写入({folder}):请建立目录并给运行用户写权限,或改 MEDIA_DIR",
    )
    if writable:
        left = f"磁盘剩余 {free / 1024**3:.1f} GB"
        yield _either(free > LOW_DISK, left, f"{left},太少:请清理磁盘,或运行 python -m bot prune")


def _fonts(fonts: Sequence[Path]) -> Iterator[Finding]:
    missing = [font.name for font in fonts if not font.is_file()]
    yield _either(
        not missing, "中文字体齐全", f"缺少字体 {'、'.join(missing)},图片里的汉字会变方块:请重新安装程序"
    )


def _calendar(warnings: Sequence[str]) -> Iterator[Finding]:
    yield from (Finding(False, warning) for warning in warnings)
    if not warnings:
        yield Finding(True, "节假日日历够用")
