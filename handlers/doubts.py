"""What may be a report but was not said to us: kept, shown 1:1 to its would-be owner, taken up by 立案 3."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from domain.doubts import EVERY, Doubt
from domain.issues import Action
from domain.outgoing import Outgoing, Purpose, ToGroup, ToPerson, ToWriter
from domain.ports import Desk
from handlers import report, routing
from handlers.sentences import doubts as say
from handlers.site import locate
from handlers.visit import Result, Visit, answer, silence
from nlp.reading import Place, Problem, Reading

MOST_AT_ONCE = 10
DOUBTFUL = "doubtful"


def kept(visit: Visit) -> Result:
    """Silence in the group. Without anybody who would own it there is nobody to be shown it."""
    owner = _owner(visit)
    if owner is None or owner == visit.userid:
        return silence(DOUBTFUL)
    doubt = Doubt(
        visit.message,
        visit.desk.inbox_id,
        owner,
        visit.now,
        visit.reading.likely_report,
        _kept(visit.reading),
    )
    visit.desk.doubts.keep(doubt)
    return Result(DOUBTFUL, shown(visit.desk, owner, danger=True) if _dangerous(visit) else ())


def _owner(visit: Visit) -> str | None:
    site = locate(visit)
    if site.section is None:
        return None
    person = visit.office.roster.owner(site.section.name, site.house_number, visit.office.absent)
    return person.userid if person else None


def _dangerous(visit: Visit) -> bool:
    guess = next(iter(visit.reading.guesses), None)
    return guess is not None and visit.office.taxonomy.sub(guess.category, guess.sub).danger


def shown(desk: Desk, owner: str, *, danger: bool = False) -> tuple[Outgoing, ...]:
    """The list of what came up since the last one."""
    found = desk.doubts.number_all(owner)
    if not found:
        return ()
    text = say.listed(desk.office, found, danger=danger)
    return (Outgoing(ToPerson(owner, None), text, Purpose.NOTICE, danger=danger),)


def due(desk: Desk, owner: str) -> tuple[Outgoing, ...]:
    """The same, at most once an hour and never in his quiet hours."""
    if routing.quiet_until(desk.office, None, owner, desk.now) > desk.now:
        return ()
    return shown(desk, owner) if desk.once(f"doubts:{owner}", EVERY) else ()


def take_up(visit: Visit) -> Result:
    """立案 3: it is a report after all, as if its sender had said it to the bot just now."""
    numbers = visit.command.numbers[:MOST_AT_ONCE]
    if not numbers:
        return answer(say.which(), "asked_which_doubt")
    results = [_take_up(visit, number) for number in dict.fromkeys(numbers)]
    lines = [each.text for result in results for each in result.messages if isinstance(each.to, ToWriter)]
    others = [each for result in results for each in result.messages if not isinstance(each.to, ToWriter)]
    whole = answer("\n".join(lines), results[0].outcome)
    return Result(whole.outcome, (*whole.messages, *others), results[0].issue)


def _take_up(visit: Visit, position: int) -> Result:
    doubt = visit.desk.doubts.find(visit.userid, position)
    if doubt is None:
        return answer(say.no_such(position), "no_such_doubt")
    said = Visit(doubt.message, _read(doubt.reading), visit.desk, visit.lexicon)
    result = report.report(said)
    issue = visit.desk.issue(result.issue or 0)
    if issue is None:
        return answer(say.no_such(position), "no_such_doubt")
    visit.desk.doubts.take_up(doubt, issue.number)
    visit.desk.attach_earlier(issue.number, doubt.inbox_id, proof=False)
    visit.note(issue, Action.TAKE_UP, f"{visit.actor.name} 从群聊立案")
    opened = result.outcome.startswith("reported")
    text = say.taken_up(visit.office, issue, position) if opened else say.joined(issue, position)
    return answer(text, "taken_up" if opened else "joined", issue, *_told(visit, said, result))


def _told(visit: Visit, said: Visit, result: Result) -> tuple[Outgoing, ...]:
    """What is for the sender goes to his group; the one who took it up need not be told of it again."""
    group = ToGroup(said.message.chat.id, (said.userid,))
    to_sender = (
        replace(each, to=group, purpose=Purpose.NOTICE)
        for each in result.messages
        if isinstance(each.to, ToWriter)
    )
    others = (
        each
        for each in result.messages
        if not isinstance(each.to, ToWriter)
        and not (isinstance(each.to, ToPerson) and each.to.userid == visit.userid)
    )
    return (*to_sender, *others)


def _kept(reading: Reading) -> Mapping[str, object]:
    """Of a reading what a report is made of."""
    return {
        "place": asdict(reading.place),
        "guesses": [asdict(guess) for guess in reading.guesses],
        "likely": reading.likely_report,
    }


def _read(kept: Mapping[str, Any]) -> Reading:
    place = {**kept["place"], "candidates": tuple(kept["place"]["candidates"])}
    guesses = tuple(Problem(**{**each, "matched": tuple(each["matched"])}) for each in kept["guesses"])
    return Reading(
        "report",
        kept["likely"],
        place=Place(**place),
        problems=guesses,
        likely_report=kept["likely"],
        guesses=guesses,
    )
