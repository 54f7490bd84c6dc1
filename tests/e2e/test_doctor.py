"""doctor on a system that runs as it should, live against the platform, and when the platform refuses."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.fleet import Fleet
from tests.fleet.fleet import ROOT

pytestmark = [
    pytest.mark.timeout(120),
    pytest.mark.parametrize("databases", ["sqlite"], indirect=True),  # it has no part in this
]


def doctor(fleet: Fleet, *options: str, said: str = "") -> tuple[int, list[str]]:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "doctor", *options],
        env=fleet.environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        input=said,
    )
    return done.returncode, done.stdout.splitlines()


def faults(lines: list[str]) -> list[str]:
    """Without the calendar's, which come and go with the year."""
    return [line for line in lines if line.startswith("✘") and "holidays.csv" not in line]


def test_all_is_well_and_live_it_asks_before_it_sends(own_fleet: Fleet) -> None:
    fleet = own_fleet
    _, lines = doctor(fleet)
    assert faults(lines) == []
    assert f"✔ 网页进程在运行(端口 {fleet.ports['web']})" in lines
    _, lines = doctor(fleet, "--live", said="n\n")
    assert faults(lines) == []
    assert "✔ 自建应用的凭证有效" in lines
    assert f"✔ 回调地址可用 {fleet.web_url}/callback/aibot" in lines
    assert f"✔ 回调地址可用 {fleet.web_url}/callback/app" in lines
    assert any(line.startswith("将各发一条「【连通测试】") for line in lines)
    assert any("没有试发(未确认)" in line for line in lines)


def test_live_it_says_what_the_platform_refuses(own_fleet: Fleet) -> None:
    fleet = own_fleet
    fleet.town.faults("webhook", errcode=93000, count=1)
    fleet.town.faults("message_send", errcode=60020, count=1)
    status, lines = doctor(fleet, "--live", "--yes")
    assert status == 1
    refused = faults(lines)
    assert len(refused) == 2, refused
    assert "推送 key 无效,或推送机器人已被移出群:请重新添加并更新 key" in refused[0]
    assert "本机出口 IP 未列入应用的企业可信 IP" in refused[1]
    assert sum(line.endswith(":已送达") for line in lines) > 5
