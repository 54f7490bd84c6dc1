"""The register as an Excel file: for the command line, and for who asks in chat."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from domain.clock import BusinessTime, MachineTime
from domain.errors import LuguanjiaError
from domain.office import Office
from domain.orders import Order
from domain.outgoing import MAX_ATTACHED, Attachment, Outgoing, Purpose, ToWriter
from handlers import sentences, summary
from handlers.sentences import cases as say
from handlers.sentences import figures as say_figures
from render.workbook import write_table
from store import cases
from store.figures import Scope
from store.period import Period
from workers.bootstrap import Parts
from workers.gather import scope_of

FOLDER = "out"
MOST_IN_CHAT = 100_000
"""Rows that surely do not fit into a file of the size that a chat takes; not even tried."""
FAR = datetime(2999, 1, 1, tzinfo=UTC)
KEPT = timedelta(days=3)
"""As long as an upload lives at the platform; after that nobody can still be waiting for the file."""


class UnknownPlace(LuguanjiaError):
    """No section or subdistrict of that name."""


def export(parts: Parts, office: Office, scope: Scope, path: Path) -> int:
    """Write all issues of a scope to a file; returns how many there are."""
    rows = (say.case(office, issue) for issue in cases.stream(parts.database, scope))
    return write_table(path, say.TITLE, say.COLUMNS, rows)


def to_file(parts: Parts, path: Path, days: tuple[date | None, date | None], place: str) -> int:
    """Write what was reported from one day to another (None: without end), both included. Raises
    ``UnknownPlace``."""
    office = parts.office()
    tz = office.rules.timezone
    since = datetime.combine(days[0], time.min, tz) if days[0] else datetime(1970, 1, 1, tzinfo=UTC)
    until = datetime.combine(days[1] + timedelta(days=1), time.min, tz) if days[1] else FAR
    section, subdistrict = office.roster.section(place), office.roster.subdistrict(place)
    if place and section is None and subdistrict is None:
        raise UnknownPlace(say_figures.unknown_place(place))
    period = Period(BusinessTime(since - timedelta(microseconds=1)), BusinessTime(until))
    names = (section.name,) if section else ()
    scope = Scope(period, subdistrict=subdistrict.name if subdistrict else "", sections=names)
    return export(parts, office, scope, path)


def cases_ordered(parts: Parts, office: Office, order: Order) -> list[Outgoing]:
    """The file for who asked, and a word with it; or why there is none."""
    scope, span = scope_of(order, order.span), order.span
    place = summary.place_name(order)
    since, until = sentences.moment(office, span.since), sentences.moment(office, span.until)
    with parts.database.read() as connection:
        rows = cases.count(connection, scope)
    if rows == 0:
        return [Outgoing(ToWriter(), say.nothing(place, since, until), Purpose.ANSWER)]
    file = _file(parts, office, scope) if rows <= MOST_IN_CHAT else None
    if file is None:
        return [Outgoing(ToWriter(), say.too_large(place, since, until, rows), Purpose.ANSWER)]
    local = [moment.astimezone(office.rules.timezone) for moment in (span.since, span.until)]
    attachment = Attachment("file", file, say.file_name(place, *local))
    words = say.exported(place, since, until, rows)
    return [
        Outgoing(ToWriter(), words, Purpose.ANSWER),
        Outgoing(ToWriter(), attachment.name, Purpose.ANSWER, attachment=attachment),
    ]


def _file(parts: Parts, office: Office, scope: Scope) -> str | None:
    """Where it is under MEDIA_DIR; None if it is larger than a chat takes."""
    folder = parts.settings.media_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{secrets.token_hex(16)}.xlsx"
    export(parts, office, scope, path)
    if path.stat().st_size > MAX_ATTACHED["webhook", "file"]:
        path.unlink()
        return None
    return f"{FOLDER}/{path.name}"


def forget_files(media_dir: Path, now: MachineTime) -> None:
    """Drop exported files that nobody waits for any more."""
    for path in (media_dir / FOLDER).glob("*.xlsx"):
        if path.stat().st_mtime < (now - KEPT).timestamp():
            path.unlink(missing_ok=True)
