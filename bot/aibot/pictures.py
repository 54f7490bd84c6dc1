"""Pictures of the robot's messages: an address good for five minutes, the file encrypted with our key."""

from __future__ import annotations

from bot.download import Downloader
from bot.security import FileCipher, aes_key
from config import AibotSettings
from domain.errors import MediaError


class AibotPictures:
    """A ``bot.media.PictureSource``; the reference is the URL."""

    def __init__(self, settings: AibotSettings, downloader: Downloader) -> None:
        self._cipher = FileCipher(aes_key(settings.aes_key))
        self._downloader = downloader

    def load(self, reference: str) -> bytes:
        """Raises ``MediaError``."""
        encrypted = self._downloader.fetch(reference).body
        try:
            return self._cipher.decrypt(encrypted)
        except ValueError as error:
            raise MediaError(
                f"file is not encrypted with this robot's key: {error}", permanent=True
            ) from error
