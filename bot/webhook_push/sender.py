"""消息推送: the push robot of a group, addressed by the key that is its only secret."""

from __future__ import annotations

from collections.abc import Callable

from bot.platform_api import PlatformApi, checked_text
from domain.errors import SendError
from domain.outgoing import MAX_BYTES, Delivery

EVERYBODY = "@all"


class WebhookSender:
    """Route ``webhook`` (see ``domain.outgoing.Sender``). The target is a chat id; ``key_of`` knows the
    group's push key, or None."""

    max_bytes = MAX_BYTES["webhook"]

    def __init__(self, api: PlatformApi, key_of: Callable[[str], str | None]) -> None:
        self._api = api
        self._key_of = key_of

    def send(self, delivery: Delivery) -> None:
        """Returns when the platform confirmed. Raises ``SendError``, permanent for a group without key."""
        text: dict[str, object] = {"content": checked_text(delivery.text, self.max_bytes)}
        # nobody means to call a whole street; only a userid that looks like it could
        if mentions := [userid for userid in delivery.mentions if userid and userid != EVERYBODY]:
            text["mentioned_list"] = mentions
        key = self._key_of(delivery.target)
        if not key:
            raise SendError("no push key: 请把推送机器人加入该群并登记 key", permanent=True)
        answer = self._api.post("webhook/send", {"key": key}, {"msgtype": "text", "text": text})
        if answer.code:
            raise answer.error()
