"""One real process under test: started, killed as a power cut would, started again, never left behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE_S = 10.0
DIE_WITH_US = ("setpriv", "--pdeathsig", "TERM")
"""Of util-linux: a process so started gets a signal when the tests die, even by kill -9."""


def children_of(pid: int) -> dict[int, str]:
    """Process ids and command lines of the direct children."""
    found = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            stat = (folder / "stat").read_text("utf-8", "replace")
            command = (
                (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace").strip()
            )
        except OSError:  # ended meanwhile
            continue
        if int(stat.rpartition(")")[2].split()[1]) == pid:
            found[int(folder.name)] = command
    return found


@dataclass
class Daemon:
    """A command line with its own log file. ``user``: the system user it runs as, None for our own."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    user: str | None = None
    end_by: signal.Signals = signal.SIGTERM
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start it unless it runs."""
        if self.alive:
            return
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*(DIE_WITH_US if shutil.which(DIE_WITH_US[0]) else ()), *self.command],
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=self.user,
                group=self.user,
            )

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        assert self._process is not None, f"{self.name} was never started"
        return self._process.pid

    def children(self) -> set[int]:
        """The process ids of the direct children."""
        return set(children_of(self.pid))

    def child(self, ending: str) -> int | None:
        """The process id of the direct child whose command line ends so, if there is one."""
        found = (pid for pid, command in children_of(self.pid).items() if command.endswith(ending))
        return next(found, None)

    def kill(self) -> None:
        """kill -9, as the kernel does it when memory runs out. Its children are left to themselves."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(PATIENCE_S)

    def stop(self) -> None:
        """End it in order; whatever of its session is left after a while is killed."""
        if self._process is None:
            return
        if self.alive:
            self._process.send_signal(self.end_by)
            try:
                self._process.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(PATIENCE_S)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def tail(self, lines: int = 25) -> str:
        """The end of its log."""
        text = self.log.read_text("utf-8", "replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])
