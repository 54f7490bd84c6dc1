"""How fast a message is acknowledged: ours durable, the others storing nothing, in turns within one run."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from pathlib import Path
from statistics import median

from bench.report import Table, ratio
from bench.servers import Server, slow_flush, web, werobot
from bench.wrk import Load, fire, write_requests
from sandbox.cipher import signature
from tests.fleet import postgres as postgresql
from tests.fleet.templates import Databases
from tests.fleet.wire import Sealed, Wire

ROUNDS = 3
SECONDS = 4.0
MOST_PER_S = 5000
"""More unique messages a second than can be stored."""
REPEATED = 2000
"""Requests that are sent again and again to what stores nothing."""
OPENING, WEROBOT = "opening", "werobot"
NOTES = (
    "Must: ours ≥ 0.4 of `opening` (our server, decrypting and parsing, storing nothing).",
    "Aim: ≥ 1.0 of WeRoBot's own Flask view under gunicorn, which stores nothing either.",
    "wrk, 16 connections; every message to ours is different, and on disk before its 200.",
    "SQLite runs with synchronous=FULL, PostgreSQL with fsync.",
    "Why not 1.0: `opening`, which stores nothing, is as fast as WeRoBot; what we store costs the rest.",
    "One web process writes one SQLite file, and its Python is never idle: begin, two inserts, the JSON",
    "of the row, waking each request. Two web processes wait for each other's lock on the file and gain",
    "nothing; a pause before each commit, so that more requests share it, gained nothing either (tried on",
    "a busy machine).",
)


def measure(folder: Path, rounds: int = ROUNDS, seconds: float = SECONDS) -> Table:
    """Start every contestant once, fire at each in turn, several times; medians and ratios."""
    loads: dict[str, list[Load]] = {}
    file = folder / "requests.txt"
    with ExitStack() as stack:
        servers = [stack.enter_context(server) for server in _contestants(folder, stack)]
        for _ in range(rounds):
            for server in servers:
                _write(server, file, int(seconds * MOST_PER_S))
                loads.setdefault(server.name, []).append(fire(server.url, file, seconds))
    return _table(loads)


def _contestants(folder: Path, stack: ExitStack) -> Iterator[AbstractContextManager[Server]]:
    databases = Databases(folder)
    nowhere = databases.migrated()
    yield web("null", folder, nowhere, peer="null")
    yield web(OPENING, folder, nowhere, peer="opening")
    yield web("wechatpy", folder, nowhere, via="app", peer="wechatpy")
    yield werobot(folder)
    yield web("ours, SQLite", folder, databases.migrated())
    if binaries := postgresql.installed():
        cluster = stack.enter_context(postgresql.running(binaries, postgresql.DURABLE))
        yield web("ours, PostgreSQL", folder, Databases(folder, cluster).migrated())
    if library := slow_flush(folder):
        yield web("ours, SQLite, flush + 5 ms", folder, databases.migrated(), preload=library)


def _write(server: Server, file: Path, count: int) -> None:
    """Requests for one round, sealed just before it: their time must be within the window."""
    wire = server.wire
    texts = [f"{n % 60 + 1}号门口电动车乱停把路堵死了" for n in range(count)]
    if server.name == WEROBOT:
        write_requests(_OfficialAccount(**vars(wire)), [wire.text(each) for each in texts[:REPEATED]], file)
    elif server.name.startswith("ours"):
        write_requests(wire, [in_group(wire, text, n % 200) for n, text in enumerate(texts)], file)
    else:
        write_requests(wire, [wire.text(text) for text in texts[:REPEATED]], file)


def in_group(wire: Wire, text: str, group: int) -> str:
    """A robot's message in one of many groups, as the platform writes it."""
    plain = json.loads(wire.text(f"@路管家 {text}"))
    plain |= {"chattype": "group", "chatid": f"wr-bench-{group}", "from": {"userid": f"shop-{group}"}}
    return json.dumps(plain, ensure_ascii=False)


class _OfficialAccount(Wire):
    """The query of a 公众号 in safe mode has a second signature, over token, time and nonce alone."""

    def signed(self, encrypted: str, nonce: str | None = None, at: float | None = None) -> Sealed:
        sealed = super().signed(encrypted, nonce, at)
        plain = signature(self.cipher.token, sealed.query["timestamp"], sealed.query["nonce"], "")
        return replace(sealed, query={**sealed.query, "signature": plain, "encrypt_type": "aes"})


def _table(loads: Mapping[str, Sequence[Load]]) -> Table:
    rates = {name: median(load.rate for load in found) for name, found in loads.items()}
    rows = [
        (
            name,
            f"{rates[name]:,.0f}",
            ratio(rates[name], rates[OPENING]),
            ratio(rates[name], rates[WEROBOT]),
            f"{median(load.p50_ms for load in found):.1f}",
            f"{median(load.p99_ms for load in found):.1f}",
            str(sum(load.bad for load in found)),
        )
        for name, found in loads.items()
    ]
    columns = ("answering", "answers/s", "of opening", "of WeRoBot", "p50 ms", "p99 ms", "not 200")
    return Table("Acknowledgement", columns, rows, NOTES)
