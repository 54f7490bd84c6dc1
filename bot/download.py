"""Files from the platform's storage: from allowed hosts only, bounded in size and time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.addresses import AllowedAddresses
from bot.http_client import Bounds, HttpAnswer, HttpClient, TooLarge, TransportFault
from bot.picture import MAX_BYTES
from config import is_loopback
from domain.errors import MediaError

PADDING = 32
"""An encrypted file is longer than its picture by at most this."""
PICTURE_BOUNDS = Bounds(connect=3, read=5, total=15, size=MAX_BYTES + PADDING)
"""At most 20 s in all: the last read may begin just before the 15."""
_LATER = frozenset({408, 425, 429})


class Downloader:
    """``media_hosts``: exact hosts beside that of ``api_base`` (see ``AllowedAddresses``)."""

    def __init__(self, api_base: str, media_hosts: Iterable[str], bounds: Bounds = PICTURE_BOUNDS) -> None:
        self._allowed = AllowedAddresses(api_base, media_hosts)
        self._http = HttpClient(bounds, proxies=not is_loopback(api_base))

    def fetch(self, url: str, params: Mapping[str, str] | None = None) -> HttpAnswer:
        """The file with status 200. Raises ``MediaError`` without the address in its words: it is signed."""
        if not self._allowed.permits(url):
            raise MediaError("address is not an allowed media host", permanent=True)
        try:
            answer = self._http.get(url, params)
        except TooLarge as fault:
            raise MediaError(fault.reason, permanent=True) from None
        except TransportFault as fault:
            raise MediaError(fault.reason, permanent=False) from None
        if answer.status != 200:
            # 403 and 404: its five minutes are over; 3xx: a redirect could lead anywhere
            final = 300 <= answer.status < 500 and answer.status not in _LATER
            raise MediaError(f"HTTP {answer.status}", permanent=final)
        return answer
