"""Pictures on their way in: fetched at once by a job of their own, outside the order of the chat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, bindparam, func, insert, literal, or_, select, update

from domain.clock import MachineTime
from domain.errors import MediaError
from store.columns import is_unused, is_waiting
from store.discards import discard
from store.tables import inbox, media

LEASE = timedelta(seconds=45)
ATTEMPTS = 6
BACK_OFF = (1, 3, 10, 30, 60)
"""Seconds between attempts: all of them fit into the five minutes that a picture URL lives."""


@dataclass(frozen=True, slots=True)
class Errand:
    """One picture to fetch, leased to this worker."""

    id: int
    inbox_id: int
    channel: str
    ref: str
    fence: int
    attempts: int


@dataclass(frozen=True, slots=True)
class StoredFile:
    """Where a fetched picture lies under MEDIA_DIR, and what it is."""

    file: str
    mime: str


def claim(connection: Connection, now: MachineTime, limit: int = 16) -> list[Errand]:
    """Lease pictures that are due, the longest due first. ``next_at`` doubles as the end of the lease."""
    statement = (
        select(media)
        .where(is_waiting, media.c.next_at <= now)
        .order_by(media.c.next_at, media.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    errands = []
    for row in connection.execute(statement).all():
        values = {"fence": row.fence + 1, "attempts": row.attempts + 1, "next_at": now + LEASE}
        connection.execute(update(media).where(media.c.id == row.id).values(**values))
        errands.append(Errand(row.id, row.inbox_id, row.channel, row.ref, row.fence + 1, row.attempts + 1))
    return errands


def stored(connection: Connection, errand: Errand, file: StoredFile) -> bool:
    """The picture is on disk. False if the lease was lost."""
    return _settle(connection, errand, {"state": "stored", "file": file.file, "mime": file.mime})


def failed(connection: Connection, errand: Errand, error: MediaError, now: MachineTime) -> bool:
    """True when the picture is lost for good; otherwise it is tried again."""
    lost = error.permanent or errand.attempts >= ATTEMPTS
    pause = timedelta(seconds=BACK_OFF[min(errand.attempts, len(BACK_OFF)) - 1])
    values: dict[str, object] = {"reason": error.reason}
    values |= {"state": "lost"} if lost else {"next_at": now + pause}
    return _settle(connection, errand, values) and lost


def _settle(connection: Connection, errand: Errand, values: dict[str, object]) -> bool:
    mine = (media.c.id == errand.id) & (media.c.fence == errand.fence) & (media.c.state == "waiting")
    return connection.execute(update(media).where(mine).values(**values)).rowcount == 1


def attach(connection: Connection, inbox_id: int, issue: int, *, proof: bool) -> None:
    """Say which issue a message's pictures belong to, and whether they show the street after 办结. A picture
    that shows several issues is kept once for each."""
    own = media.c.inbox_id == inbox_id
    free = own & (media.c.issue.is_(None) | (media.c.issue == issue))
    if connection.execute(update(media).where(free).values(issue=issue, proof=proof)).rowcount:
        return
    first = select(func.min(media.c.issue)).where(own).scalar_subquery()
    names = [column.name for column in media.c if column.name not in {"id", "issue", "proof"}]
    copied = select(*(media.c[name] for name in names), literal(issue), literal(proof))
    statement = copied.where(own, media.c.issue == first)
    connection.execute(insert(media).from_select([*names, "issue", "proof"], statement))


def detach(connection: Connection, inbox_id: int, issue: int) -> None:
    """A message's pictures do not belong to this issue after all."""
    theirs = (media.c.inbox_id == inbox_id) & (media.c.issue == issue)
    connection.execute(update(media).where(theirs).values(issue=None, proof=False))


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of an issue, as far as it has come."""

    state: str
    file: str | None
    proof: bool


_OF_ISSUE = select(media).where(media.c.issue == bindparam("which")).order_by(media.c.id)


def of_issue(connection: Connection, number: int) -> list[Picture]:
    """All pictures of an issue in the order they came."""
    rows = connection.execute(_OF_ISSUE, {"which": number})
    return [Picture(row.state, row.file, row.proof) for row in rows]


@dataclass(frozen=True, slots=True)
class Loss:
    """What is needed to tell a sender that his picture did not arrive."""

    document: str
    chat_key: str
    issue: int | None


def loss(connection: Connection, errand: Errand) -> Loss:
    """The message a lost picture came with."""
    row = connection.execute(
        select(inbox.c.document, inbox.c.chat_key, media.c.issue)
        .join(media, media.c.inbox_id == inbox.c.id)
        .where(media.c.id == errand.id)
    ).one()
    return Loss(row.document, row.chat_key, row.issue)


def forget_unused(connection: Connection, channel: str, before: MachineTime, now: MachineTime) -> None:
    """Let go of pictures of a channel that belong to no issue. ``next_at`` tells when they were fetched."""
    old = (media.c.next_at < before) & (media.c.channel == channel)
    rows = connection.execute(select(media.c.id, media.c.file).where(is_unused, old)).all()
    if rows:
        gone = {"state": "lost", "ref": "", "file": None, "reason": "belongs to no issue"}
        connection.execute(update(media).where(media.c.id.in_([row.id for row in rows])).values(gone))
        discard(connection, [row.file for row in rows], now)


def waiting(connection: Connection) -> int:
    """How many pictures are still to be fetched."""
    return connection.execute(select(func.count()).select_from(media).where(is_waiting)).scalar_one()


def due(connection: Connection, now: MachineTime) -> bool:
    """Whether a picture may be fetched now."""
    statement = select(media.c.id).where(is_waiting, or_(media.c.next_at <= now)).limit(1)
    return connection.execute(statement).first() is not None
