"""公众号: 订阅通知, a short word to a follower who asked for it, when no 客服消息 may be sent to him."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from bot.mp.sender import refusal
from bot.token_client import TokenClient
from config import TemplateSettings
from domain.outgoing import MAX_BYTES, Delivery

_NOT_CHINESE = re.compile("[^\u4e00-\u9fff]")
_NOT_PLAIN = re.compile(r"[^\x21-\x7e]")
_NO_DIGIT = re.compile(r"\D")
NOTHING = "无"


def _short(value: str, most: int) -> str:
    return value if len(value) <= most else f"{value[: most - 1]}…"


def _thing(value: str) -> str:
    return _short(value, 20)


FITS: Mapping[str, Callable[[str], str]] = {
    "phrase": lambda value: _NOT_CHINESE.sub("", value)[:5],
    "character_string": lambda value: _NOT_PLAIN.sub("", value)[:32],
    "number": lambda value: _NO_DIGIT.sub("", value)[:32],
    "short_thing": lambda value: _short(value, 5),
    "time": lambda value: value,
    "date": lambda value: value.partition(" ")[0],
}
"""What each kind of keyword takes; all others take twenty characters (thing)."""


class NoticeSender:
    """Route ``mp_notice`` (see ``domain.outgoing.Sender``). The target is an openid; the text has a line
    ``word:value`` for each of ``config.TEMPLATE_WORDS``."""

    max_bytes = MAX_BYTES["mp_notice"]

    def __init__(self, client: TokenClient, template: TemplateSettings) -> None:
        self._client = client
        self._template = template

    def send(self, delivery: Delivery) -> None:
        """Returns when the platform confirmed. Raises ``SendError``."""
        lines = (line.partition(":") for line in delivery.text.splitlines())
        values = {word: value for word, _, value in lines}
        data = {keyword: {"value": fitted(keyword, values.get(word, ""))} for keyword, word in self._fields}
        document = {"touser": delivery.target, "template_id": self._template.id, "data": data}
        answer = self._client.post("message/subscribe/bizsend", document)
        if answer.code:
            raise refusal(answer)

    @property
    def _fields(self) -> tuple[tuple[str, str], ...]:
        return self._template.fields


def fitted(keyword: str, value: str) -> str:
    """A value as its keyword takes it (``phrase2``: at most five Chinese characters); never empty."""
    return FITS.get(keyword.rstrip("0123456789"), _thing)(value.strip()) or NOTHING
