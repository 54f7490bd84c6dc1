"""What merchants and chiefs of one street say, and what must come of it: the model.

A street says one thing at a time and goes on when the platform has an answer to it or gives up, as people do
who wait for the tick under their message. Numbers of issues are learnt from receipts, as people learn them.
"""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass, field
from typing import Any

SMALL_TALK = ("今天天气真不错啊", "中午一起吃饭吧", "晚上打球去不去")
PHONE, PLATE = "13800138000", "豫A12345"
"""Some people write them; no log may show them."""
SAMPLES = ("scooters", "garbage", "manhole", "stall", "flyers", "clean")
FIRST_HOUSE = 101


@dataclass(slots=True)
class Word:
    """One thing said. kind: what it is meant to be. house: of a report. number: of the issue it is about.
    ``acked``: the platform got a 200. ``sure``: nothing before it left in doubt what must come of it."""

    kind: str
    chat: str
    fields: dict[str, Any]
    house: int = 0
    number: int = 0
    sure: bool = True
    msgid: str = ""
    plain: str = ""
    place: int = 0
    statuses: list[int | None] = field(default_factory=list)
    slowest_ms: float = 0.0

    @property
    def acked(self) -> bool:
        return 200 in self.statuses


@dataclass(slots=True)
class Case:
    """An issue as its street knows it. ``desk``: where its chief handles it: group, app or card."""

    house: int
    number: int
    desk: str
    state: str = "reported"
    doubtful: bool = False


EFFECTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "report": ("reported", ("上报",)),
    "claim": ("claimed", ("认领",)),
    "press": ("claimed", ("认领",)),
    "resolve": ("resolved", ("办结",)),
    "confirm": ("confirmed", ("满意",)),
    "query": ("queried", ()),
    "talk": ("", ()),
}
"""Kind → outcome that must be recorded ("": any), and the entries it must make in the history."""


class Street:
    """One group with its shop and its chief. ``step`` is called by one thread at a time; ``learn_*`` by the
    reader of the platform's record."""

    def __init__(self, number: int, seed: int) -> None:
        self.number = number
        self.name = f"基准{number}街"
        self.group, self.shop, self.chief = f"wr-bench-{number}", f"shop-{number}", f"chief-{number}"
        self.said: list[Word] = []
        self._chance = random.Random(f"{seed}:{number}")
        self._house = FIRST_HOUSE
        self._cases: dict[int, Case] = {}
        self._receipts: deque[tuple[int, int]] = deque()
        self._cards: dict[int, tuple[str, str]] = {}
        self._asked: set[int] = set()

    # --- what the street hears ------------------------------------------------------------------------
    def learn_receipt(self, house: int, number: int) -> None:
        self._receipts.append((house, number))

    def learn_card(self, number: int, entry: str, key: str) -> None:
        """The chief was shown a card with a button to claim."""
        self._cards[number] = (entry, key)

    def learn_asked(self, number: int) -> None:
        """Somebody was asked whether it is solved."""
        self._asked.add(number)

    # --- what the street says -------------------------------------------------------------------------
    def next_word(self) -> Word:
        while self._receipts:
            house, number = self._receipts.popleft()
            desk = self._chance.choice(("group", "group", "app", "card"))
            self._cases.setdefault(number, Case(house, number, desk))
        chosen = self._chance.random()
        if chosen < 0.18:
            return self._report()
        if chosen < 0.40 and (word := self._handle()):
            return word
        if chosen < 0.50 and self._cases:
            return self._query()
        return self._group("talk", self.shop, self._chance.choice(SMALL_TALK))

    def heard(self, word: Word) -> None:
        """The platform is done with it. What was not acknowledged may have had its effect all the same."""
        self.said.append(word)
        case = self._cases.get(word.number)
        if case and word.kind in {"claim", "press", "resolve", "confirm"} and not word.acked:
            case.doubtful = True

    def _report(self) -> Word:
        house, self._house = self._house, self._house + 1
        text = f"{self.name}{house}号门口电动车乱停把路堵死了"
        if self._chance.random() < 0.05:
            text += f" 车牌{PLATE} 电话{PHONE}"
        word = self._group("report", self.shop, text)
        word.house = house
        if self._chance.random() < 0.04:
            word.fields["pictures"] = [self._chance.choice(SAMPLES)]
        return word

    def _handle(self) -> Word | None:
        """The next step of the oldest issue that has one."""
        for case in self._cases.values():
            if not case.doubtful and (word := self._step(case)):
                word.number = case.number
                return word
        return None

    def _step(self, case: Case) -> Word | None:
        match case.state:
            case "reported":
                return self._claim(case)
            case "claimed":
                case.state = "resolved"
                text = f"办结 {case.number} 无照片 手机没电"
                return self._by_chief("resolve", text, in_group=case.desk == "group")
            case "resolved" if case.desk == "group" or case.number in self._asked:
                case.state = "closed"
                return self._group("confirm", self.shop, f"满意 {case.number}")
        return None

    def _claim(self, case: Case) -> Word | None:
        if case.desk != "card":
            case.state = "claimed"
            return self._by_chief("claim", f"认领 {case.number}", in_group=case.desk == "group")
        card = self._cards.pop(case.number, None)
        if card is None:
            return None
        case.state = "claimed"
        return Word("press", f"app:{self.chief}", {"message": card[0], "key": card[1]})

    def _query(self) -> Word:
        number = self._chance.choice(list(self._cases))
        word = self._group("query", self._chance.choice((self.shop, self.chief)), f"查询 {number}")
        word.number = number
        return word

    def _by_chief(self, kind: str, text: str, *, in_group: bool) -> Word:
        if in_group:
            return self._group(kind, self.chief, text)
        return Word(kind, f"app:{self.chief}", {"person": self.chief, "text": text, "via": "app"})

    def _group(self, kind: str, person: str, text: str) -> Word:
        fields = {"person": person, "text": text, "chat_id": self.group, "via": "aibot", "mention": True}
        return Word(kind, self.group, fields)
