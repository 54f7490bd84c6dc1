"""Pictures that other programs hand over by POST, until the media lane has checked and stored them.

The web process looks at nothing but size and first bytes: decoding foreign pictures is the worker's business.
"""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from pathlib import Path

from bot.durable_file import keep
from domain.clock import MachineTime
from domain.errors import LuguanjiaError, MediaError

FOLDER = "incoming"
MAX_BYTES = 10 * 1024 * 1024
KEPT = timedelta(hours=48)
"""Longer than a poller may hold back the message that names a picture."""
REFERENCE = re.compile(r"[0-9a-f]{64}")
_BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8")


class NoPicture(LuguanjiaError):
    """The bytes are not those of a JPEG, PNG, GIF or WebP."""


class Uploads:
    """Files under MEDIA_DIR, each named by the SHA-256 of its bytes; the same picture twice is one."""

    def __init__(self, media_dir: Path) -> None:
        self._folder = media_dir / FOLDER

    def keep(self, data: bytes) -> str:
        """The reference that a message names it by. Raises ``NoPicture``, and ``OSError`` if the disk
        refuses."""
        if not (data.startswith(_BEGINNINGS) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")):
            raise NoPicture("not a JPEG, PNG, GIF or WebP")
        reference = hashlib.sha256(data).hexdigest()
        keep(self._folder / reference, data)
        (self._folder / reference).touch()  # named again, it is needed again
        return reference

    def load(self, reference: str) -> bytes:
        """The bytes (see ``bot.media.PictureSource``). Raises ``MediaError``."""
        if not REFERENCE.fullmatch(reference):
            raise MediaError("not the reference of an upload", permanent=True)
        try:
            return (self._folder / reference).read_bytes()
        except FileNotFoundError:
            # it may still come: a poller should upload first, but need not
            raise MediaError("picture was not uploaded", permanent=False) from None
        except OSError as error:
            raise MediaError(f"cannot read picture: {error.strerror}", permanent=False) from error


def forget_uploads(media_dir: Path, now: MachineTime) -> None:
    """Drop what was uploaded long ago; what a message named was stored elsewhere at once."""
    for path in (media_dir / FOLDER).glob("*"):
        if path.stat().st_mtime < (now - KEPT).timestamp():
            path.unlink(missing_ok=True)
