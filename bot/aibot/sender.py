"""The robot's answer to one message: markdown to its single-use ``response_url``."""

from __future__ import annotations

from bot.addresses import AllowedAddresses
from bot.platform_api import Answer, PlatformApi, checked_text
from domain.errors import SendError
from domain.outgoing import MAX_BYTES, Delivery


class ReplySender:
    """Route ``reply`` (see ``domain.outgoing.Sender``). The target is a response_url: valid for an hour and
    one call, so a second call for the same message fails with ``already_delivered`` where the platform
    says so."""

    max_bytes = MAX_BYTES["reply"]

    def __init__(self, api: PlatformApi) -> None:
        self._api = api
        self._allowed = AllowedAddresses(api.base)

    def send(self, delivery: Delivery) -> None:
        """Returns when the platform confirmed. Raises ``SendError``."""
        content = checked_text(delivery.text, self.max_bytes)
        if not self._allowed.permits(delivery.target):
            raise SendError("reply address is not the platform's", permanent=True)
        answer = self._api.post_to(delivery.target, {"msgtype": "markdown", "markdown": {"content": content}})
        if answer.code:
            raise answer.error(already_delivered=_says_used(answer))


def _says_used(answer: Answer) -> bool:
    # the platform publishes no code for this, and the same code may mean expired: only its words tell
    message = answer.message.lower()
    return "used" in message.replace("unused", "") or "已使用" in message or "已被使用" in message
