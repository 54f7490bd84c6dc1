"""The connect process where the robot comes by callback."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.fleet.daemon import Daemon
from tests.fleet.fleet import ROOT
from tests.fleet.net import wait_until


def test_without_the_mode_the_process_idles_and_ends_when_told(tmp_path: Path) -> None:
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": f"sqlite:///{tmp_path}/a.db",
    }
    idle = Daemon("connect", [sys.executable, "-m", "workers.connect"], environment, tmp_path / "idle.log")
    idle.start()
    wait_until(lambda: "idle: AIBOT_MODE is not connect" in idle.log.read_text(), 10, "it says that it idles")
    assert idle.alive
    idle.stop()
    assert not idle.alive
