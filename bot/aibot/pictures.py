"""Pictures of the robot's messages: an address good for five minutes, the file encrypted.

By callback with the robot's key, by long connection with a key of its own.
"""

from __future__ import annotations

import base64
import binascii

from bot.aibot.bodies import OWN_KEY
from bot.download import Downloader
from bot.security import FileCipher, aes_key
from config import AibotSettings
from domain.errors import MediaError


class AibotPictures:
    """A ``bot.media.PictureSource``; the reference is the URL, with the file's own key behind it, if any.

    settings: None where the robot has no callback, and so no key for all files.
    """

    def __init__(self, settings: AibotSettings | None, downloader: Downloader) -> None:
        self._cipher = FileCipher(aes_key(settings.aes_key)) if settings else None
        self._downloader = downloader

    def load(self, reference: str) -> bytes:
        """Raises ``MediaError``."""
        address, _, own_key = reference.partition(OWN_KEY)
        cipher = _cipher(own_key) if own_key else self._cipher
        if cipher is None:
            raise MediaError("file has no key", permanent=True)
        encrypted = self._downloader.fetch(address).body
        try:
            return cipher.decrypt(encrypted)
        except ValueError as error:
            raise MediaError(f"file is not encrypted with its key: {error}", permanent=True) from error


def _cipher(own_key: str) -> FileCipher:
    """The platform leaves out the padding of its base64."""
    try:
        key = base64.b64decode(own_key + "=" * (-len(own_key) % 4), validate=True)
    except binascii.Error as error:
        raise MediaError("the file's key cannot be read", permanent=True) from error
    if len(key) != 32:
        raise MediaError("the file's key has the wrong length", permanent=True)
    return FileCipher(key)
