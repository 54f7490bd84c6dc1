"""公众号: 客服消息 to one follower, with lines to tap where there are buttons.

Allowed only for a while after his last word and so many times (``store.followers`` counts); a refusal for
that reason is no failure: the message waits for his next word.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.account_files import AccountFiles
from bot.error_codes import UNTIL_NEXT_WORD
from bot.platform_api import Answer, checked_text
from bot.token_client import STALE, TokenClient
from domain.errors import NotBeforeNextWord, SendError
from domain.outgoing import MAX_BYTES, Delivery


class MpSender:
    """Route ``mp`` (see ``domain.outgoing.Sender``). The target is an openid."""

    max_bytes = MAX_BYTES["mp"]

    def __init__(self, client: TokenClient, media_dir: Path) -> None:
        self._client = client
        self._files = AccountFiles(client, media_dir)

    def send(self, delivery: Delivery) -> None:
        """Returns when the platform confirmed. Raises ``SendError``, ``NotBeforeNextWord`` among them."""
        document = {"touser": delivery.target, **self._document(delivery)}
        answer = self._client.post("message/custom/send", document)
        if answer.code:
            raise refusal(answer)

    def _document(self, delivery: Delivery) -> Mapping[str, object]:
        if delivery.attachment is not None:
            return {
                "msgtype": "image",
                "image": {"media_id": self._files.media_id(delivery, delivery.attachment)},
            }
        text = checked_text(delivery.text, self.max_bytes)
        if not delivery.buttons:
            return {"msgtype": "text", "text": {"content": text}}
        # the tapped line comes back as its text, so that each line is what the button means
        lines = [{"id": str(n), "content": each.key} for n, each in enumerate(delivery.buttons, 1)]
        return {"msgtype": "msgmenu", "msgmenu": {"head_content": text, "list": lines, "tail_content": ""}}


def refusal(answer: Answer) -> SendError:
    """The platform's refusal as the outbox understands it. A token that is refused even when new was taken
    away by another program meanwhile: a matter of time."""
    error = answer.error()
    if answer.code in UNTIL_NEXT_WORD:
        return NotBeforeNextWord(error.reason, answer.code)
    if answer.code in STALE:
        return SendError(error.reason, permanent=False, code=answer.code)
    return error
