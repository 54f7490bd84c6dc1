"""自建应用: changing a template card that was sent (DOC 94888)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sandbox.cgi_bin import content
from sandbox.cgi_bin.answer import Answer
from sandbox.cgi_bin.app_messages import check_agent, check_token, everybody
from sandbox.cgi_bin.errors import ApiError
from sandbox.transcript import Draft
from sandbox.world import World


def update_card(world: World, access_token: str, body: dict[str, Any]) -> Answer:
    """Change a card once per response_code within 72 h: replace its buttons, or all of it."""
    check_token(world, access_token)
    check_agent(world, body)
    change = _card_change(body)
    code = str(body.get("response_code") or "")
    msgid = world.card_codes.subject(code)
    if (state := world.card_codes.use(code)) != "good":
        raise ApiError(40029, f"response_code {state}")
    wanted = everybody(world) if body.get("atall") == 1 else body.get("userids") or []
    chats = [f"app:{userid}" for userid in wanted if _change_card(world, f"{msgid}:{userid}", change)]
    return Answer({"errcode": 0, "errmsg": "ok", "invaliduser": []}, chats=tuple(chats))


def _card_change(body: dict[str, Any]) -> Draft | str:
    """The new card, or the words that replace the buttons."""
    if isinstance(body.get("template_card"), dict):
        return content.card(body, content.NOTICE_CARDS + content.BUTTON_CARDS)
    name = content.part(body, "button").get("replace_name")
    if not isinstance(name, str) or not name:
        raise ApiError(40035, "button.replace_name")
    return name


def _change_card(world: World, entry_id: str, change: Draft | str) -> bool:
    entry = world.transcript.find(entry_id)
    if entry is None or entry.card is None:
        return False
    if isinstance(change, Draft):
        return world.transcript.change(entry_id, text=change.text, card=change.card) is not None
    return world.transcript.change(entry_id, card=replace(entry.card, done=change)) is not None
