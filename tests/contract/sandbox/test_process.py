"""``python -m sandbox`` as a process: it starts, ends on a signal, and says what is wrong."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping

import pytest
import requests

from sandbox.settings import DEFAULTS, SettingsError, read_settings


def start(**env: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "sandbox"],
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_and_ends_on_a_signal(name: signal.Signals) -> None:
    process = start(SANDBOX_PORT="0", BOT_URL="http://127.0.0.1:9")
    assert process.stdout is not None
    url = process.stdout.readline().split()[1]
    live = requests.get(url + "/sandbox-api/stream", stream=True, timeout=5)
    assert requests.get(url + "/sandbox-api/state", timeout=5).json()["base_url"] == url
    asked = time.monotonic()
    process.send_signal(name)
    out, err = process.communicate(timeout=10)
    live.close()
    assert (process.returncode, out, err) == (0, "", "")
    assert time.monotonic() - asked < 3


def test_a_taken_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        process = start(SANDBOX_PORT=port)
        _, err = process.communicate(timeout=10)
    assert process.returncode == 1
    assert f"port {port}" in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("env", "complaint"),
    [
        ({"SANDBOX_PORT": "nine"}, "SANDBOX_PORT"),
        ({"WECOM_AGENT_ID": "-1"}, "WECOM_AGENT_ID"),
        ({"WECOM_BOT_AES_KEY": "short"}, "WECOM_BOT_AES_KEY"),
    ],
)
def test_a_wrong_setting_is_named(env: Mapping[str, str], complaint: str) -> None:
    with pytest.raises(SettingsError, match=complaint):
        read_settings(env)


def test_every_setting_has_a_default_and_may_come_from_a_file(tmp_path: os.PathLike[str]) -> None:
    secret = f"{os.fspath(tmp_path)}/secret"
    with open(secret, "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write("from-file\n")
    assert read_settings({}).app_secret == DEFAULTS["WECOM_APP_SECRET"]
    assert read_settings({"WECOM_APP_SECRET_FILE": secret}).app_secret == "from-file"
    assert read_settings({"WECOM_BOT_NAMES": "路管家, 路 管家"}).bot_names == ("路管家", "路 管家")
