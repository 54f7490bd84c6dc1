"""What is said about leave and about who is responsible: 请假, 销假, 路长."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from domain.clock import BusinessTime
from domain.house_numbers import EVERY_NUMBER
from domain.office import Office
from domain.ports import Leave
from domain.roster import LEVELS, Duty, Person, Section
from domain.safe_text import plain
from handlers.sentences.parts import moment


def on_leave(office: Office, leave: Leave, stands_in: Person | None, waiting: int | None) -> str:
    """``waiting`` None: the leave has not begun."""
    when = _span(office, leave, begins_later=waiting is None)
    if stands_in is None:
        own = f"您名下未办 {waiting} 件,请先转派。" if waiting else ""
        return f"已登记请假{when}。⚠ 名册里没有备岗在岗,新问题会转上级。{own}"
    if waiting is None:
        return f"已登记请假{when},期间新问题由 {stands_in.title} 代办。改主意请发:销假"
    own = f"您名下未办 {waiting} 件也可由其办理。" if waiting else "您名下没有未办问题。"
    return f"已登记请假{when},新问题由 {stands_in.title} 代办。{own}"


def _span(office: Office, leave: Leave, *, begins_later: bool) -> str:
    """``到 11-25(含当天)``; with its beginning where that is still to come."""
    end = f"到 {_last_moment(office, leave.until)}" if leave.until else ",直到您回复「销假」"
    if not begins_later:
        return end
    first = _first_moment(office, leave.since)
    return f" {first} {end}" if leave.until else f" {first} 起{end}"


def _first_moment(office: Office, since: BusinessTime) -> str:
    local = since.astimezone(office.rules.timezone)
    return f"{local:%m-%d}" if (local.hour, local.minute) == (0, 0) else moment(office, since)


def _last_moment(office: Office, until: BusinessTime) -> str:
    """The end of a leave as people say it: a whole day is named by its date."""
    local = until.astimezone(office.rules.timezone)
    if (local.hour, local.minute) == (0, 0):
        return f"{local - timedelta(days=1):%m-%d}(含当天)"
    return moment(office, until)


def leave_too_long(days: int) -> str:
    return (
        f"请假最长登记{days}天,时间不能早于现在。例如:请假 到 11-25,或 请假 12月1日到12月3日;"
        "不写时间就到您回复「销假」为止。"
    )


def stand_in(office: Office, person: Person, leave: Leave, rows: Sequence[str], total: int | None) -> str:
    """To the substitute: from when, how many, what he can do. ``total`` None: it has not begun."""
    end = f"到 {_last_moment(office, leave.until)}" if leave.until else ",回来时另告"
    if total is None:
        first = _first_moment(office, leave.since)
        when = f"{first} {end}" if leave.until else f"{first} 起{end}"
        return f"{person.title} 将于 {when} 请假,由您代办,期间的新问题会直接派给您。"
    head = f"{person.title} 请假{end},由您代办,新问题会直接派给您。"
    if not total:
        return head
    more = [f"……共{total}件"] if total > len(rows) else []
    return "\n".join([f"{head}其名下未办 {total} 件,您都可以办理:", *rows, *more])


def back(office: Office, waiting: int, still: Sequence[Leave], *, was_away: bool) -> str:
    """``still``: leaves that stay registered."""
    head = "欢迎回来,已销假。" if was_away else "已取消登记的请假。"
    todo = f"您名下待办 {waiting} 件,详情请发:待办" if waiting and was_away else ""
    left = "、".join(_first_moment(office, leave.since) for leave in still)
    return head + todo + (f"{left} 起的请假仍有效,要取消请再发一次:销假" if left else "")


def was_not_away() -> str:
    return "您没有在请假。"


def not_for_you() -> str:
    return "请假只用于路长、督导和联络员。"


def is_back(person: Person) -> str:
    return f"{person.title} 已销假,新问题恢复派给本人。"


def stays_after_all(person: Person) -> str:
    return f"{person.title} 取消了登记的请假,不用代办了。"


def responsible(office: Office, section: Section, duties: Sequence[Duty]) -> str:
    """Levels 1–4 with unit and substitute; no phone numbers."""
    lines = [f"{section.name} · {section.subdistrict}"]
    lines += [_duty(office, duty) for duty in duties]
    return "\n".join(lines if duties else [*lines, "名册里还没有责任人。"])


def _duty(office: Office, duty: Duty) -> str:
    person = office.roster.person(duty.userid)
    if person is None:
        return f"{LEVELS[duty.level]} {duty.userid}"
    part = "" if duty.house_numbers == EVERY_NUMBER else f"({duty.house_numbers})"
    unit = f"({person.unit})" if person.unit else ""
    substitute = next(iter(office.roster.substitutes(person.userid)), None)
    behind = f" 备岗 {substitute.title}" if substitute else ""
    away = ",请假中" if person.userid in office.absent else ""
    return f"{LEVELS[duty.level]}{part} {person.title}{unit}{away}{behind}"


def which_road(names: Sequence[str]) -> str:
    some = f"例如:路长 {names[0]}" if names else "例如:路长 益民路"
    return f"请写名册里的路名,{some}"


def unknown_road(said: str, names: Sequence[str]) -> str:
    return f"名册里没有「{plain(said, 20)}」。{which_road(names)}"
