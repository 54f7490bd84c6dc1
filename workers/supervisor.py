"""Keeps child processes alive: starts them, starts them again when they die, ends them together.

A child gets a signal when its parent dies, even by kill -9, so that nothing is left behind. Linux only for
that last promise; elsewhere an orphan ends when it next finds its parent gone.
"""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

log = logging.getLogger(__name__)

STOP_WITHIN_S = 25.0
"""Longer than one call to the platform, or one picture, may take (15 s)."""
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Program:
    """One command line and what it needs beyond our own environment."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Child:
    program: Program
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    started: float = 0.0
    next_start: float = 0.0


class Supervisor:
    """Runs programs until SIGTERM or SIGINT."""

    def __init__(self, programs: Sequence[Program]) -> None:
        self._children = [_Child(program) for program in programs]
        self._stopping = False

    def run(self) -> None:
        """Blocks until told to stop and all children are gone."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        try:
            while not self._stopping:
                for child in self._children:
                    self._keep_alive(child)
                time.sleep(0.2)
        finally:
            self._end_all()

    def _stop(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        self._stopping = True

    def _keep_alive(self, child: _Child) -> None:
        now = time.monotonic()
        if child.process is not None:
            code = child.process.poll()
            if code is None:
                return
            lived = now - child.started
            child.failures = 0 if lived > 10 else child.failures + 1
            child.next_start = now + min(0.2 * 2**child.failures, 5.0)
            child.process = None
            log.warning("process ended name=%s code=%d lived=%.1fs", child.program.name, code, lived)
        if now >= child.next_start and not self._stopping:
            child.process = start(child.program)
            child.started = now

    def _end_all(self) -> None:
        """The first program, on which the others lean, is ended after all of them are gone."""
        running = [child.process for child in self._children if child.process]
        _end(running[:0:-1])
        _end(running[:1])


def _end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    until = time.monotonic() + STOP_WITHIN_S
    for process in processes:
        try:
            process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def start(program: Program) -> subprocess.Popen[bytes]:
    """Start one program. It ignores Ctrl-C on its own: the supervisor passes the end on in order."""
    environment = {**os.environ, **program.environment}
    return subprocess.Popen(  # noqa: S603 - our own command lines
        list(program.command),
        env=environment,
        start_new_session=True,
        preexec_fn=_die_with_parent,  # noqa: PLW1509 - a supervisor has one thread
    )


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
