"""House numbers as the roster writes them: ``1-75``, ``单号``, ``1-75、单号``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

HIGHEST = 99_999
_ITEM = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?", re.ASCII)


class Parity(IntEnum):
    """Which side of the street; the value is the remainder by two."""

    EVEN = 0
    ODD = 1


_PARITIES = {"单号": Parity.ODD, "单": Parity.ODD, "双号": Parity.EVEN, "双": Parity.EVEN}
_NAMES = {Parity.ODD: "单号", Parity.EVEN: "双号"}


@dataclass(frozen=True, slots=True)
class HouseNumbers:
    """A set of house numbers: those within any of ``ranges`` (none: all) and of the ``parity`` (None: both).

    So ``1-75、单号`` is the odd side from 1 to 75, and the empty value covers every number.
    """

    ranges: tuple[tuple[int, int], ...] = ()
    parity: Parity | None = None

    @classmethod
    def parse(cls, text: str) -> HouseNumbers:
        """From items separated by 、 , ; or spaces; 号, ~, 至 and full-width digits are understood.

        Raises ValueError, with a Chinese sentence, where an item is none of these, runs backwards, or
        nothing would be left.
        """
        ranges: list[tuple[int, int]] = []
        parities: set[Parity] = set()
        for item in _items(text):
            if item in _PARITIES:
                parities.add(_PARITIES[item])
                continue
            match = _ITEM.fullmatch(item)
            if match is None:
                raise ValueError(f"「{item}」不是门牌")
            low, high = int(match[1]), int(match[2] or match[1])
            if not 1 <= low <= high:
                raise ValueError(f"「{item}」应由小到大,从 1 起")
            ranges.append((low, high))
        parity = parities.pop() if len(parities) == 1 else None
        numbers = cls(tuple(dict.fromkeys(ranges)), parity)
        if not numbers._spans():
            raise ValueError(f"「{text}」里没有任何门牌")
        return numbers

    def covers(self, number: int) -> bool:
        """Whether this house number belongs to the set."""
        if self.parity is not None and number % 2 != self.parity:
            return False
        return not self.ranges or any(low <= number <= high for low, high in self.ranges)

    def overlaps(self, other: HouseNumbers) -> bool:
        """Whether any house number belongs to both."""
        if self.parity is not None and other.parity is not None and self.parity != other.parity:
            return False
        parity = self.parity if self.parity is not None else other.parity
        common = tuple(
            (max(low, start), min(high, end))
            for low, high in self.ranges or ((1, HIGHEST),)
            for start, end in other.ranges or ((1, HIGHEST),)
            if max(low, start) <= min(high, end)
        )
        return bool(common) and bool(HouseNumbers(common, parity)._spans())

    def within(self, other: HouseNumbers) -> bool:
        """Whether every house number of this set also belongs to ``other``."""
        if not other.ranges and other.parity is None:
            return True
        if not self.ranges:
            return not other.ranges and self.parity == other.parity
        if other.parity is not None and self.parity != other.parity:
            return all(low == high and other.covers(low) for low, high in self.ranges)
        spans = HouseNumbers(other.ranges, self.parity)._spans()
        return all(any(start <= low and high <= end for start, end in spans) for low, high in self._spans())

    def _spans(self) -> list[tuple[int, int]]:
        """The ranges sorted, trimmed to numbers of the parity, touching ones joined."""
        step = 1 if self.parity is None else 2
        spans: list[tuple[int, int]] = []
        for low, high in sorted(self.ranges or ((1, HIGHEST),)):
            start = low + (self.parity is not None and low % 2 != self.parity)
            end = high - (self.parity is not None and high % 2 != self.parity)
            if start > end:
                continue
            if spans and start <= spans[-1][1] + step:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
            else:
                spans.append((start, end))
        return spans

    def __str__(self) -> str:
        """The canonical text, which ``parse`` reads back; empty for all numbers."""
        parts = [str(low) if low == high else f"{low}-{high}" for low, high in self.ranges]
        return "、".join(parts + ([_NAMES[self.parity]] if self.parity is not None else []))


EVERY_NUMBER = HouseNumbers()


def _items(text: str) -> list[str]:
    """Items of a cell, each a parity word or digits with at most one ``-``."""
    narrow = text.translate(_NARROW)
    narrow = re.sub(r"(?<=\d)\s*(?:-+|至|到)\s*(?=\d)|(?<=号)\s*(?:-+|至|到)\s*(?=\d)", "-", narrow)
    narrow = re.sub(r"(?<=\d)\s*号", "", narrow)
    narrow = re.sub(r"(?<=\d)(?=[单双])", " ", narrow)
    return [item for item in re.split(r"[、,;，；\s]+", narrow) if item]


_NARROW = str.maketrans("０１２３４５６７８９～~—–－﹣―", "0123456789-------")
