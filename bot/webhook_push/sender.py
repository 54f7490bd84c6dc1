"""消息推送: the push robot of a group, addressed by the key that is its only secret."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

from bot.attachments import Uploaded, content, form_part
from bot.platform_api import PlatformApi, checked_text, media_id_of
from domain.errors import SendError
from domain.outgoing import MAX_BYTES, Attachment, Delivery

EVERYBODY = "@all"


class WebhookSender:
    """Route ``webhook`` (see ``domain.outgoing.Sender``). The target is a chat id; ``key_of`` knows the
    group's push key, or None."""

    max_bytes = MAX_BYTES["webhook"]

    def __init__(self, api: PlatformApi, key_of: Callable[[str], str | None], media_dir: Path) -> None:
        self._api = api
        self._key_of = key_of
        self._media_dir = media_dir
        self._uploaded = Uploaded()

    def send(self, delivery: Delivery) -> None:
        """Returns when the platform confirmed. Raises ``SendError``, permanent for a group without key."""
        document = {} if delivery.attachment else self._text(delivery)
        key = self._key_of(delivery.target)
        if not key:
            raise SendError("no push key: 请把推送机器人加入该群并登记 key", permanent=True)
        if delivery.attachment:
            document = self._attached(delivery, delivery.attachment, key)
        answer = self._api.post("webhook/send", {"key": key}, document)
        if answer.code:
            raise answer.error()

    def _text(self, delivery: Delivery) -> dict[str, object]:
        text: dict[str, object] = {"content": checked_text(delivery.text, self.max_bytes)}
        # nobody means to call a whole street; only a userid that looks like it could
        if mentions := [userid for userid in delivery.mentions if userid and userid != EVERYBODY]:
            text["mentioned_list"] = mentions
        return {"msgtype": "text", "text": text}

    def _attached(self, delivery: Delivery, attachment: Attachment, key: str) -> dict[str, object]:
        data = content(self._media_dir, delivery, attachment)
        if attachment.kind == "image":
            digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
            return {"msgtype": "image", "image": {"base64": b64encode(data).decode(), "md5": digest}}
        return {"msgtype": "file", "file": {"media_id": self._media_id(delivery, attachment, data, key)}}

    def _media_id(self, delivery: Delivery, attachment: Attachment, data: bytes, key: str) -> str:
        query, file = {"key": key, "type": "file"}, form_part(attachment, data)
        return self._uploaded.id_of(
            delivery.key, lambda: media_id_of(self._api.upload("webhook/upload_media", query, file))
        )
