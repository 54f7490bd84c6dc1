"""Between saying and delivering: duplicated and reordered callbacks when a fault asks for them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace

from sandbox.callbacks.courier import Courier
from sandbox.callbacks.letter import Attempt, Letter
from sandbox.callbacks.said import Via
from sandbox.world import World

Done = Callable[[list[Attempt]], None]


class Dispatcher:
    """Delivers letters under the weather of the endpoint ``callback``. Thread-safe."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._courier = Courier(world)
        self._held: dict[Via, tuple[Letter, Done]] = {}
        self._lock = threading.Lock()

    def dispatch(self, letter: Letter, done: Done) -> bool:
        """Deliver and report to ``done``. False: held back until the next letter of the same channel was
        delivered, or a while passed; ``done`` is called then."""
        fault = self._world.faults.take("callback")
        if fault:
            time.sleep(fault.delay)
            lost = 1 if fault.lose_answer else letter.lost
            letter = replace(letter, copies=letter.copies + fault.duplicate, lost=lost)
            if fault.reorder and self._hold(letter, done):
                return False
        done(self._courier.deliver(letter))
        self._release(letter.via)
        return True

    def _hold(self, letter: Letter, done: Done) -> bool:
        with self._lock:
            if letter.via in self._held:
                return False
            self._held[letter.via] = (letter, done)
        timer = threading.Timer(self._world.limits.reorder_hold, self._release, (letter.via,))
        timer.daemon = True
        timer.start()
        return True

    def _release(self, via: Via) -> None:
        with self._lock:
            held = self._held.pop(via, None)
        if held:
            letter, done = held
            done(self._courier.deliver(letter))
