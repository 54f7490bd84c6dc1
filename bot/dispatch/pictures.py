"""Pictures of what another system hands over: uploaded, or fetched from the hosts the operator allowed."""

from __future__ import annotations

from bot.download import Downloader
from bot.uploads import REFERENCE, Uploads


class DispatchPictures:
    """See ``bot.media.PictureSource``."""

    def __init__(self, uploads: Uploads, downloader: Downloader) -> None:
        self._uploads = uploads
        self._downloader = downloader

    def load(self, reference: str) -> bytes:
        """The picture's bytes. Raises ``MediaError``."""
        if REFERENCE.fullmatch(reference):
            return self._uploads.load(reference)
        return self._downloader.fetch(reference).body
