"""A picture that came before its command: kept for ten minutes as the proof of the next 办结, said anywhere.

It is remembered as a question of its own, beside the chats, because the picture comes 1:1 and 办结 often in
the group. It serves every issue of one message, then it is used up.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from domain.ports import Question
from handlers.visit import Visit

BESIDE_THE_CHATS = "held-picture"
HELD = timedelta(minutes=10)


def hold(visit: Visit) -> None:
    """Keep the pictures of this message."""
    question = Question("held", data={"inbox": str(visit.desk.inbox_id), "used_by": ""})
    visit.desk.ask(BESIDE_THE_CHATS, visit.userid, question)


def drop(visit: Visit) -> None:
    """It was meant for something else."""
    visit.desk.forget_question(BESIDE_THE_CHATS, visit.userid)


def is_held(visit: Visit) -> bool:
    """Whether a picture waits for this message to use it."""
    return _found(visit) is not None


def use(visit: Visit, number: int) -> int:
    """The held picture is the proof of this issue. Returns how many there are: 1 or 0."""
    held = _found(visit)
    if held is None:
        return 0
    visit.desk.attach_earlier(number, int(held.data["inbox"]), proof=True)
    if not held.data["used_by"]:
        used = {**held.data, "used_by": str(visit.desk.inbox_id)}
        visit.desk.ask(BESIDE_THE_CHATS, visit.userid, replace(held, data=used))
    return 1


def use_for_report(visit: Visit, number: int) -> None:
    """It shows what was reported just after it."""
    held = _found(visit)
    if held is not None:
        visit.desk.attach_earlier(number, int(held.data["inbox"]), proof=False)
        drop(visit)


def _found(visit: Visit) -> Question | None:
    held = visit.desk.question(BESIDE_THE_CHATS, visit.userid, HELD)
    if held is None or held.data["used_by"] not in {"", str(visit.desk.inbox_id)}:
        return None
    return held
