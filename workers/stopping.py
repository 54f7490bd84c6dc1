"""Whether this process was told to stop: jobs then finish what they have begun, give back what they have not,
and take up nothing new, so that a restart costs seconds and no lease has to run out."""

from __future__ import annotations

import threading

_told = threading.Event()


def stop() -> None:
    """The process is to end. Safe in a signal handler."""
    _told.set()


def go_on() -> None:
    """It goes on after all: for tests."""
    _told.clear()


def wait(seconds: float | None) -> None:
    """Until then, or until told; None: until told."""
    _told.wait(seconds)


def told() -> bool:
    """Whether nothing new is to be taken up."""
    return _told.is_set()
