"""Pictures of XML messages (app, 公众号): by address where its host is allowed, else by media id."""

from __future__ import annotations

from dataclasses import dataclass

from bot.download import Downloader
from bot.platform_api import read_answer
from bot.token_client import TokenClient
from bot.xml_message import MEDIA_PREFIX
from domain.errors import MediaError, SendError


@dataclass(frozen=True, slots=True)
class _File:
    code: int
    data: bytes = b""
    refusal: SendError | None = None


class PicturesById:
    """A ``bot.media.PictureSource``; the reference holds a URL, a media id, or both, in the order in which
    to try them."""

    def __init__(self, client: TokenClient, downloader: Downloader) -> None:
        self._client = client
        self._downloader = downloader

    def load(self, reference: str) -> bytes:
        """Raises the last ``MediaError`` when no way leads to the picture; temporary if one of them was."""
        errors: list[MediaError] = []
        for part in reference.split():
            try:
                if part.startswith(MEDIA_PREFIX):
                    return self._by_id(part.removeprefix(MEDIA_PREFIX))
                return self._downloader.fetch(part).body
            except MediaError as error:
                errors.append(error)
        if not errors:
            raise MediaError("empty picture reference", permanent=True)
        raise MediaError(errors[-1].reason, permanent=all(error.permanent for error in errors))

    def _by_id(self, media_id: str) -> bytes:
        try:
            file = self._client.with_token(lambda token: self._get(token, media_id))
        except SendError as error:
            # without a token nothing can be said about the picture
            raise MediaError(error.reason, permanent=False) from None
        if file.refusal is not None:
            raise MediaError(str(file.refusal), permanent=file.refusal.permanent)
        return file.data

    def _get(self, token: str, media_id: str) -> _File:
        secrets = {"access_token": token, "media_id": media_id}
        answer = self._downloader.fetch(f"{self._client.base}/cgi-bin/media/get", secrets)
        # a refusal comes as HTTP 200 with JSON in place of the file
        if "json" not in answer.content_type and not answer.body.startswith(b"{"):
            return _File(0, answer.body)
        refused = read_answer(answer, [token])
        return _File(refused.code, refusal=refused.error())
