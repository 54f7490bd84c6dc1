"""手册: one short page for the writer's role; 手册 商户 for another's."""

from __future__ import annotations

from domain.roster import Role
from handlers.sentences import manual as say
from handlers.visit import Result, Visit, answer


def show(visit: Visit) -> Result:
    """What a merchant, a chief or a supervisor types, with examples of this roster."""
    pages = {"商户": say.merchant, "路长": say.chief, "督导": say.supervisor}
    asked = next((role for role in pages if role in visit.command.rest), None)
    return answer(pages[asked or _role(visit)](visit.office), "manual")


def _role(visit: Visit) -> str:
    if visit.person is not None and visit.person.role in {Role.SUPERVISOR, Role.ADMINISTRATOR}:
        return "督导"
    return "路长" if visit.works_here else "商户"
