"""What the other tests lean on: fresh databases, the rule about skips, nothing left behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import inspect

from store import schema
from store.database import Database
from tests.fleet import wait_until
from tests.fleet.daemon import Daemon, children_of

SKIPPING = """
import pytest

def test_that_needs_a_part():
    pytest.skip("PostgreSQL is not installed")

@pytest.mark.xfail(strict=True)
def test_that_is_known_to_fail():
    raise AssertionError
"""


def test_a_database_is_fresh_and_has_the_newest_schema(database_url: str) -> None:
    database = Database(database_url)
    assert schema.is_current(database)
    database.close()


def test_an_empty_database_has_no_tables(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    assert inspect(database.engine).get_table_names() == []
    database.close()


@pytest.mark.parametrize(("ci", "status", "said"), [("true", 1, "1 failed"), ("", 0, "1 skipped")])
def test_a_skip_is_a_failure_in_ci_alone(tmp_path: Path, ci: str, status: int, said: str) -> None:
    (tmp_path / "test_skipping.py").write_text(SKIPPING)
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "tests.conftest",
            "-p",
            "no:cacheprovider",
            str(tmp_path),
        ],
        env={**os.environ, "CI": ci, "PYTHONPATH": str(root)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stdout
    assert said in done.stdout
    assert "1 xfailed" in done.stdout


def test_what_a_killed_process_started_does_not_outlive_the_stop(tmp_path: Path) -> None:
    command = ["sh", "-c", "sleep 60 & sleep 60"]
    daemon = Daemon("family", command, {"PATH": os.environ["PATH"]}, tmp_path / "log")
    daemon.start()
    wait_until(lambda: len(children_of(daemon.pid)) == 2, 5, "both children run")
    children = children_of(daemon.pid)
    daemon.kill()
    daemon.stop()
    wait_until(lambda: not any(_runs(pid) for pid in children), 5, "the children are gone")


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except OSError:
        return False
