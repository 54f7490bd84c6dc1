"""Pictures from a channel's reference to a checked file under ``MEDIA_DIR``.

How a reference becomes bytes is the channel's business (``bot/<channel>/pictures.py``); what may be kept, and
where, is decided here for all of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.durable_file import keep
from bot.picture import Picture, clean_picture
from domain.errors import MediaError


class PictureSource(Protocol):
    """A channel's way to its pictures."""

    def load(self, reference: str) -> bytes:
        """The picture's bytes as its sender made them. Raises ``MediaError``."""


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """hash: SHA-256 of the stored bytes. path: relative to MEDIA_DIR. size: bytes."""

    hash: str
    path: str
    mime: str
    width: int
    height: int
    size: int


class PictureFetcher:
    """``sources`` by the channel name of ``IncomingMessage.channel``."""

    def __init__(self, media_dir: Path, sources: Mapping[str, PictureSource]) -> None:
        self._media_dir = media_dir
        self._sources = sources

    def fetch(self, channel: str, reference: str) -> StoredPicture:
        """Fetch, check, strip and store one picture; the same picture twice is one file. Raises
        ``MediaError``, permanent where fetching again cannot help."""
        source = self._sources.get(channel)
        if source is None:
            raise MediaError(f"channel {channel} is off", permanent=True)
        return store_picture(clean_picture(source.load(reference)), self._media_dir)


def store_picture(picture: Picture, media_dir: Path) -> StoredPicture:
    """Write ``ab/abcd….jpg`` so that a reader, or a crash, never meets half a file. Raises ``MediaError``,
    not permanent, when the disk refuses."""
    digest = hashlib.sha256(picture.data).hexdigest()
    path = Path(digest[:2]) / f"{digest}.{picture.extension}"
    try:
        keep(media_dir / path, picture.data)
    except OSError as error:
        raise MediaError(f"cannot store picture: {error.strerror}", permanent=False) from error
    return StoredPicture(
        digest, path.as_posix(), picture.mime, picture.width, picture.height, len(picture.data)
    )
