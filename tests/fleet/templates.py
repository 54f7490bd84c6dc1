"""Databases by the dozen: made once by the real commands, then copied."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.fleet.fleet import ROOT, procfile, settings_for
from tests.fleet.postgres import Server

NO_PORTS = {"web": 1, "sandbox": 1, "redis": 1}
SAMPLE = ROOT / "data" / "roster_sample.xlsx"


class Databases:
    """Fresh databases of one kind. ``server``: for PostgreSQL; None for SQLite files in ``folder``."""

    def __init__(self, folder: Path, server: Server | None = None) -> None:
        self._folder = folder
        self._server = server
        self._templates: dict[str, str] = {}
        self._made = 0

    def empty(self) -> str:
        """Nothing in it, no tables."""
        return self._new(None)

    def migrated(self) -> str:
        """With the newest schema."""
        return self._new(self._template("migrated", self._migrate))

    def with_roster(self) -> str:
        """With the sample roster in force."""
        return self._new(self._template("roster", self._import))

    def drop(self, url: str) -> None:
        if self._server:
            self._server.drop(url)

    def drop_all(self) -> None:
        for url in self._templates.values():
            self.drop(url)
        self._templates.clear()

    def _template(self, name: str, fill: Callable[[str], None]) -> str:
        if name not in self._templates:
            url = self.empty()
            fill(url)
            self._templates[name] = url
        return self._templates[name]

    def _migrate(self, url: str) -> None:
        self._run(url, *procfile()["release"])

    def _import(self, url: str) -> None:
        self._migrate(url)
        self._run(url, "python", "-m", "bot", "roster", "import", str(SAMPLE))

    def _run(self, url: str, *command: str) -> None:
        environment = settings_for(url, self._folder, NO_PORTS)
        done = subprocess.run(
            [sys.executable, *command[1:]],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{' '.join(command)}: {done.stdout}{done.stderr}"

    def _new(self, template: str | None) -> str:
        if self._server:
            return self._server.create(template)
        self._made += 1
        file = self._folder / f"{self._made}.db"
        if template:
            shutil.copyfile(template.removeprefix("sqlite:///"), file)
        return f"sqlite:///{file}"
