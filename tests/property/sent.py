"""What may leave the bot, whatever people wrote."""

from __future__ import annotations

import re
from collections.abc import Iterable

from domain.outgoing import Draft
from tests.property.street import Heard

ACTIVE_MENTION = re.compile(r"<@|@all\b|@所有人")
MARKDOWN_LINK = re.compile(r"\]\s*\(|https?://|evil\.com")
INVISIBLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def check_answer(heard: Heard) -> None:
    """One answer to the writer at most."""
    assert len(heard.answers) <= 1, heard.answers
    replies = [draft for draft in heard.drafts if draft.address.route == "reply"]
    assert len(replies) <= 1, replies


def check(drafts: Iterable[Draft]) -> None:
    """Nothing active of anybody's text, and the number on whatever is about an issue."""
    for draft in drafts:
        text = draft.text
        assert text.strip(), draft
        assert not ACTIVE_MENTION.search(text), text
        assert not MARKDOWN_LINK.search(text), text
        assert not INVISIBLE.search(text), repr(text)
        if draft.issue is not None and draft.address.route != "card":
            assert re.search(rf"#{draft.issue}(?!\d)", text), text
