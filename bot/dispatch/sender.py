"""Word to another system of how its problem goes on: a signed POST to the address its operator set."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from bot.http_client import Bounds, HttpClient, TransportFault
from bot.signing import Signed
from config import DispatchSource, is_loopback
from domain.clock import MachineTime
from domain.errors import SendError
from domain.outgoing import MAX_BYTES, Delivery

BOUNDS = Bounds(connect=3, read=10, total=15, size=64 * 1024)
FOR_GOOD = frozenset({400, 404, 405, 410, 413, 415, 422})
"""Statuses of which another try would change nothing; after any other the word is sent again."""


class DispatchSender:
    """Route ``dispatch`` (see ``domain.outgoing.Sender``). The target is the name of a source. Only addresses
    of the configuration are called, and no redirect is followed."""

    max_bytes = MAX_BYTES["dispatch"]

    def __init__(self, sources: Iterable[DispatchSource]) -> None:
        self._sources = {source.name: source for source in sources}
        # a receiver on this machine must not be asked of a proxy
        self._clients = {local: HttpClient(BOUNDS, proxies=not local) for local in (True, False)}

    def send(self, delivery: Delivery) -> None:
        """Returns when the other side said 2xx. Raises ``SendError``."""
        source = self._sources.get(delivery.target)
        if source is None or not source.webhook:
            raise SendError("this source has no address any more", permanent=True)
        body = delivery.text.encode("utf-8", "replace")
        signed = Signed(f"delivery-{delivery.key}", f"POST {urlsplit(source.webhook).path or '/'}", body)
        headers = signed.headers(source.secret, MachineTime(datetime.now(UTC)))
        try:
            answer = self._clients[is_loopback(source.webhook)].post(source.webhook, body, headers)
        except TransportFault as fault:
            raise SendError(fault.reason, permanent=False, uncertain=fault.arrived) from None
        if not 200 <= answer.status < 300:
            final = answer.status in FOR_GOOD or 300 <= answer.status < 400
            raise SendError(f"HTTP {answer.status}", permanent=final, code=answer.status)
