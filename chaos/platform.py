"""Between people and bot: words are delivered by the platform's rules, and what the bot says is read."""

from __future__ import annotations

import itertools
import random
import re
import threading
import time
from queue import Empty, SimpleQueue

from chaos.district import District
from chaos.people import Street, Word
from sandbox.callbacks.letter import Letter
from sandbox.control.acting import press_it, say_it
from sandbox.press import PressError
from sandbox.transcript import Entry

THREADS = 32
AGAIN = 0.04
"""Share of words that the platform delivers two or three times at the same moment; as many come once more
much later."""
NUMBER = re.compile(r"#(\d+)")
ASKED = re.compile(r"(?<!不)满意 (\d+)")


class Crowd:
    """All streets talking, at an even pace of ``words`` in ``seconds``, catching up after a standstill."""

    def __init__(self, district: District, streets: list[Street], seed: int, words: int, seconds: float):
        self._district, self._streets = district, streets
        self._words, self._pause = words, seconds / words
        self._chance = random.Random(f"crowd:{seed}")
        self._free: SimpleQueue[Street] = SimpleQueue()
        self._late: SimpleQueue[Letter] = SimpleQueue()
        self._places = itertools.count(1)
        self._guard = threading.Lock()
        self._begun = 0
        self._start = 0.0
        self.late: list[int | None] = []
        self.stopped = threading.Event()

    def talk(self) -> None:
        """Until everything was said; returns when every delivery has ended."""
        for street in self._chance.sample(self._streets, len(self._streets)):
            self._free.put(street)
        self._start = time.monotonic()
        threads = [threading.Thread(target=self._voice, name=f"voice{n}") for n in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self._deliver_late()

    def _voice(self) -> None:
        while self._turn():
            street = self._free.get()
            try:
                word = street.next_word()
                self._say(word)
                street.heard(word)
            finally:
                self._free.put(street)

    def _turn(self) -> bool:
        """Wait for one's turn; False when all was said."""
        with self._guard:
            if self._begun >= self._words or self.stopped.is_set():
                return False
            self._begun += 1
            at, late = self._start + self._begun * self._pause, self._begun % 25 == 0
        if late:
            self._deliver_one_late()
        time.sleep(max(0.0, at - time.monotonic()))
        return True

    def _say(self, word: Word) -> None:
        with self._guard:
            word.place = next(self._places)
            copies = self._chance.choice((2, 3)) if self._chance.random() < AGAIN else 1
            again = self._chance.random() < AGAIN
        world, before = self._district.world, self._district.world.deliveries.last
        if word.kind == "press":
            try:
                result = press_it(world, self._district.dispatcher, word.fields)
            except PressError:  # the card was changed meanwhile; nothing was said
                return
        else:
            result = say_it(world, self._district.dispatcher, {**word.fields, "copies": copies})
        word.msgid = result["msgid"]
        word.statuses = [delivery["status"] for delivery in result["deliveries"]]
        word.slowest_ms = max(
            (each["ms"] for each in result["deliveries"] if each["status"] == 200), default=0.0
        )
        mine = (each for each in world.deliveries.since(before) if each["msgid"] == word.msgid)
        delivered = next(mine, None)
        if delivered:
            word.plain = delivered["plain"]
            if again and word.acked and word.kind != "press":
                self._late.put(Letter(delivered["via"], word.msgid, word.plain))

    def _deliver_one_late(self) -> None:
        try:
            letter = self._late.get_nowait()
        except Empty:
            return
        made: list[int | None] = []
        self._district.dispatcher.dispatch(letter, lambda done: made.extend(each.status for each in done))
        self.late += made

    def _deliver_late(self) -> None:
        while not self._late.empty():
            self._deliver_one_late()


class Reader:
    """Reads what the bot says, for the people to whom it is said."""

    def __init__(self, district: District, streets: list[Street]) -> None:
        self._world = district.world
        self._by_group = {street.group: street for street in streets}
        self._by_person = {
            f"app:{person}": street for street in streets for person in (street.shop, street.chief)
        }
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._read, name="reader", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _read(self) -> None:
        last = 0
        while not self._over.is_set():
            for entry in self._world.transcript.changes.wait(last, 0.5):
                last = entry.rev
                if entry.sender != "person" and entry.seq == entry.rev:
                    self._take(entry)

    def _take(self, entry: Entry) -> None:
        street = self._by_group.get(entry.chat) or self._by_person.get(entry.chat)
        numbers = [int(found) for found in NUMBER.findall(entry.text)]
        if street is None or not numbers:
            return
        if entry.quote and "已受理" in entry.text:
            house = re.search(rf"{street.name}(\d+)号", entry.quote.text)
            if house:
                street.learn_receipt(int(house[1]), numbers[0])
        elif entry.card:
            for button in entry.card.buttons:
                if button.key.startswith("认领"):
                    street.learn_card(numbers[0], entry.id, button.key)
                elif button.key.startswith("满意"):
                    street.learn_asked(numbers[0])
        if not entry.quote:
            for number in ASKED.findall(entry.text):  # a merged message names others as well
                street.learn_asked(int(number))
