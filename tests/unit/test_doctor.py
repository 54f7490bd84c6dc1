"""doctor on an empty, a half and a wrong configuration: every fault in words, with what to do about it."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete

from bot.__main__ import main
from domain.clock import MachineTime
from store import leases, spoken
from store.database import Database
from store.tables import push_keys

KEY = "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR"
NOWHERE = {"REDIS_URL": "redis://127.0.0.1:1/0", "PORT": "1"}
Doctor = Callable[[dict[str, str]], tuple[int, list[str]]]


@pytest.fixture
def doctor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Doctor:
    def run(environ: dict[str, str]) -> tuple[int, list[str]]:
        for name in [name for name in os.environ if name.startswith(("WECOM_", "PILOT", "PUBLIC", "AIBOT"))]:
            monkeypatch.delenv(name)
        for name, value in {"DATABASE_URL": f"sqlite:///{tmp_path}/a.db", **NOWHERE, **environ}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("MEDIA_DIR", str(tmp_path / "media"))
        status = main(["doctor"])
        return status, capsys.readouterr().out.splitlines()

    return run


def faults(lines: list[str]) -> list[str]:
    """Without the calendar's, which come and go with the year."""
    return [line for line in lines if line.startswith("✘") and "holidays.csv" not in line]


def test_an_empty_configuration(doctor: Doctor, tmp_path: Path) -> None:
    status, lines = doctor({})
    assert status == 1
    assert faults(lines) == [
        (
            "✘ 智能机器人没有配置,收不到群消息:请在管理后台「智能机器人→API模式→使用URL回调」取得 Token 和 "
            "EncodingAESKey,填 WECOM_BOT_TOKEN、WECOM_BOT_AES_KEY"
        ),
        "✘ 数据库结构不是最新的:请运行 python -m bot migrate",
        "✘ Redis 连不上:请启动 Redis 或核对 REDIS_URL",
        "✘ 网页进程没有在运行(端口 1):请启动 web 进程;在另一台机器上运行的话可忽略",
    ]
    assert f"✔ 图片目录可以写入({tmp_path}/media)" in lines
    assert "✔ 中文字体齐全" in lines
    assert lines[-1] == "标 ✘ 的请逐条处理,再运行一次。"


def test_a_half_configuration_names_all_that_is_missing_at_once(doctor: Doctor) -> None:
    status, lines = doctor(
        {"WECOM_BOT_TOKEN": "t", "WECOM_CORP_ID": "ww1", "WECOM_AGENT_ID": "x", "SUMMARY_AT": "25点"}
    )
    assert status == 1
    assert lines == [
        "✘ WECOM_BOT_AES_KEY 缺少(同一通道的其他变量已填)",
        "✘ WECOM_APP_SECRET 缺少(同一通道的其他变量已填)",
        "✘ WECOM_APP_TOKEN 缺少(同一通道的其他变量已填)",
        "✘ WECOM_APP_AES_KEY 缺少(同一通道的其他变量已填)",
        "✘ SUMMARY_AT 应为时刻,如 18:00,现在是「25点」",
        "请先改好以上配置(说明见 .env.example),再运行一次 python -m bot doctor。",
    ]


def test_robots_of_one_name_and_what_was_never_set_up(doctor: Doctor) -> None:
    environ = {
        "WECOM_BOT_TOKEN": "t",
        "WECOM_BOT_AES_KEY": KEY,
        "WECOM_BOT_NAMES": "路管家",
        "WECOM_PUSH_NAMES": "路管家,提醒",
    }
    doctor(environ)
    assert main(["migrate"]) == 0
    status, lines = doctor(environ)
    assert status == 1
    found = faults(lines)
    assert "✘ 智能机器人和推送机器人同名「路管家」,群里会 @ 错:请给推送机器人改名" in found
    assert "✘ 还没有路长名册:请运行 python -m bot roster import 名册.xlsx" in found
    assert "✘ 定时任务没有在运行:请启动 worker 和 cron 两个进程(见 Procfile)" in found


def test_groups_without_key_and_a_pilot_of_nobody(doctor: Doctor, tmp_path: Path) -> None:
    environ = {"WECOM_BOT_TOKEN": "t", "WECOM_BOT_AES_KEY": KEY, "PILOT_GROUPS": "wr-nobody"}
    doctor(environ)
    main(["migrate"])
    sample = str(Path(__file__).parents[2] / "data" / "roster_sample.xlsx")
    assert main(["roster", "import", sample]) == 0
    _, lines = doctor(environ)
    assert "✔ 路长名册已导入(第1版)" in lines
    assert "✔ 每个群都有推送 key" in lines
    assert "✘ PILOT_GROUPS 里有没登记的群编号:wr-nobody" in lines


CONNECT = {"AIBOT_MODE": "connect", "WECOM_BOT_ID": "aib-1", "WECOM_BOT_SECRET": "s"}


@pytest.mark.parametrize(
    ("state", "line"),
    [
        (None, "✘ 长连接进程没有在运行:请启动 connect 进程(见 Procfile)"),
        ("connected", "✔ 长连接已连上"),
        (
            "refused:invalid credential (code 40001)",
            "✘ 平台不接受长连接:请核对 WECOM_BOT_ID、WECOM_BOT_SECRET",
        ),
        ("kicked:closed", "✘ 别处有程序用同一个机器人连接,把我们顶掉了"),
        ("lost:cannot connect: gaierror", "✘ 长连接连不上 wss://openws.work.weixin.qq.com:请检查网络"),
    ],
)
def test_how_the_long_connection_does(doctor: Doctor, tmp_path: Path, state: str | None, line: str) -> None:
    doctor(CONNECT)
    main(["migrate"])
    if state is not None:
        database = Database(f"sqlite:///{tmp_path}/a.db")
        with database.write() as connection:
            now = MachineTime(datetime.now(UTC))
            lease = leases.take(connection, "aibot:aib-1", "甲", now)
            assert lease is not None
            leases.note(connection, lease, state, now)
        database.close()
    _, lines = doctor(CONNECT)
    assert [found for found in lines if found.startswith(line)], lines
    assert "✔ 智能机器人用长连接(收群消息,不需要公网域名):wss://openws.work.weixin.qq.com" in lines


def test_groups_to_which_the_robot_cannot_write_yet(doctor: Doctor, tmp_path: Path) -> None:
    doctor(CONNECT)
    main(["migrate"])
    assert main(["roster", "import", str(Path(__file__).parents[2] / "data" / "roster_sample.xlsx")]) == 0
    database = Database(f"sqlite:///{tmp_path}/a.db")
    with database.write() as connection:
        connection.execute(delete(push_keys))
        spoken.note(connection, {"wr-yiminlu"})
    database.close()
    _, lines = doctor(CONNECT)
    (line,) = [found for found in lines if "没有推送 key" in found]
    assert "也没有人对机器人说过话,不能提醒" in line
    assert line.endswith("请在群里 @机器人 说一句话")
    assert "益民路" not in line
