"""The history on one screen: what a leader has to know of an issue that came to him."""

from __future__ import annotations

from datetime import timedelta

from domain.clock import BusinessTime
from domain.issues import Action, Event, State
from handlers.sentences.story import story
from tests.unit.handlers.town import moment, office

BEGAN = moment("11-23 10:00")


def history(*happened: tuple[Action, str, str]) -> list[Event]:
    """One after the other, ten minutes apart: action, who, reason."""
    return [
        Event(
            1, action, who, who, BusinessTime(BEGAN + number * timedelta(minutes=10)),
            State.REPORTED, State.REPORTED, reason,
        )
        for number, (action, who, reason) in enumerate(happened)
    ]  # fmt: skip


REPORT = (Action.REPORT, "五金店", "")
CLAIM = (Action.CLAIM, "李路", "")
LAPSED = (Action.RELEASE, "系统", "")
REMINDED = (Action.STEP, "系统", "已提醒 李路")


def test_a_short_history_is_told_whole_and_reminders_are_counted() -> None:
    assert story(office(), history(REPORT, REMINDED, CLAIM, REMINDED, REMINDED)) == [
        "11-23 10:00 上报 五金店",
        "11-23 10:20 认领 李路",
        "已提醒和上报 3 次,最近 11-23 10:40",
    ]


def test_of_a_long_one_report_last_word_and_end_are_told_and_the_rest_is_counted() -> None:
    long = history(
        REPORT, CLAIM, LAPSED, CLAIM, (Action.PROGRESS, "李路", "车主不接电话"),
        (Action.EXTEND, "李路", "到 11-23 17:00"), LAPSED, CLAIM, REMINDED, (Action.URGE, "五金店", ""),
        (Action.RETURN, "李路", "不归我管"), (Action.TRANSFER, "王二", "给 备岗"), (Action.CLAIM, "备岗", ""),
        REMINDED,
    )  # fmt: skip
    assert story(office(), long) == [
        "11-23 10:00 上报 五金店",
        "其间 认领3次、认领过期2次、延期1次",
        "11-23 10:40 进展 李路:车主不接电话",
        "11-23 11:30 催办 五金店",
        "11-23 11:40 退回 李路:不归我管",
        "11-23 11:50 转派 王二:给 备岗",
        "11-23 12:00 认领 备岗",
        "已提醒和上报 2 次,最近 11-23 12:10",
    ]


def test_however_long_it_fits_one_screen() -> None:
    endless = history(REPORT, *[CLAIM, LAPSED, REMINDED] * 200)
    assert len(story(office(), endless)) <= 9
    assert sum(len(line) for line in story(office(), endless)) < 300


def test_nothing_happened_nothing_is_told() -> None:
    assert story(office(), []) == []
