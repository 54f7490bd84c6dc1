"""``python -m chaos --seed 1 --seconds 180 --database sqlite|postgres|both --channel callback|connect``.

Merchants and chiefs of 200 groups talk to the bot by the encrypted protocol while everything it leans on is
killed, flushed, stopped and spoilt; then it is left alone, and what it did is compared with the model. Exits
1 on any violation, naming it. A run takes ten minutes at most: talking and settling are bounded.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from chaos.run import Plan, Result, run
from tests.fleet import postgres as postgresql
from tests.fleet.templates import Databases

MOST_SECONDS = 300
KINDS = {"sqlite": ("sqlite",), "postgres": ("postgres",), "both": ("sqlite", "postgres")}


def plans() -> tuple[Plan, tuple[str, ...]]:
    """What the command line asks for, and on which databases, one after the other."""
    parser = argparse.ArgumentParser(prog="python -m chaos", description=__doc__.splitlines()[2])
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--seconds", type=float, default=180)
    parser.add_argument("--callbacks", type=int, default=20_000)
    parser.add_argument("--channel", choices=("callback", "connect"), default="callback")
    parser.add_argument("--database", choices=KINDS, default="both")
    given = parser.parse_args()
    if not 10 <= given.seconds <= MOST_SECONDS or given.callbacks < 100:
        parser.error(f"10 to {MOST_SECONDS} seconds and at least 100 callbacks")
    return Plan(given.seed, given.seconds, given.callbacks, given.channel), KINDS[given.database]


def main() -> int:
    plan, kinds = plans()
    results = []
    for kind in kinds:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="luguanjia-chaos-")))
            cluster = None
            if kind == "postgres":
                binaries = postgresql.installed()
                if binaries is None:
                    sys.exit("PostgreSQL is not installed: DATABASE=sqlite, or install it")
                cluster = stack.enter_context(postgresql.running(binaries, postgresql.SURVIVES_A_KILL))
            url = Databases(folder, cluster).migrated()
            print(
                f"seed {plan.seed}, {kind}, {plan.channel}: {plan.callbacks} callbacks in {plan.seconds:g} s",
                flush=True,
            )
            results.append(run(plan, url, folder, cluster))
            show(kind, results[-1])
    return 1 if any(result.violations for result in results) else 0


def show(kind: str, result: Result) -> None:
    """The table of one run, and everything that was wrong."""
    width = max(len(name) for name in result.counts)
    print(f"\n{kind}")
    for name, value in result.counts.items():
        print(f"  {name:<{width}}  {value}")
    for name, found in result.violations.items():
        print(f"  VIOLATION {name}: {len(found)}")
        for line in found[:10]:
            print(f"    {line}")
    print("  no violation" if not result.violations else "", flush=True)


if __name__ == "__main__":
    sys.exit(main())
