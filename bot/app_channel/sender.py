"""自建应用: 1:1 messages to one person, with buttons where there are some."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.account_files import AccountFiles
from bot.app_channel.card import button_card
from bot.app_channel.client import AppClient
from bot.error_codes import NOT_VISIBLE, TASK_EXISTS
from bot.platform_api import Answer, checked_text
from domain.errors import SendError
from domain.outgoing import MAX_BYTES, Delivery

DUPLICATE_WINDOW_S = 600
"""Longer than our retries after a lost answer, shorter than the time between two reminders."""


class AppSender:
    """Route ``app`` (see ``domain.outgoing.Sender``). The target is one userid."""

    max_bytes = MAX_BYTES["app"]

    def __init__(self, client: AppClient, media_dir: Path) -> None:
        self._client = client
        self._files = AccountFiles(client, media_dir)

    def send(self, delivery: Delivery) -> None:
        """Returns when the platform confirmed. Raises ``SendError``, permanent with code 81013 when this
        person cannot be reached by the app."""
        # touser is a list in one string: @all or a bar would reach people nobody meant
        if not delivery.target or delivery.target.startswith("@") or "|" in delivery.target:
            raise SendError("not one person's userid", permanent=True, code=NOT_VISIBLE)
        document = self._document(delivery)
        answer = self._client.post(
            "message/send",
            {
                "touser": delivery.target,
                "agentid": self._client.agent_id,
                "enable_duplicate_check": 0 if delivery.anew else 1,
                "duplicate_check_interval": DUPLICATE_WINDOW_S,
                **document,
            },
        )
        if answer.code:
            raise answer.error(already_delivered=answer.code == TASK_EXISTS)
        if _missed(answer, delivery.target):
            raise Answer(NOT_VISIBLE, "invaliduser").error()

    def _document(self, delivery: Delivery) -> Mapping[str, object]:
        if delivery.attachment is not None:
            kind = delivery.attachment.kind
            return {"msgtype": kind, kind: {"media_id": self._files.media_id(delivery, delivery.attachment)}}
        text = checked_text(delivery.text, self.max_bytes)
        if delivery.buttons:
            return {"msgtype": "template_card", "template_card": button_card(delivery)}
        return {"msgtype": "text", "text": {"content": text}}

    def update_card(self, response_code: str, text: str, userid: str) -> None:
        """Replace the buttons of the card that ``userid`` pressed by ``text``. A response_code is good for
        one call within 72 h. Raises ``SendError``."""
        answer = self._client.post(
            "message/update_template_card",
            {
                "userids": [userid],
                "agentid": self._client.agent_id,
                "response_code": response_code,
                "button": {"replace_name": text},
            },
        )
        if answer.code:
            raise answer.error()


class CardSender:
    """Route ``card`` (see ``domain.outgoing.Sender``). The target is the response code of a pressed card,
    the one mention the userid of who pressed it."""

    max_bytes = MAX_BYTES["card"]

    def __init__(self, app: AppSender) -> None:
        self._app = app

    def send(self, delivery: Delivery) -> None:
        """Returns when the platform confirmed. Raises ``SendError``."""
        text = checked_text(delivery.text, self.max_bytes)
        self._app.update_card(delivery.target, text, delivery.mentions[0])


def _missed(answer: Answer, userid: str) -> bool:
    """Whether the success was partial: the platform lists whom it did not reach, in lower case."""
    lists = (answer.body.get(name) for name in ("invaliduser", "unlicenseduser"))
    missed = {name for listed in lists if isinstance(listed, str) for name in listed.casefold().split("|")}
    return userid.casefold() in missed
