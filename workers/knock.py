"""A follower to whom no 客服消息 may be sent now is told by 订阅通知 that something waits for his word."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from domain.clock import MachineTime
from domain.outgoing import Address, Draft, Purpose
from handlers.sentences.notification import notification
from store import issues, outbox
from workers.bootstrap import Parts


def _is_news(draft: Draft) -> bool:
    return draft.issue is not None and draft.purpose is not Purpose.ANSWER


def knock(parts: Parts, connection: Connection, slept: Iterable[Draft], now: MachineTime) -> None:
    """One notification per follower and issue, of what was said last; where a template is configured."""
    about = {(each.address.target, each.issue): each for each in slept if _is_news(each)}
    if not about or "mp_notice" not in parts.senders:
        return
    office, moment = parts.office(), parts.business_now(connection, now)
    found = issues.of_numbers(connection, {number for _, number in about if number is not None})
    outbox.add(
        connection,
        [
            Draft(
                Address("mp_notice", openid),
                notification(office, found[number], draft.text, moment),
                Purpose.NOTICE,
                issue=number,
            )
            for (openid, number), draft in about.items()
            if number in found
        ],
        now,
    )
