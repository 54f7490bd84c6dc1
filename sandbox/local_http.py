"""HTTP to the bot on this machine."""

from __future__ import annotations

import requests


def local_session() -> requests.Session:
    """A session that ignores proxies of the environment: the bot is on loopback."""
    session = requests.Session()
    session.trust_env = False
    return session
