"""What a card shows once one of its buttons was pressed."""

from __future__ import annotations

from dataclasses import replace

from domain.outgoing import Outgoing, Purpose, ToCard
from handlers.sentences import cards as say
from handlers.visit import Result, Visit


def updated(visit: Visit, result: Result) -> Result:
    """The result with the new face of the pressed card, if a button was pressed."""
    if visit.message.button is None:
        return result
    face = Outgoing(ToCard(), say.face(result.outcome), Purpose.ANSWER, result.issue)
    return replace(result, messages=(*result.messages, face))
