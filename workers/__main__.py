"""The worker process: ``python -m workers`` keeps one child per lane alive (``workers.lane``).

Four lanes, so that a slow platform never holds up understanding, and a slow picture or a long table never
holds up an answer: *inside* touches only the database, *outbox* and *media* wait for the network, *orders*
counts and draws.
"""

from __future__ import annotations

import sys

import config
from bot import logs
from workers.supervisor import Program, Supervisor

LANES = ("inside", "outbox", "media", "orders")


def main() -> None:
    """Start all lanes, and start them again when they die, until told to stop."""
    logs.set_up()
    try:
        config.load()
    except config.ConfigError as error:
        sys.exit(str(error))
    Supervisor([Program(lane, (sys.executable, "-m", "workers.lane", lane)) for lane in LANES]).run()


if __name__ == "__main__":
    main()
