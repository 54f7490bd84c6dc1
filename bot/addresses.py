"""Which addresses this process may call: exact hosts and ports, nothing a message could choose freely."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit

from config import is_loopback

MAX_URL = 4096
_DEFAULT_PORT = {"https": 443, "http": 80}


class AllowedAddresses:
    """The platform's own host (with its port), and further exact hosts for media.

    Only https, except that a stand-in platform on this machine (``api_base`` on a loopback address) may be
    called by http. A further host without a port means the scheme's usual port, or any port of a loopback
    host beside such a stand-in.
    """

    def __init__(self, api_base: str, hosts: Iterable[str] = ()) -> None:
        self._stand_in = api_base.startswith("http://") and is_loopback(api_base)
        self._base = _place(urlsplit(api_base))
        self._hosts = frozenset(host.lower() for host in hosts)

    def permits(self, url: str) -> bool:
        """Whether the URL may be called. Anything two parsers could read differently may not."""
        if len(url) > MAX_URL or not (url.isascii() and url.isprintable()) or " " in url or "\\" in url:
            return False
        try:
            parts = urlsplit(url)
            host, port = _place(parts)
        except ValueError:
            return False
        if "@" in parts.netloc or not host or not self._scheme_fits(parts):
            return False
        return (host, port) == self._base or self._is_listed(parts, host, port)

    def _scheme_fits(self, parts: SplitResult) -> bool:
        if parts.scheme == "https":
            return True
        return parts.scheme == "http" and self._stand_in and is_loopback(parts.geturl())

    def _is_listed(self, parts: SplitResult, host: str, port: int | None) -> bool:
        if f"{host}:{port}" in self._hosts:
            return True
        any_port = self._stand_in and is_loopback(parts.geturl())
        return host in self._hosts and (any_port or port == _DEFAULT_PORT[parts.scheme])


def _place(parts: SplitResult) -> tuple[str, int | None]:
    return parts.hostname or "", parts.port or _DEFAULT_PORT.get(parts.scheme)
