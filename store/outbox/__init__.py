"""The outbox: what we owe the platform, row by row, until the platform confirmed it or refused for good.

``rows`` writes, ``claims`` leases what may leave within the platform's limits (``budget``), ``settling``
records what became of it, ``looking`` tells those who look at it.
"""

from store.outbox.budget import forget_sendings, spend
from store.outbox.claims import EVERY_ROUTE, LEASE, Parcel, claim, is_due
from store.outbox.looking import (
    asleep,
    failures,
    held,
    moving,
    of_issue,
    of_message,
    oldest_due,
    own_messages,
    pushes,
    retrying,
)
from store.outbox.rows import GATHERING, add, add_all, gather, let_go, rank
from store.outbox.settling import (
    ELSEWHERE,
    delivered,
    give_up,
    hold,
    postpone,
    pushed,
    put_back,
    put_to_sleep,
    said_together,
    sleep,
    void,
)

__all__ = [
    "ELSEWHERE", "EVERY_ROUTE", "GATHERING", "LEASE", "Parcel", "add", "add_all", "asleep", "claim",
    "delivered", "failures", "forget_sendings", "gather", "give_up", "held", "hold", "is_due", "let_go",
    "moving", "of_issue", "of_message", "oldest_due", "own_messages", "postpone", "pushed", "pushes",
    "put_back", "put_to_sleep", "rank", "retrying", "said_together", "sleep", "spend", "void",
]  # fmt: skip
