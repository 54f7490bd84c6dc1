"""Values that the store's tests are about: messages, issues, drafts, and a clock that stands still."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import TypeVar

from domain.clock import BusinessTime, MachineTime
from domain.issues import Issue, State
from domain.messages import Chat, IncomingMessage
from domain.outgoing import Address, Draft, Purpose, RouteKind
from store.acceptor import Acceptor
from store.arrivals import Acceptance, Arrival
from store.database import Database

T = TypeVar("T")

NOW = MachineTime(datetime(2026, 11, 23, 2, 0, tzinfo=UTC))  # Monday, 10:00 in Shanghai
BUSINESS_NOW = BusinessTime(NOW)


def later(seconds: float) -> MachineTime:
    return MachineTime(NOW + timedelta(seconds=seconds))


def at(hours: float) -> BusinessTime:
    """Business time some hours after now."""
    return BusinessTime(NOW + timedelta(hours=hours))


def message(key: str, chat: str = "wr-yiminlu", **changes: object) -> IncomingMessage:
    said = IncomingMessage("aibot", f"aibot:bot:{key}", Chat("group", chat), "shop-yiminlu-1", "text", key)
    return replace(said, **changes)  # type: ignore[arg-type]


def arrival(
    key: str, chat: str = "wr-yiminlu", nonce: str | None = None, payload: bytes | None = None
) -> Arrival:
    """An authentic callback; by default every key has its own nonce and payload."""
    return Arrival(message(key, chat), nonce or f"nonce-{key}", (payload or key.encode()).ljust(32, b"."))


def take_in(database: Database, *arrivals: Arrival, limit: int = 1000) -> list[Acceptance]:
    """Store arrivals one after the other, as one process would."""
    acceptor = Acceptor(database, limit, lambda _: None, sandbox=False)
    return [acceptor.accept(each) for each in arrivals]


def issue(number: int = 0, **changes: object) -> Issue:
    """An unclaimed issue on 益民路 with a deadline in two hours."""
    plain = Issue(
        number=number,
        state=State.REPORTED,
        category="parking",
        sub="nonmotor",
        subdistrict="解放路街道",
        section="益民路",
        text="电动车堵门",
        reporter="shop-yiminlu-1",
        reported_at=BUSINESS_NOW,
        assigned_at=BUSINESS_NOW,
        duration=timedelta(hours=2),
        working_clock=True,
        deadline=at(2),
        owner="chief3-yiminlu",
        chat_id="wr-yiminlu",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def draft(target: str, text: str = "词", route: RouteKind = "webhook", **changes: object) -> Draft:
    return replace(Draft(Address(route, target), text, Purpose.NOTICE), **changes)  # type: ignore[arg-type]


def at_once(jobs: Sequence[Callable[[], T]]) -> list[T | BaseException]:
    """Run jobs in as many threads, all let go at the same moment; what each returned or raised."""
    gate = Barrier(len(jobs))

    def one(job: Callable[[], T]) -> T | BaseException:
        gate.wait()
        try:
            return job()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            return error

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(one, jobs))
