"""``python -m sandbox``: run the stand-in platform until SIGTERM or SIGINT."""

from __future__ import annotations

import signal
import sys
import threading

from sandbox.control.forward import learn_clock
from sandbox.server import PortTaken, start
from sandbox.settings import SettingsError, read_settings
from sandbox.world import build_world


def main() -> int:
    stopped = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopped.set())
    try:
        running = start(build_world(read_settings()))
    except SettingsError as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return 2
    except PortTaken as error:
        print(f"sandbox: {error}; set SANDBOX_PORT (or SANDBOX_WS_PORT) to a free one", file=sys.stderr)
        return 1
    running.world.roster.follow(lambda: learn_clock(running.world))
    print(f"sandbox: {running.world.base_url} (bot: {running.world.settings.bot_url})", flush=True)
    stopped.wait()
    running.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
