"""What is under deploy/ fits the Procfile and the settings, and opens nothing but the callbacks."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
PROGRAMS = ("web", "worker", "cron", "connect")


def unit(name: str) -> configparser.ConfigParser:
    parsed = configparser.ConfigParser(interpolation=None, delimiters=("=",), strict=False)
    parsed.optionxform = str  # type: ignore[assignment,method-assign]
    parsed.read(DEPLOY / name, "utf-8")
    return parsed


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_unit_starts_what_the_procfile_says(name: str) -> None:
    lines = (ROOT / "Procfile").read_text("utf-8").splitlines()
    wanted = next(line for line in lines if line.startswith(f"{name}:")).partition(": ")[2]
    started = unit(f"luguanjia-{name}.service")["Service"]["ExecStart"]
    plain = started.replace("/opt/luguanjia/.venv/bin/", "").replace("${PORT}", "$PORT")
    assert plain == wanted.replace("0.0.0.0", "127.0.0.1")


@pytest.mark.parametrize("name", [*PROGRAMS, "redis", "backup"])
def test_a_unit_may_write_in_its_own_folder_only(name: str) -> None:
    service = unit(f"luguanjia-{name}.service")["Service"]
    assert service["User"] == "luguanjia"
    assert service["ProtectSystem"] == "strict"
    assert service["StateDirectory"] == "luguanjia"
    assert "ReadWritePaths" not in service
    assert service["NoNewPrivileges"] == "true"
    assert service["EnvironmentFile"] == "/etc/luguanjia.env"


@pytest.mark.parametrize("name", [*PROGRAMS, "redis"])
def test_a_unit_is_started_again_and_has_time_to_stop(name: str) -> None:
    service = unit(f"luguanjia-{name}.service")["Service"]
    assert (service["Restart"], service["KillMode"]) == ("always", "mixed")
    assert int(service["TimeoutStopSec"]) > 25, "longer than the supervisor waits for its lanes"


def test_the_proxies_open_callbacks_and_signed_routes_only() -> None:
    nginx, caddy = (DEPLOY / "nginx.conf").read_text("utf-8"), (DEPLOY / "Caddyfile").read_text("utf-8")
    assert re.findall(r"location (\S+) {\s*(\S+)", nginx) == [
        ("/callback/", "proxy_pass"),
        ("/relay/", "proxy_pass"),
        ("/", "return"),
    ]
    assert re.findall(r"handle ?(\S*) {\s*(\S+)", caddy) == [
        ("/callback/*", "reverse_proxy"),
        ("/relay/*", "reverse_proxy"),
        ("", "respond"),
    ]


def test_the_environment_file_can_be_read_by_systemd() -> None:
    """It knows no comment behind a value."""
    for line in (ROOT / ".env.example").read_text("utf-8").splitlines():
        assert not line or line.startswith("#") or re.fullmatch(r"[A-Z_]+=[^#]*", line), line


@pytest.mark.parametrize("script", ["bundle.sh", "install.sh"])
def test_a_script_can_be_read(script: str) -> None:
    shell = shutil.which("bash") or "sh"
    subprocess.run([shell, "-n", str(DEPLOY / script)], check=True)
    assert (DEPLOY / script).stat().st_mode & 0o111
