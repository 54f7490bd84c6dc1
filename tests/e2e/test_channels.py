"""The main dialog, word for word the same, over every channel: (who, said, answered)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from tests.e2e.voices import CHANNELS, Cast
from tests.fleet import STREETS, Fleet

NUMBER = re.compile(r"#(\d+)")


@dataclass(frozen=True)
class Line:
    """who: reporter or chief. said: his words, empty where the bot speaks first. heard: fragments of the one
    answer, or of what he is told unasked since the line before."""

    who: str
    said: str
    heard: Sequence[str]
    pictures: Sequence[str] = ()


MAIN = (
    Line("reporter", "{problem}", ("#{a} 已受理:停车秩序·", "保全街", "责任人 保全街三级路长")),
    Line("chief", "", ("#{a} 新问题:停车秩序·", "前处理")),
    Line("chief", "收到 {a}", ("#{a} 已认领",)),
    Line("chief", "办结 {a}", ("#{a} 已登记办结",), ("clean",)),
    Line("reporter", "", ("#{a}", "您看好了吗")),
    Line("reporter", "满意 {a}", ("#{a} 已结案",)),
    Line("chief", "", ("#{a} 上报人已确认满意",)),
)


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_main_dialog(archive_fleet: Fleet, channel: str) -> None:
    street = STREETS["baoquanjie"]
    cast = CHANNELS[channel](archive_fleet, street)
    names = {"problem": archive_fleet.new_problem(street)}
    since = archive_fleet.town.last()
    for line in MAIN:
        since = archive_fleet.town.last() if line.said else since
        _play(cast, line, names, since)
    number = int(names["a"])
    assert archive_fleet.records.actions(number) == ["上报", "认领", "办结", "满意"]
    closed = archive_fleet.records.issue(number)
    assert (closed.state, closed.close_reason, closed.owner) == ("closed", "confirmed", street.chief)


def _play(cast: Cast, line: Line, names: dict[str, str], since: int) -> None:
    voice = cast.reporter if line.who == "reporter" else cast.chief
    if line.said:
        answers = voice.say(line.said.format(**names), line.pictures)
        assert len(answers) == 1, f"{line}: {answers}"
        if "a" not in names:
            found = NUMBER.search(answers[0])
            assert found, answers
            names["a"] = found[1]
    else:
        answers = voice.told(since)
    wanted = [words.format(**names) for words in line.heard]
    assert any(all(words in text for words in wanted) for text in answers), f"{wanted}: {answers}"
