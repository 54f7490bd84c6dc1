"""Deliver a payload as the platform does: wait five seconds for a 200, else up to three more times."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace

import requests
from requests.adapters import HTTPAdapter

from sandbox.callbacks.letter import Attempt, Letter
from sandbox.callbacks.seal import Sealed, seal
from sandbox.connect import delivery
from sandbox.local_http import local_session
from sandbox.world import World


class Courier:
    """Posts to the bot. Thread-safe."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._session = local_session()
        self._session.mount("http://", HTTPAdapter(pool_connections=4, pool_maxsize=64))

    def deliver(self, letter: Letter) -> list[Attempt]:
        """All attempts of all copies, in the order of the copies; each is recorded."""
        if letter.via == "aibot" and self._world.settings.connect:
            return delivery.deliver(self._world, letter)
        fixed = seal(self._world, letter.via, letter.plain, letter.tamper) if letter.same_bytes else None
        if letter.copies <= 1:
            return self._insist(letter, 1, fixed)
        with ThreadPoolExecutor(letter.copies) as pool:
            runs = pool.map(lambda copy: self._insist(letter, copy, fixed), range(1, letter.copies + 1))
            return [attempt for run in runs for attempt in run]

    def _insist(self, letter: Letter, copy: int, fixed: Sealed | None) -> list[Attempt]:
        most = letter.attempts or self._world.limits.callback_attempts
        made: list[Attempt] = []
        for number in range(1, most + 1):
            if made:
                time.sleep(self._world.limits.retry_pause)
            blank = Attempt(copy, number, None, 0, lost=number <= letter.lost)
            made.append(self._post(letter, fixed, blank))
            if made[-1].status == 200 and not made[-1].lost:
                break
        return made

    def _post(self, letter: Letter, fixed: Sealed | None, blank: Attempt) -> Attempt:
        sealed = fixed or seal(self._world, letter.via, letter.plain, letter.tamper)
        timeout = self._world.limits.callback_timeout
        started = time.monotonic()
        status, error, answer = None, "", ""
        try:
            response = self._session.post(sealed.url, params=sealed.query, data=sealed.body, timeout=timeout)
            status, answer = response.status_code, response.text
        except requests.Timeout:
            error = "timeout"
        except requests.ConnectionError as failure:
            error = "refused" if "refused" in str(failure) else "dropped"
        ms = round((time.monotonic() - started) * 1000, 1)
        attempt = replace(blank, status=status, ms=ms, error=error, answer=answer)
        self._record(letter, sealed, attempt)
        return attempt

    def _record(self, letter: Letter, sealed: Sealed, attempt: Attempt) -> None:
        seen = {
            "at": self._world.now(),
            "via": letter.via,
            "msgid": letter.msgid,
            "query": sealed.query,
            "body": sealed.body.decode(),
            "plain": letter.plain,
            **asdict(attempt),
        }
        self._world.deliveries.add(lambda number: {"n": number, **seen})
