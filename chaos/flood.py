"""``python -m chaos.flood --messages 10000``: so many messages over the long connection, which breaks.

Two hundred groups talk as fast as the sandbox can hand over; frames come twice, the connection is dropped,
the server restarts, and the process that holds it dies by kill -9. Then every message must be in the inbox
once, handled, in the order of its group, and every report must have one issue and one receipt under it.
Exits 1 otherwise.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from sqlalchemy import select

from bench.district import GROUPS
from chaos.district import District, settle_in
from sandbox.control.acting import disturb_connection, say_it
from sandbox.faults import Fault
from store.tables import inbox, issues, outbox
from tests.fleet.templates import Databases

SETTLE_S = 300.0
REPORT_EVERY = 5
"""The others are small talk: a group gets thirty messages a minute, and should not wait for an hour."""
FIRST_HOUSE = 101
DISTURBANCES = ("drop", "close", "kill", "drop", "kick")


def talk(district: District, group: int, count: int) -> list[str]:
    """What one group says, one after the other; the platform's ids in that order."""
    said = []
    for number in range(count):
        report = number % REPORT_EVERY == 0
        house = FIRST_HOUSE + number
        text = f"基准{group}街{house}号门口电动车乱停把路堵死了" if report else f"今天第{number}次路过这里"
        fields = {"person": f"shop-{group}", "chat_id": f"wr-bench-{group}", "mention": True, "text": text}
        said.append(say_it(district.world, district.dispatcher, fields)["msgid"])
    return said


def disturb(district: District, over: threading.Event, every: float) -> None:
    """Break the connection, again and again, each time when it is there."""
    for action in DISTURBANCES:
        while not over.wait(every) and district.world.hub.session is None:
            pass
        if action == "kill":
            district.kill("connect")
        else:
            with suppress(ValueError):  # it ended by itself just now
                disturb_connection(district.world, {"action": action})


def flood(district: District, messages: int) -> dict[str, list[str]]:
    """Say everything, wait, and compare; what is wrong, by the name of the check."""
    district.world.faults.set(Fault("callback", duplicate=1, probability=0.05))
    over = threading.Event()
    breaker = threading.Thread(target=disturb, args=(district, over, 3.0))
    began = time.monotonic()
    breaker.start()
    with ThreadPoolExecutor(16) as pool:
        counts = [messages // GROUPS + (group < messages % GROUPS) for group in range(GROUPS)]
        talks = [pool.submit(talk, district, group, count) for group, count in enumerate(counts)]
        said = {group: each.result() for group, each in enumerate(talks)}
    spoken = time.monotonic()
    breaker.join()
    over.set()
    settled = district.settles(SETTLE_S)
    hub, took = district.world.hub, time.monotonic()
    print(f"said {messages} in {spoken - began:.0f} s, settled after {took - spoken:.0f} s more")
    print(f"connections {hub.joined}, taken over by others {hub.kicked}, restarts {district.restarts}")
    wrong = {name: list(found) for name, found in _checks(district, said)}
    wrong["not settled in time"] = [] if settled else [f"{district.left_to_do()} left to do"]
    return {name: found for name, found in wrong.items() if found}


def _checks(district: District, said: dict[int, list[str]]) -> Iterator[tuple[str, Iterator[str]]]:
    rows = district.records.all(select(inbox).order_by(inbox.c.id))
    kept = Counter(row.dedupe_key.rpartition(":")[2] for row in rows)
    everything = [msgid for each in said.values() for msgid in each]
    handed = Counter(one["msgid"] for one in district.world.deliveries.since(0))
    again = sum(handed.values()) - len(handed)
    print(f"in the inbox {len(rows)} of {len(everything)}; handed over again by the platform {again}")
    sent = district.records.all(select(outbox.c.route, outbox.c.state, outbox.c.reason))
    words = Counter(f"{row.route} {row.state} {row.reason or ''}".strip() for row in sent)
    print(f"words of the bot {dict(words)}")
    yield "lost", (msgid for msgid in everything if not kept[msgid])
    yield "doubled", (msgid for msgid, count in kept.items() if count > 1)
    yield "not handled", (f"{row.id} {row.state} {row.detail}" for row in rows if row.state != "done")
    places = {row.dedupe_key.rpartition(":")[2]: row.id for row in rows}
    yield "out of order", _out_of_order(said, places)
    yield "not one issue", _issues(district, said)
    yield "not one receipt", _receipts(district, said)


def _out_of_order(said: dict[int, list[str]], places: dict[str, int]) -> Iterator[str]:
    for group, msgids in said.items():
        ids = [places[msgid] for msgid in msgids if msgid in places]
        if ids != sorted(ids):
            yield f"group {group}"


def _issues(district: District, said: dict[int, list[str]]) -> Iterator[str]:
    opened = Counter((row.section, row.house_number) for row in district.records.all(select(issues)))
    for group, msgids in said.items():
        for number in range(0, len(msgids), REPORT_EVERY):
            place = (f"基准{group}街", FIRST_HOUSE + number)
            if opened[place] != 1:
                yield f"{place}: {opened[place]}"


def _receipts(district: District, said: dict[int, list[str]]) -> Iterator[str]:
    """One under each report, in its group."""
    shown = (entry for entry in district.world.transcript.since(0) if entry.sender != "person")
    receipts = Counter(entry.quote.id for entry in shown if entry.quote and "已受理" in entry.text)
    for msgids in said.values():
        for msgid in msgids[::REPORT_EVERY]:
            if receipts[msgid] != 1:
                yield f"{msgid}: {receipts[msgid]}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m chaos.flood")
    parser.add_argument("--messages", type=int, default=10_000)
    messages = parser.parse_args().messages
    with tempfile.TemporaryDirectory(prefix="luguanjia-flood-") as name:
        folder = Path(name)
        url = Databases(folder, None).migrated()
        settle_in(url)
        with District(url, folder, "connect") as district:
            wrong = flood(district, messages)
    for check, found in wrong.items():
        print(f"VIOLATION {check}: {len(found)}: {found[:5]}")
    print("" if wrong else "nothing lost, nothing doubled, in order")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
