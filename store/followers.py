"""Followers of the 公众号: whether they still follow, by which street they came, what may be said.

The platform lets us write to a follower five times within 48 h of his word, and three times within a minute
of a tap (menu, QR code, following); the last word counts, nothing adds up. What was said is counted from
``sendings``. Times are of the machine clock, except when a street was scanned.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, and_, func, or_, select, update

from domain.clock import BusinessTime, MachineTime
from store.columns import is_asleep
from store.tables import followers, inbox, outbox, sendings
from store.upserts import put

WORD = timedelta(hours=48) - timedelta(minutes=2)
TAP = timedelta(seconds=55)
"""How long an opening lasts, less what a call may take and clocks may differ."""
PER_WORD = 5
PER_TAP = 3
LONGEST_WAIT = timedelta(days=30)
"""What waited longer for a follower's next word is no news any more."""
ROUTE = "mp"
LEFT = "not a follower any more"


_asleep = and_(is_asleep, outbox.c.route == ROUTE)


def room(connection: Connection, openid: str, now: MachineTime) -> int:
    """How many messages may be sent to a follower now. Of somebody who left we learn by trying whether he
    came back unnoticed."""
    row = connection.execute(select(followers).where(followers.c.openid == openid)).first()
    if row is None:
        return 0
    if not row.follows:
        return 1
    left = [
        most - _said(connection, openid, opened)
        for opened, lasts, most in ((row.spoke_at, WORD, PER_WORD), (row.tapped_at, TAP, PER_TAP))
        if opened is not None and now < opened + lasts
    ]
    return max(0, *left) if left else 0


def _said(connection: Connection, openid: str, since: MachineTime) -> int:
    mine = (sendings.c.route == ROUTE) & (sendings.c.target == openid) & (sendings.c.at >= since)
    return connection.execute(select(func.count()).where(mine)).scalar_one()


def talking(connection: Connection, now: MachineTime) -> frozenset[str]:
    """Openids of those who wrote within the 48 h."""
    lately = followers.c.follows & (followers.c.spoke_at > now - WORD)
    return frozenset(connection.execute(select(followers.c.openid).where(lately)).scalars())


def closed(connection: Connection, openid: str, called_at: MachineTime) -> bool:
    """The platform says, of a call that was begun then, that nothing more may be sent until his next word.
    False: that has come meanwhile."""
    mine = followers.c.openid == openid
    since = mine & or_(followers.c.spoke_at > called_at, followers.c.tapped_at > called_at)
    if connection.execute(select(followers.c.openid).where(since)).first() is not None:
        return False
    connection.execute(update(followers).where(mine).values(spoke_at=None, tapped_at=None))
    return True


def left(connection: Connection, openid: str) -> None:
    """He no longer follows; nothing waits for his word any more."""
    put(connection, followers, {"openid": openid, "follows": False, "spoke_at": None, "tapped_at": None})
    waiting = (outbox.c.target == openid) & _asleep
    connection.execute(update(outbox).where(waiting).values(state="void", reason=LEFT))


def wake(connection: Connection, openid: str, now: MachineTime) -> None:
    """What waited for his word may leave."""
    mine = _asleep & (outbox.c.target == openid)
    late = {"state": "void", "settled_at": now, "reason": "waited too long for his next word"}
    old = outbox.c.created_at < now - LONGEST_WAIT
    connection.execute(update(outbox).where(mine, old).values(**late))
    connection.execute(update(outbox).where(mine).values(state="waiting", next_at=now, reason=None))


def wake_overlooked(connection: Connection, now: MachineTime) -> None:
    """Whoever may be written to does not wait: what was put to sleep while its follower was writing."""
    sleepers = select(outbox.c.target).where(_asleep).distinct()
    lately = followers.c.spoke_at > now - timedelta(hours=1)
    awake = select(followers.c.openid).where(lately, followers.c.openid.in_(sleepers))
    for openid in connection.execute(awake).scalars().all():
        if room(connection, openid, now):
            wake(connection, openid, now)


@dataclass(frozen=True)
class FollowerBook:
    """See ``domain.ports.Followers``. ``inbox_id``: the message being handled, whose arrival counts."""

    connection: Connection
    inbox_id: int
    now: BusinessTime
    machine: MachineTime

    def spoke(self, openid: str) -> None:
        self._opened(openid, "spoke_at")

    def tapped(self, openid: str) -> None:
        self._opened(openid, "tapped_at")

    def _opened(self, openid: str, opening: str) -> None:
        arrival = select(inbox.c.received_at).where(inbox.c.id == self.inbox_id)
        arrived = self.connection.execute(arrival).scalar() or self.machine
        put(self.connection, followers, {"openid": openid, "follows": True, opening: arrived})
        wake(self.connection, openid, arrived)

    def left(self, openid: str) -> None:
        left(self.connection, openid)

    def came_by(self, openid: str, section: str) -> None:
        put(self.connection, followers, {"openid": openid, "section": section, "scanned_at": self.now})

    def street(self, openid: str) -> tuple[str, BusinessTime] | None:
        mine = select(followers.c.section, followers.c.scanned_at).where(followers.c.openid == openid)
        row = self.connection.execute(mine).first()
        return (row.section, row.scanned_at) if row and row.section else None
