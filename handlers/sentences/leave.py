"""What is said about leave and about who is responsible: 请假, 销假, 路长."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from domain.clock import BusinessTime
from domain.house_numbers import EVERY_NUMBER
from domain.office import Office
from domain.roster import LEVELS, Duty, Person, Section
from domain.safe_text import plain
from handlers.sentences.parts import moment


def on_leave(office: Office, until: BusinessTime | None, stands_in: Person | None, waiting: int) -> str:
    end = f"到 {_last_moment(office, until)}" if until else ",直到您回复「销假」"
    if stands_in is None:
        own = f"您名下未办 {waiting} 件,请先转派。" if waiting else ""
        return f"已登记请假{end}。⚠ 名册里没有备岗在岗,新问题会转上级。{own}"
    own = f"您名下未办 {waiting} 件也可由其办理。" if waiting else "您名下没有未办问题。"
    return f"已登记请假{end},新问题由 {stands_in.title} 代办。{own}"


def _last_moment(office: Office, until: BusinessTime) -> str:
    """The end of a leave as people say it: a whole day is named by its date."""
    local = until.astimezone(office.rules.timezone)
    if (local.hour, local.minute) == (0, 0):
        return f"{local - timedelta(days=1):%m-%d}(含当天)"
    return moment(office, until)


def leave_begins_now() -> str:
    return "请假从现在算起,请写到哪天为止,例如:请假 到 11-25。以后的假请到当天再发。"


def leave_too_long(days: int) -> str:
    return f"请假最长登记{days}天,时间不能早于现在。例如:请假 到 11-25;不写时间就到您回复「销假」为止。"


def stand_in(
    office: Office, person: Person, until: BusinessTime | None, rows: Sequence[str], total: int
) -> str:
    """To the substitute: from when, how many, what he can do."""
    end = f"到 {_last_moment(office, until)}" if until else ",回来时另告"
    head = f"{person.title} 请假{end},由您代办,新问题会直接派给您。"
    if not total:
        return head
    more = [f"……共{total}件"] if total > len(rows) else []
    return "\n".join([f"{head}其名下未办 {total} 件,您都可以办理:", *rows, *more])


def back(waiting: int) -> str:
    return f"欢迎回来,已销假。您名下待办 {waiting} 件,详情请发:待办" if waiting else "欢迎回来,已销假。"


def was_not_away() -> str:
    return "您没有在请假。"


def not_for_you() -> str:
    return "请假只用于路长、督导和联络员。"


def is_back(person: Person) -> str:
    return f"{person.title} 已销假,新问题恢复派给本人。"


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
