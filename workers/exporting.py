"""The register as an Excel file: for the command line, and for who asks in chat."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from domain.clock import BusinessTime, MachineTime
from domain.errors import LuguanjiaError
from domain.office import Office
from domain.orders import Order
from domain.outgoing import MAX_ATTACHED, Attachment, Outgoing, Purpose, ToWriter
from handlers import sentences, summary
from handlers.sentences import cases as say
from handlers.sentences import diary as say_diary
from handlers.sentences import figures as say_figures
from render.workbook import write_table
from store import cases, diary
from store.figures import Scope
from store.period import Period
from workers.bootstrap import Parts
from workers.gather import scope_of

FOLDER = "out"
MOST_IN_CHAT = 60_000
"""Rows that are written within the time of a job, on a busy machine too."""
FAR = datetime(2999, 1, 1, tzinfo=UTC)
KEPT = timedelta(days=3)
"""As long as an upload lives at the platform; after that nobody can still be waiting for the file."""


class UnknownPlace(LuguanjiaError):
    """No section or subdistrict of that name."""


def export(parts: Parts, office: Office, scope: Scope, path: Path) -> int:
    """Write all issues of a scope to a file; returns how many there are."""
    rows = (say.case(office, issue) for issue in cases.stream(parts.database, scope))
    return write_table(path, say.TITLE, say.COLUMNS, rows)


Days = tuple[date | None, date | None]
"""The first and the last day, both included; None: without end."""


def to_file(parts: Parts, path: Path, days: Days, place: str) -> int:
    """Write what was reported in some days. Raises ``UnknownPlace``."""
    office = parts.office()
    return export(parts, office, _named(office, days, place), path)


def log_to_file(parts: Parts, path: Path, days: Days, place: str) -> int:
    """Write the work log of some days. Raises ``UnknownPlace``."""
    office = parts.office()
    entries = diary.stream(parts.database, _named(office, days, place))
    rows = (say_diary.row(office, entry) for entry in entries)
    return write_table(path, say_diary.TITLE, say_diary.COLUMNS, rows)


def _named(office: Office, days: Days, place: str) -> Scope:
    tz = office.rules.timezone
    since = datetime.combine(days[0], time.min, tz) if days[0] else datetime(1970, 1, 1, tzinfo=UTC)
    until = datetime.combine(days[1] + timedelta(days=1), time.min, tz) if days[1] else FAR
    section, subdistrict = office.roster.section(place), office.roster.subdistrict(place)
    if place and section is None and subdistrict is None:
        raise UnknownPlace(say_figures.unknown_place(place))
    period = Period(BusinessTime(since - timedelta(microseconds=1)), BusinessTime(until))
    names = (section.name,) if section else ()
    return Scope(period, subdistrict=subdistrict.name if subdistrict else "", sections=names)


def cases_ordered(parts: Parts, office: Office, order: Order) -> list[Outgoing]:
    """The register for who asked, and a word with it; or why there is none."""
    scope, place, since, until = _asked(office, order)
    with parts.database.read() as connection:
        rows = cases.count(connection, scope)
    if rows == 0:
        return _answer(say.nothing(place, since, until))
    file = _file(parts, lambda path: export(parts, office, scope, path)) if rows <= MOST_IN_CHAT else None
    if file is None:
        return _answer(say.too_large(place, since, until, rows, MOST_IN_CHAT))
    name = say.file_name("台账", place, *_local(office, order))
    return _answer(say.exported(place, since, until, rows), Attachment("file", file, name))


def log_ordered(parts: Parts, office: Office, order: Order) -> list[Outgoing]:
    """The same of the work log."""
    scope, place, since, until = _asked(office, order)
    with parts.database.read() as connection:
        entries = diary.read(connection, scope)
    if not entries:
        return _answer(say_diary.nothing(place, since, until))
    rows = (say_diary.row(office, entry) for entry in entries)
    file = _file(parts, lambda path: write_table(path, say_diary.TITLE, say_diary.COLUMNS, rows))
    if file is None:
        return _answer(say.too_large(place, since, until, len(entries), MOST_IN_CHAT))
    name = say.file_name("工作日志", place, *_local(office, order))
    return _answer(say_diary.exported(place, since, until, len(entries)), Attachment("file", file, name))


def _asked(office: Office, order: Order) -> tuple[Scope, str, str, str]:
    """What is counted, and how its place and span are said."""
    since, until = (sentences.moment(office, at) for at in (order.span.since, order.span.until))
    return scope_of(order, order.span), summary.place_name(order), since, until


def _local(office: Office, order: Order) -> tuple[datetime, datetime]:
    """The first and the last moment."""
    tz = office.rules.timezone
    return order.span.since.astimezone(tz), (order.span.until - timedelta(seconds=1)).astimezone(tz)


def _answer(words: str, file: Attachment | None = None) -> list[Outgoing]:
    said = [Outgoing(ToWriter(), words, Purpose.ANSWER)]
    return [*said, Outgoing(ToWriter(), file.name, Purpose.ANSWER, attachment=file)] if file else said


def _file(parts: Parts, write: Callable[[Path], int]) -> str | None:
    """Where it is under MEDIA_DIR; None if it is larger than a chat takes."""
    folder = parts.settings.media_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{secrets.token_hex(16)}.xlsx"
    write(path)
    if path.stat().st_size > MAX_ATTACHED["webhook", "file"]:
        path.unlink()
        return None
    return f"{FOLDER}/{path.name}"


def forget_files(media_dir: Path, now: MachineTime) -> None:
    """Drop exported files that nobody waits for any more."""
    for path in (media_dir / FOLDER).glob("*.xlsx"):
        if path.stat().st_mtime < (now - KEPT).timestamp():
            path.unlink(missing_ok=True)
