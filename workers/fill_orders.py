"""Orders are filled: figures gathered in a read view, pictures and workbooks written, then one transaction
that settles the order and owes the platform the words."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.wake import Work
from domain.errors import StoreUnavailable
from domain.messages import IncomingMessage
from domain.office import Office
from domain.orders import Order, Paper
from domain.outgoing import Outgoing, Purpose, ToWriter
from domain.summary import Summary
from handlers import ranking, summary
from handlers.routing import Router
from handlers.sentences import diary as say_diary
from handlers.sentences import figures as say
from store import announcements, diary, inbox, orders, outbox
from store.orders import Ordered
from workers import exporting, stopping
from workers.bootstrap import Parts, machine_now
from workers.drawing import drawn
from workers.gather import gathered, scope_of, scored

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Made:
    """What came of an order: what is to be said, and the figures that are announced by it."""

    messages: list[Outgoing]
    announced: Summary | None = None


def fill(parts: Parts) -> None:
    """Fill what waits, one after the other."""
    while not stopping.told() and (ordered := _claim(parts)) is not None:
        _fill_one(parts, ordered)


def _claim(parts: Parts) -> Ordered | None:
    with parts.database.write() as connection:
        return orders.claim(connection, machine_now())


def _fill_one(parts: Parts, ordered: Ordered) -> None:
    office = parts.office()
    with parts.database.read() as connection:
        message = inbox.message(connection, ordered.inbox_id) if ordered.inbox_id else None
    try:
        _settle(parts, office, ordered, message, _make(parts, office, ordered, message))
    except StoreUnavailable:
        raise
    except Exception as error:
        log.exception(
            "order failed id=%d paper=%s attempt=%d", ordered.id, ordered.order.paper, ordered.attempts
        )
        _failed(parts, office, ordered, message, f"{type(error).__name__}: {error}")
    parts.waker.wake(Work.OUTBOX)


def _settle(
    parts: Parts, office: Office, ordered: Ordered, message: IncomingMessage | None, made: Made
) -> None:
    with parts.database.write() as connection:
        if not orders.done(connection, ordered, machine_now()):
            return
        _announce(connection, ordered, made)
        _owe(connection, parts, office, ordered, message, made.messages)
    log.info("order filled id=%d paper=%s messages=%d", ordered.id, ordered.order.paper, len(made.messages))


def _make(parts: Parts, office: Office, ordered: Ordered, message: IncomingMessage | None) -> Made:
    order = ordered.order
    match order.paper:
        case Paper.CASES:
            return Made(exporting.cases_ordered(parts, office, order))
        case Paper.LOG_FILE:
            return Made(exporting.log_ordered(parts, office, order))
        case Paper.LOG | Paper.RANKING:
            with parts.database.read() as connection:
                text = _words(connection, office, order)
            return Made([Outgoing(ToWriter(), text, Purpose.ANSWER)])
        case Paper.SUMMARY:
            return _summary(parts, office, order, message)


def _words(connection: Connection, office: Office, order: Order) -> str:
    if order.paper is Paper.RANKING:
        return ranking.text(office, order, *scored(connection, office, order))
    entries = diary.read(connection, scope_of(order, order.span))
    place = summary.place_name(order)
    return say_diary.log(office, place, order.span, entries, names=order.names)


def _summary(parts: Parts, office: Office, order: Order, message: IncomingMessage | None) -> Made:
    with parts.database.read() as connection:
        figures = gathered(connection, office, order)
    chat = message.chat.id if message is not None and message.chat.kind == "group" else None
    shown = summary.wants_picture(office, chat) and not figures.is_quiet
    picture = drawn(parts, office, figures) if shown else None
    return Made(summary.messages(office, order, figures, picture), figures)


def _announce(connection: Connection, ordered: Ordered, made: Made) -> None:
    """What goes to its audience is what a later correction is compared with."""
    order = ordered.order
    if order.due and made.announced is not None:
        announcements.keep(connection, order.span, order.subdistrict, made.announced.counts, ordered.at)


def _failed(
    parts: Parts, office: Office, ordered: Ordered, message: IncomingMessage | None, reason: str
) -> None:
    with parts.database.write() as connection:
        if orders.failed(connection, ordered, reason, machine_now()) and message is not None:
            word = Outgoing(ToWriter(), say.not_made(), Purpose.ANSWER)
            _owe(connection, parts, office, ordered, message, [word])


def _owe(
    connection: Connection,
    parts: Parts,
    office: Office,
    ordered: Ordered,
    message: IncomingMessage | None,
    words: list[Outgoing],
) -> None:
    now = machine_now()
    router = Router(office, parts.business_now(connection, now), message)
    outbox.add(connection, router.drafts(words), now, ordered.inbox_id)
