"""免打扰: quiet hours that somebody asks for himself, beside those of the district."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from domain.working_time import WorkingTime
from handlers.sentences import own_quiet as say
from handlers.visit import Result, Visit, answer
from nlp.normalize import normalize

_CLOCK = r"(\d{1,2})(?:[:点时](\d{2})?)?"
_WINDOW = re.compile(rf"{_CLOCK}\s*[-~到至—]+\s*(?:次日|第二天)?{_CLOCK}")
_OVER = re.compile("取消|关闭|解除|恢复")


def own_quiet(visit: Visit) -> Result:
    """免打扰 20:00-08:00 · 免打扰 取消."""
    text = normalize(visit.message.text)
    if not visit.works_here:
        return answer(say.not_for_you(), "not_allowed")
    if _OVER.search(text):
        visit.desk.set_own_quiet(visit.userid, None)
        return answer(say.over(), "own_quiet_over")
    match = _WINDOW.search(text)
    if match is None:
        return answer(say.how(), "asked_time")
    try:
        window = (time(int(match[1]), int(match[2] or 0)), time(int(match[3]) % 24, int(match[4] or 0)))
    except ValueError:
        return answer(say.how(), "asked_time")
    if window[0] == window[1] or _in_working_hours(window, visit.office.rules.working_time):
        return answer(say.not_in_working_hours(), "not_possible")
    visit.desk.set_own_quiet(visit.userid, window)
    return answer(say.so_it_is(window), "own_quiet")


def _in_working_hours(window: tuple[time, time], working: WorkingTime) -> bool:
    """Whether the window touches any working hours; it may run over midnight."""
    day = datetime(2000, 1, 3, tzinfo=working.tz)
    begin, end = (datetime.combine(day.date(), each, working.tz) for each in window)
    spans = (
        [(begin, end)]
        if end > begin
        else [(begin, end + timedelta(days=1)), (begin - timedelta(days=1), end)]
    )
    hours = [
        tuple(datetime.combine(day.date(), each, working.tz) for each in span) for span in working.windows
    ]
    return any(start < until and since < finish for start, finish in spans for since, until in hours)
