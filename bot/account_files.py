"""Pictures and files uploaded in an account's name, the same for app and 公众号."""

from __future__ import annotations

from pathlib import Path

from bot.attachments import Uploaded, content, form_part
from bot.platform_api import media_id_of
from bot.token_client import TokenClient
from domain.outgoing import Attachment, Delivery


class AccountFiles:
    """What was uploaded is not uploaded again for a repeated call."""

    def __init__(self, client: TokenClient, media_dir: Path) -> None:
        self._client = client
        self._media_dir = media_dir
        self._uploaded = Uploaded()

    def media_id(self, delivery: Delivery, attachment: Attachment) -> str:
        """The platform's id of the file. Raises ``SendError``."""
        return self._uploaded.id_of(delivery.key, lambda: self._upload(delivery, attachment))

    def _upload(self, delivery: Delivery, attachment: Attachment) -> str:
        file = form_part(attachment, content(self._media_dir, delivery, attachment))
        return media_id_of(self._client.upload("media/upload", {"type": attachment.kind}, file))
