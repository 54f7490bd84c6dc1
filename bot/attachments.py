"""Our own pictures and files on their way out: read from MEDIA_DIR, checked against what the route takes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from bot.error_codes import ADVICE, TOO_LARGE
from bot.http_client import FilePart
from domain.errors import SendError
from domain.outgoing import MAX_ATTACHED, Attachment, Delivery

SMALLEST = 6
"""Bytes; the platform takes nothing smaller."""
REMEMBERED = 1000
_MIME = {"image": "image/png", "file": "application/octet-stream"}


def content(media_dir: Path, delivery: Delivery, attachment: Attachment) -> bytes:
    """The attachment's bytes. Raises ``SendError``, permanent when it is gone or too large for its route."""
    most = MAX_ATTACHED.get((delivery.route, attachment.kind))
    if most is None:
        raise SendError(f"route {delivery.route} carries no {attachment.kind}", permanent=True)
    try:
        data = (media_dir / attachment.path).read_bytes()
    except FileNotFoundError:
        raise SendError(f"file is gone: {attachment.path}", permanent=True) from None
    except OSError as error:
        raise SendError(f"file cannot be read: {error.strerror}", permanent=False) from error
    if not SMALLEST <= len(data) <= most:
        reason = f"{ADVICE[TOO_LARGE]}:{len(data)} bytes, at most {most}"
        raise SendError(reason, permanent=True, code=TOO_LARGE)
    return data


def form_part(attachment: Attachment, data: bytes) -> FilePart:
    """As the platform's upload calls want it."""
    return FilePart("media", attachment.name, data, _MIME[attachment.kind])


class Uploaded:
    """Which delivery's file is at the platform already, so that a repeated call names the same one and is
    known for a repetition. Good for the retries of this process; a media id lives three days."""

    def __init__(self) -> None:
        self._ids: OrderedDict[str, str] = OrderedDict()

    def id_of(self, key: str, upload: Callable[[], str]) -> str:
        """The media id of a delivery's file: the one known, else what ``upload`` gives."""
        if (known := self._ids.get(key)) is not None:
            return known
        self._ids[key] = media_id = upload()
        while len(self._ids) > REMEMBERED:
            self._ids.popitem(last=False)
        return media_id
