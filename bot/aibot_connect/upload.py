"""Pictures and files through the long connection: announced, sent in parts, finished."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from pathlib import Path

from bot.aibot_connect.frames import Command
from bot.aibot_connect.link import Link
from bot.attachments import Uploaded, content
from bot.platform_api import Answer, media_id_of
from domain.errors import SendError
from domain.outgoing import Attachment, Delivery

PART = 512 * 1024
"""Bytes of one part before its encoding; a hundred parts are allowed, more than the largest file has."""


class Uploader:
    """What was uploaded is not uploaded again for a repeated call."""

    def __init__(self, link: Link, media_dir: Path) -> None:
        self._link = link
        self._media_dir = media_dir
        self._uploaded = Uploaded()

    def media_id(self, delivery: Delivery, attachment: Attachment) -> str:
        """The platform's id of the file. Raises ``SendError``; nobody has seen anything then."""
        return self._uploaded.id_of(delivery.key, lambda: self._upload(delivery, attachment))

    def _upload(self, delivery: Delivery, attachment: Attachment) -> str:
        data = content(self._media_dir, delivery, attachment)
        parts = [data[start : start + PART] for start in range(0, len(data), PART)]
        upload_id = self._begin(attachment, data, len(parts))
        for index, part in enumerate(parts):
            body = {"upload_id": upload_id, "chunk_index": index, "base64_data": b64encode(part).decode()}
            self._ask(Command.UPLOAD_PART, body)
        return media_id_of(self._ask(Command.UPLOAD_END, {"upload_id": upload_id}))

    def _begin(self, attachment: Attachment, data: bytes, parts: int) -> str:
        body = {
            "type": attachment.kind,
            "filename": attachment.name,
            "total_size": len(data),
            "total_chunks": parts,
            "md5": hashlib.md5(data, usedforsecurity=False).hexdigest(),
        }
        upload_id = self._ask(Command.UPLOAD_BEGIN, body).body.get("upload_id")
        if not isinstance(upload_id, str) or not upload_id:
            raise SendError("the platform's answer holds no upload_id", permanent=False)
        return upload_id

    def _ask(self, command: Command, body: dict[str, object]) -> Answer:
        try:
            answer = self._link.request(command, body)
        except SendError as error:  # an upload alone shows nobody anything, so that trying again does no harm
            raise SendError(error.reason, permanent=False) from error
        if answer.code:
            raise answer.error()
        return answer
