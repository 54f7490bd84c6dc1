"""Says in plain Chinese what is missing or wrong, without changing or sending anything."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.wake import Waker, connect
from config import Settings
from domain.clock import MachineTime
from store import clock, schema
from store import roster as roster_store
from store.database import Database

LOW_DISK: Final = 2 * 1024**3
STANDSTILL: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; ``ok`` False makes the doctor exit with 1."""

    ok: bool
    text: str


def examine(settings: Settings, warnings: Sequence[str]) -> list[Finding]:
    """All findings. ``warnings``: what the calendar should know by now and does not."""
    database = Database(settings.database_url)
    try:
        return [
            *_channels(settings),
            *_database(database),
            Finding(Waker(connect(settings.redis_url)).answers(), "Redis 可以连上(REDIS_URL)"),
            *_disk(settings),
            *(Finding(False, warning) for warning in warnings),
        ]
    finally:
        database.close()


def _channels(settings: Settings) -> Iterator[Finding]:
    yield Finding(settings.aibot is not None, "智能机器人已配置(WECOM_BOT_TOKEN、WECOM_BOT_AES_KEY)")
    note = "自建应用已配置" if settings.app else "自建应用未配置:提醒只能发到群里(可选)"
    yield Finding(True, note)
    yield Finding(bool(settings.bot_names), "机器人在群里的名字已填(WECOM_BOT_NAMES)")
    if settings.sandbox:
        yield Finding(True, "当前是演示环境(SANDBOX=1),不会连真实平台")


def _database(database: Database) -> Iterator[Finding]:
    answers = database.answers()
    yield Finding(answers, "数据库可以连上(DATABASE_URL)")
    if not answers:
        return
    current = schema.is_current(database)
    yield Finding(
        current, "数据库结构是最新的" if current else "数据库结构不是最新的,请运行 python -m bot migrate"
    )
    if not current:
        return
    with database.read() as connection:
        known = roster_store.current_version(connection)
        beat = clock.last_beat(connection, "tick")
    yield Finding(
        bool(known),
        f"路长名册已导入(第{known}版)"
        if known
        else "还没有路长名册,请运行 python -m bot roster import 名册.xlsx",
    )
    alive = beat is not None and MachineTime(datetime.now(UTC)) - beat[0] < STANDSTILL
    yield Finding(alive, "定时任务在运行" if alive else "定时任务没有在运行:请检查 worker 和 cron 两个进程")


def _disk(settings: Settings) -> Iterator[Finding]:
    folder = settings.media_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        writable, free = os.access(folder, os.W_OK), shutil.disk_usage(folder).free
    except OSError:
        writable, free = False, 0
    yield Finding(writable, f"图片目录可以写入({folder})")
    if writable:
        yield Finding(free > LOW_DISK, f"磁盘剩余 {free / 1024**3:.1f} GB")
