"""Where the sandbox gets its town from: the bot's roster, or one that a test pushed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import requests

from sandbox.local_http import local_session
from sandbox.roster import Group, Roster, parse_roster


class RosterSource:
    """The current roster. Fetched from the bot unless one was pushed. Thread-safe."""

    def __init__(self, url: str, patience: float = 2.0) -> None:
        self._url = url
        self._patience = patience
        self._pushed = False
        self._tried = 0.0
        self._lock = threading.Lock()
        self.current = Roster()

    def push(self, raw: Any) -> Roster:
        """Use this roster from now on; raises ValueError if it is malformed."""
        self.current = parse_roster(raw)
        self._pushed = True
        return self.current

    def refresh(self) -> str:
        """Fetch from the bot, also over a pushed one. Returns "" or why it could not be had."""
        try:
            answer = local_session().get(self._url, timeout=self._patience)
            answer.raise_for_status()
            self.current = parse_roster(answer.json())
        except (requests.RequestException, ValueError) as error:
            return f"{type(error).__name__}: {error}"
        self._pushed = False
        return ""

    def known(self) -> Roster:
        """The roster; tries once in two seconds to fetch it while there is none."""
        if not self.current.people:
            self._try()
        return self.current

    def group_of_key(self, key: str) -> Group | None:
        """The group of a webhook key; a key we do not know may be newer than our copy."""
        group = self.current.group_of_key(key)
        if group is None and not self._pushed:
            self._try()
            group = self.current.group_of_key(key)
        return group

    def follow(self, then: Callable[[], None]) -> threading.Thread:
        """Try in the background until the bot is up, then do ``then`` and stop."""
        thread = threading.Thread(target=self._follow, args=(then,), name="roster", daemon=True)
        thread.start()
        return thread

    def _follow(self, then: Callable[[], None]) -> None:
        while not self._pushed and (self.refresh() or not self.current.people):
            time.sleep(1)
        then()

    def _try(self) -> None:
        with self._lock:
            if self._pushed or time.monotonic() - self._tried < self._patience:
                return
            self._tried = time.monotonic()
        self.refresh()
