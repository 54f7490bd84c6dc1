"""Files the platform holds for a while: pictures of messages, uploads of the bot, what the page shows."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass


class MediaExpired(Exception):
    """The file was there and its time is over."""


@dataclass(frozen=True, slots=True)
class Media:
    id: str
    data: bytes
    content_type: str
    name: str
    expires: float


class MediaStore:
    """Files by unguessable id. ``life`` in seconds; at most ``size`` files are kept. Thread-safe."""

    def __init__(self, now: Callable[[], float], life: float, size: int = 2000) -> None:
        self._now = now
        self._life = life
        self._size = size
        self._files: OrderedDict[str, Media] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, data: bytes, content_type: str, name: str = "") -> str:
        """Keep the file and return its id."""
        media = Media(secrets.token_urlsafe(18), data, content_type, name, self._now() + self._life)
        with self._lock:
            self._files[media.id] = media
            if len(self._files) > self._size:
                self._files.popitem(last=False)
        return media.id

    def get(self, media_id: str) -> Media:
        """Raises KeyError for an unknown id and MediaExpired for a file whose time is over."""
        with self._lock:
            media = self._files[media_id]
        if self._now() > media.expires:
            raise MediaExpired(media_id)
        return media


def content_type_of(data: bytes) -> str:
    """By the first bytes, as a camera's file would be served."""
    for head, kind in ((b"\x89PNG", "image/png"), (b"\xff\xd8", "image/jpeg"), (b"GIF8", "image/gif")):
        if data.startswith(head):
            return kind
    return "image/webp" if data[8:12] == b"WEBP" else "application/octet-stream"
