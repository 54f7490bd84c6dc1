"""The environment: defaults, secrets from files, and everything that is wrong said at once."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

import pytest

from config import AibotSettings, ConfigError, RelaySettings, Settings, is_loopback, load

KEY = "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR"
AIBOT = {"WECOM_BOT_TOKEN": "123456", "WECOM_BOT_AES_KEY": KEY}
APP = {
    "WECOM_CORP_ID": "wx5823bf96d3bd56c7",
    "WECOM_AGENT_ID": "218",
    "WECOM_APP_SECRET": "secret",
    "WECOM_APP_TOKEN": "token",
    "WECOM_APP_AES_KEY": KEY,
}


def problems(environ: dict[str, str]) -> list[str]:
    with pytest.raises(ConfigError) as raised:
        load(environ)
    return list(raised.value.problems)


def test_an_empty_environment_gives_the_defaults() -> None:
    settings = load({})
    assert settings == Settings(
        database_url="sqlite:///var/luguanjia.db",
        redis_url="redis://127.0.0.1:6379/0",
        port=8000,
        timezone=settings.timezone,
        api_base="https://qyapi.weixin.qq.com",
        media_hosts=frozenset({"ww-aibot-img-1258476243.cos.ap-guangzhou.myqcloud.com"}),
        bot_names=("路管家",),
        aibot=None,
        connect=None,
        app=None,
        mp=None,
        relay=None,
        dispatch=(),
        dispatch_media_hosts=frozenset(),
        summary_at=time(18, 0),
        quiet_hours=(time(22, 0), time(7, 0)),
        work_hours=((time(8, 0), time(12, 0)), (time(14, 0), time(18, 0))),
        auto_close=timedelta(hours=24),
        inbox_limit=200_000,
        media_dir=Path("var/media"),
        pilot_groups=frozenset(),
        keep_pictures=timedelta(days=90),
        keep_texts=timedelta(days=730),
        push_names=(),
        public_url="",
        sandbox=False,
    )
    assert settings.timezone.key == "Asia/Shanghai"


def test_blank_values_count_as_absent() -> None:
    assert load({"PORT": "  ", "WECOM_BOT_TOKEN": "", "TIMEZONE": "\n"}) == load({})


def test_every_value_is_read() -> None:
    settings = load(
        {
            **AIBOT,
            **APP,
            "DATABASE_URL": "postgresql://u:p@db.example:5432/lgj",
            "REDIS_URL": "unix:///run/redis.sock",
            "PORT": "80",
            "TIMEZONE": "Europe/Berlin",
            "WECOM_API_BASE": "http://127.0.0.1:9000/",
            "WECOM_MEDIA_HOSTS": "a.example, b.example",
            "WECOM_BOT_NAMES": "@路管家,小路、＠路路",
            "SUMMARY_AT": "17:30",
            "QUIET_HOURS": "23:00-06:30",
            "WORK_HOURS": "09:00-17:00",
            "AUTO_CLOSE_HOURS": "48",
            "INBOX_LIMIT": "10",
            "MEDIA_DIR": "/data/media",
            "SANDBOX": "1",
        }
    )
    assert settings.database_url == "postgresql://u:p@db.example:5432/lgj"
    assert settings.redis_url == "unix:///run/redis.sock"
    assert settings.port == 80
    assert settings.timezone.key == "Europe/Berlin"
    assert settings.api_base == "http://127.0.0.1:9000"
    assert settings.media_hosts == {"a.example", "b.example"}
    assert settings.bot_names == ("路管家", "小路", "路路")
    assert settings.aibot == AibotSettings("123456", KEY)
    assert settings.app is not None
    assert settings.app.agent_id == 218
    assert settings.summary_at == time(17, 30)
    assert settings.quiet_hours == (time(23), time(6, 30))
    assert settings.work_hours == ((time(9), time(17)),)
    assert settings.auto_close == timedelta(hours=48)
    assert settings.inbox_limit == 10
    assert settings.media_dir == Path("/data/media")
    assert settings.sandbox


def test_everything_wrong_is_listed_at_once() -> None:
    wrong = {
        "DATABASE_URL": "mysql://db",
        "REDIS_URL": "http://redis",
        "PORT": "0",
        "TIMEZONE": "Mars/Base",
        "WECOM_API_BASE": "qyapi.weixin.qq.com",
        "SUMMARY_AT": "25:00",
        "QUIET_HOURS": "22:00",
        "WORK_HOURS": "14:00-18:00,08:00-12:00",
        "AUTO_CLOSE_HOURS": "0",
        "INBOX_LIMIT": "many",
        "SANDBOX": "yes",
        "WECOM_BOT_TOKEN": "123456",
        "WECOM_CORP_ID": "corp",
    }
    found = problems(wrong)
    for name in wrong:
        if name not in {"WECOM_BOT_TOKEN", "WECOM_CORP_ID"}:
            assert sum(problem.startswith(f"{name} ") for problem in found) == 1, name
    missing = {problem.split()[0] for problem in found if "缺少" in problem}
    assert missing == {
        "WECOM_BOT_AES_KEY",
        "WECOM_AGENT_ID",
        "WECOM_APP_SECRET",
        "WECOM_APP_TOKEN",
        "WECOM_APP_AES_KEY",
    }
    assert len(found) == 11 + 5


def test_the_error_says_every_problem_on_a_line_of_its_own() -> None:
    with pytest.raises(ConfigError, match="配置有误") as raised:
        load({"PORT": "x", "SANDBOX": "x"})
    assert len(str(raised.value).splitlines()) == 3


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "8000.0"),
        ("TIMEZONE", "Asia"),
        ("TIMEZONE", "../etc/passwd"),
        ("SUMMARY_AT", "18"),
        ("SUMMARY_AT", "18:60"),
        ("SUMMARY_AT", "18:00:00"),
        ("QUIET_HOURS", "22:00-22:00"),
        ("QUIET_HOURS", "22:00-07:00-08:00"),
        ("WORK_HOURS", "08:00-12:00,11:00-18:00"),
        ("WORK_HOURS", "20:00-02:00"),
        ("WORK_HOURS", "08:00-12:00,"),
        ("AUTO_CLOSE_HOURS", "1.5"),
        ("INBOX_LIMIT", "0"),
        ("SANDBOX", "2"),
        ("SANDBOX", "true"),
        ("DATABASE_URL", "luguanjia.db"),
        ("DATABASE_URL", "postgresql://u@h:port/d"),
        ("DATABASE_URL", "postgresql://u@h:99999/d"),
        ("REDIS_URL", "127.0.0.1:6379"),
        ("WECOM_API_BASE", "ftp://example.com"),
        ("WECOM_API_BASE", "https://"),
        ("WECOM_API_BASE", "http://[::1"),
    ],
)
def test_a_wrong_value_is_named(name: str, value: str) -> None:
    (problem,) = problems({name: value})
    assert problem.startswith(f"{name} 应为")
    assert value in problem or "***@" in problem


def test_a_wrong_address_does_not_show_its_password() -> None:
    (problem,) = problems({"DATABASE_URL": "mysql://admin:hunter2@db.example/lgj"})
    assert "hunter2" not in problem
    assert "mysql://***@db.example/lgj" in problem


@pytest.mark.parametrize("left_out", AIBOT)
def test_half_a_robot_is_a_problem(left_out: str) -> None:
    (problem,) = problems({name: value for name, value in AIBOT.items() if name != left_out})
    assert problem.startswith(f"{left_out} 缺少")


@pytest.mark.parametrize("left_out", APP)
def test_half_an_app_is_a_problem(left_out: str) -> None:
    (problem,) = problems({name: value for name, value in APP.items() if name != left_out})
    assert problem.startswith(f"{left_out} 缺少")


def test_one_channel_may_be_off() -> None:
    only_app, only_aibot = load(APP), load(AIBOT)
    assert (only_app.aibot, only_aibot.app) == (None, None)
    assert only_app.app is not None
    assert only_aibot.aibot is not None


@pytest.mark.parametrize("key", [KEY[:-1], KEY + "A", KEY[:-1] + "!", "", "路" * 43])
def test_an_aes_key_has_43_letters_and_digits(key: str) -> None:
    (problem,) = problems({**AIBOT, "WECOM_BOT_AES_KEY": key})
    assert problem.startswith("WECOM_BOT_AES_KEY ")
    assert key not in problem or not key


@pytest.mark.parametrize("agent", ["x", "-1", "1000002a"])
def test_an_agent_id_is_a_number(agent: str) -> None:
    (problem,) = problems({**APP, "WECOM_AGENT_ID": agent})
    assert problem.startswith("WECOM_AGENT_ID 应为")


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n", "utf-8")
    settings = load({"WECOM_BOT_TOKEN": "123456", "WECOM_BOT_AES_KEY_FILE": str(file)})
    assert settings.aibot == AibotSettings("123456", KEY)


def test_any_value_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "url"
    file.write_text("postgresql://u:p@h/d", "utf-8")
    assert load({"DATABASE_URL_FILE": str(file)}).database_url == "postgresql://u:p@h/d"


def test_a_file_that_is_not_there_is_a_problem_said_once(tmp_path: Path) -> None:
    found = problems({**APP, "WECOM_AGENT_ID": "", "WECOM_AGENT_ID_FILE": str(tmp_path / "none")})
    assert [problem for problem in found if "WECOM_AGENT_ID_FILE" in problem] == [
        "WECOM_AGENT_ID_FILE 指向的文件读不出来:FileNotFoundError"
    ]


def test_a_file_that_is_no_text_is_a_problem(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_bytes(b"\xff\xfe\x00")
    assert "WECOM_BOT_TOKEN_FILE 指向的文件读不出来:UnicodeDecodeError" in problems(
        {"WECOM_BOT_TOKEN_FILE": str(file), "WECOM_BOT_AES_KEY": KEY}
    )


def test_a_value_and_its_file_exclude_each_other(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("other", "utf-8")
    found = problems({**AIBOT, "WECOM_BOT_TOKEN_FILE": str(file)})
    assert found == ["WECOM_BOT_TOKEN 与 WECOM_BOT_TOKEN_FILE 只能设一个"]


@pytest.mark.parametrize(
    "base", ["http://127.0.0.1:9000", "http://localhost", "http://[::1]:80", "http://127.9.9.9"]
)
def test_the_sandbox_may_run_against_this_machine(base: str) -> None:
    assert load({"SANDBOX": "1", "WECOM_API_BASE": base}).sandbox


@pytest.mark.parametrize(
    "base",
    [
        "",
        "https://qyapi.weixin.qq.com",
        "http://192.168.1.2",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://0.0.0.0",
        "http://user@example.com",
    ],
)
def test_the_sandbox_is_refused_against_any_other(base: str) -> None:
    assert any("SANDBOX=1" in problem for problem in problems({"SANDBOX": "1", "WECOM_API_BASE": base}))


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1", True),
        ("http://[::1]", True),
        ("http://LOCALHOST:1", True),
        ("http://example.com", False),
        ("http://127.0.0.1@example.com", False),
        ("nothing", False),
    ],
)
def test_it_knows_this_machines_addresses(url: str, local: bool) -> None:
    assert is_loopback(url) is local


def test_systems_that_hand_problems_over_have_secrets_of_their_own(tmp_path: Path) -> None:
    file = tmp_path / "patrol"
    file.write_text("secret-of-the-patrol\n", "utf-8")
    settings = load(
        {
            "RELAY_SECRET": "secret-of-the-archive",
            "RELAY_OWN_IDS": "assistant,other",
            "DISPATCH_SOURCES": "camera,patrol",
            "DISPATCH_SECRET_CAMERA": "secret-of-the-camera",
            "DISPATCH_TITLE_CAMERA": "视频监控中心",
            "DISPATCH_WEBHOOK_CAMERA": "https://centre.example/progress?token=hunter22",
            "DISPATCH_SECRET_PATROL_FILE": str(file),
            "DISPATCH_MEDIA_HOSTS": "pictures.example",
        }
    )
    assert settings.relay == RelaySettings("secret-of-the-archive", frozenset({"assistant", "other"}))
    camera, patrol = settings.dispatch
    assert (camera.title, camera.webhook[-8:]) == ("视频监控中心", "hunter22")
    assert (patrol.title, patrol.secret, patrol.webhook) == ("patrol", "secret-of-the-patrol", "")
    assert settings.dispatch_media_hosts == {"pictures.example"}
    assert not [word for word in ("secret-of", "hunter22") if word in repr(settings)]


def test_what_is_wrong_with_them_is_said() -> None:
    assert problems(
        {
            "RELAY_SECRET": "short",
            "DISPATCH_SOURCES": "camera,Patrol-1",
            "DISPATCH_WEBHOOK_CAMERA": "http://centre.example/progress",
            "DISPATCH_SECRET_PATROL-1": "secret-of-the-patrol",
        }
    ) == [
        "RELAY_SECRET 太短,至少 16 个字符(可用 openssl rand -hex 32 生成)",
        "DISPATCH_SECRET_CAMERA 缺少(DISPATCH_SOURCES 里有 camera)",
        "DISPATCH_WEBHOOK_CAMERA 应为 https:// 开头的地址(本机可用 http://),现在是「http://centre.example/progress」",
        "DISPATCH_SOURCES 中的「Patrol-1」应为小写字母开头的字母、数字或下划线,最多 32 个",
    ]


CONNECT = {"AIBOT_MODE": "connect", "WECOM_BOT_ID": "aib-1", "WECOM_BOT_SECRET": "s3cret"}


def test_the_long_connection_is_on_only_where_the_mode_says_so() -> None:
    assert load({**CONNECT, "AIBOT_MODE": "callback"}).connect is None
    found = load(CONNECT).connect
    assert found is not None
    assert (found.bot_id, found.secret, found.url) == ("aib-1", "s3cret", "wss://openws.work.weixin.qq.com")
    assert "s3cret" not in repr(found)


@pytest.mark.parametrize(
    ("base", "url"),
    [
        ("http://127.0.0.1:9000", "ws://127.0.0.1:9000"),
        ("https://wecom.example.com/", "wss://wecom.example.com/"),
    ],
)
def test_whatever_stands_in_for_the_platform_does_so_for_its_socket(base: str, url: str) -> None:
    found = load({**CONNECT, "WECOM_API_BASE": base}).connect
    assert found is not None
    assert found.url == url.rstrip("/")


def test_half_a_long_connection_is_a_problem() -> None:
    assert problems({"AIBOT_MODE": "connect"}) == [
        "WECOM_BOT_ID 缺少(AIBOT_MODE=connect 时必填)",
        "WECOM_BOT_SECRET 缺少(AIBOT_MODE=connect 时必填)",
    ]
    assert problems({"AIBOT_MODE": "websocket"}) == [
        "AIBOT_MODE 应为 callback 或 connect,现在是「websocket」"
    ]
    wrong = {**CONNECT, "WECOM_WS_URL": "https://example.com"}
    assert problems(wrong) == ["WECOM_WS_URL 应为 ws(s):// 开头的地址,现在是「https://example.com」"]


def test_the_sandbox_connects_to_this_machine_only() -> None:
    here = {**CONNECT, "SANDBOX": "1", "WECOM_API_BASE": "http://127.0.0.1:9000"}
    assert load(here).sandbox
    assert problems({**here, "WECOM_WS_URL": "wss://openws.work.weixin.qq.com"}) == [
        "SANDBOX=1 只能与本机的 WECOM_WS_URL 一起用(演示环境不得连真实平台)"
    ]
