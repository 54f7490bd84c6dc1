"""``python -m bench [PART …]``: measures, prints tables, and writes docs/bench.md when all parts were run."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench import acknowledgement, flow, processes, scale
from bench.report import Table
from bench.wrk import is_installed

PARTS: Mapping[str, Callable[[Path], Table]] = {
    "ack": acknowledgement.measure,
    "flow": flow.measure,
    "scale": scale.measure,
    "processes": processes.measure,
}
PAGE = Path(__file__).parents[1] / "docs" / "bench.md"
PACKAGES = ("flask", "granian", "sqlalchemy", "psycopg", "rq", "redis", "jieba", "wechatpy")


def main(names: list[str]) -> None:
    """Run the parts named, or all."""
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        sys.exit(f"no such part: {' '.join(unknown)}; there are: {' '.join(PARTS)}")
    if not is_installed():
        sys.exit("the program wrk is missing: apt-get install wrk")
    tables = []
    for name in names or PARTS:
        with tempfile.TemporaryDirectory(prefix="luguanjia-bench-") as folder:
            tables.append(PARTS[name](Path(folder)))
        print(f"\n{tables[-1].markdown()}", flush=True)
    if not names:
        PAGE.write_text(page(tables), "utf-8")
        print(f"\nwritten: {PAGE}")


def page(tables: list[Table]) -> str:
    """The whole page: machine, versions, tables."""
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    python = f"Python {platform.python_version()}"
    head = [
        "# Figures of `make bench`",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {platform.machine()}, {python}, {versions}.",
        "Compare within a table only: its rows were measured in turns in one run. Budgets: design §5.",
    ]
    return "\n".join(head) + "\n\n" + "\n\n".join(table.markdown() for table in tables) + "\n"


if __name__ == "__main__":
    main(sys.argv[1:])
