"""A district of 200 streets with a group each, and what its people write."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

from domain.messages import Chat, IncomingMessage
from domain.roster import Duty, Group, GroupKind, Person, Role, Roster, Section, Shop, Subdistrict
from store import roster as roster_store
from store.acceptor import Acceptor
from store.arrivals import Arrival
from store.database import Database
from workers.bootstrap import machine_now

GROUPS = 200
DISTRICT = "基准街道"
LINES = Path(__file__).parents[1] / "tests" / "data" / "chat_own_dev.jsonl"
"""Labelled chat of our own: reports, commands, questions and small talk as in a real group."""


def roster() -> Roster:
    """One chief and one shop a street, one supervisor for all."""
    numbers = range(GROUPS)
    streets = [f"基准{n}街" for n in numbers]
    return Roster(
        (Subdistrict(DISTRICT),),
        tuple(Section(street, DISTRICT) for street in streets),
        (
            *(Person(f"chief-{n}", f"路长{n}", Role.CHIEF, 3, DISTRICT) for n in numbers),
            Person("watcher", "督导", Role.SUPERVISOR, unit=DISTRICT),
        ),
        tuple(Duty(street, 3, f"chief-{n}") for n, street in enumerate(streets)),
        tuple(
            Group(f"wr-bench-{n}", f"{street}商户群", GroupKind.STREET, (street,), DISTRICT)
            for n, street in enumerate(streets)
        ),
        tuple(Shop(f"{street}五金店", street, 28, f"shop-{n}", "五金店") for n, street in enumerate(streets)),
    )


def settle_in(database: Database) -> None:
    """Put the roster into force."""
    with database.write() as connection:
        roster_store.save(connection, roster(), {}, "bench", machine_now())


def said(count: int, seed: int = 1) -> Iterator[IncomingMessage]:
    """Messages of shops and chiefs, spread over all groups."""
    lines = [json.loads(line) for line in LINES.read_text("utf-8").splitlines()]
    chance = random.Random(seed)
    for number in range(count):
        line, group = chance.choice(lines), chance.randrange(GROUPS)
        by_chief = line["intent"] in {"claim", "progress", "resolve", "return", "transfer", "extend"}
        yield IncomingMessage(
            "aibot",
            f"aibot:bench:{number}",
            Chat("group", f"wr-bench-{group}"),
            f"{'chief' if by_chief else 'shop'}-{group}",
            "text",
            line["text"],
            reply_to=f"http://127.0.0.1:1/cgi-bin/aibot/response?response_code={number}",
        )


def deliver(database: Database, count: int) -> None:
    """Put messages into the inbox, as the web process does."""
    acceptor = Acceptor(database, 10**9, lambda _: None, sandbox=False)
    for number, message in enumerate(said(count)):
        acceptor.accept(Arrival(message, f"nonce-{number}", number.to_bytes(32)))
