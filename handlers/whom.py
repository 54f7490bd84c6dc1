"""Who is meant by 转派 and 协办: a name, a userid, a road, a department; else a numbered question."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from domain.issues import Issue
from domain.ports import Question
from domain.roster import Person, Role, Section
from handlers import said
from handlers.sentences import chief as say
from handlers.visit import Result, Visit, answer
from nlp.commands import bare_choice
from nlp.reading import Command

MAX_OPTIONS = 9
LONGEST_NAME = 12
_NUMERAL = re.compile(r"(?<![A-Za-z\d_-])\d+(?![A-Za-z\d_-])")
_TARGET = re.compile(
    r"\s*(?:转派|转给|派给|交给|改派|给|到|由|请|让|@|＠)*\s*([^\s,，。:;、@]*)[\s,，。:;、]*(.*)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a command names: nobody, one, or several of one name. section: the road that was named instead.
    reason: what else was said. said: the word taken for a name."""

    people: tuple[Person, ...] = ()
    section: Section | None = None
    reason: str = ""
    said: str = ""


def named(visit: Visit, issue: Issue) -> Named:
    """What the command says about whom."""
    words = said.words(visit)
    match = _TARGET.fullmatch(words)
    word, reason = (match[1], match[2]) if match else (words, "")
    section = visit.office.roster.section(word.removesuffix("路长")) or visit.office.roster.section(word)
    if section is not None:
        return Named((), section, reason, word)
    if people := _by_name(visit, issue, word):
        return Named(people, None, reason, word)
    departments = visit.office.taxonomy.departments
    if department := next((name for name in departments if name in word), None):
        return _officers(visit, department, reason)
    if department := next((name for name in departments if name in words), None):
        return _officers(visit, department, words)
    return Named((), None, reason, word)


def _officers(visit: Visit, department: str, reason: str) -> Named:
    """Those of a department; of several the one whose name follows."""
    officers = visit.office.roster.officers(department)
    meant = [person for person in officers if reason.startswith(person.name)]
    if len(officers) > 1 and meant:
        return Named(tuple(meant), None, reason.removeprefix(meant[0].name).strip(), department)
    left = reason.removeprefix(officers[0].name).strip() if officers else reason
    return Named(officers, None, left, department)


def _by_name(visit: Visit, issue: Issue, word: str) -> tuple[Person, ...]:
    """By userid, by whole name, or by a name the word begins with (张三吧)."""
    if not word:
        return ()
    person = visit.office.roster.person(word)
    if person is not None:
        return (person,) if eligible(visit, issue, person) else ()
    people = [person for person in visit.office.roster.people if eligible(visit, issue, person)]
    same = [person for person in people if person.name == word]
    begun = [person for person in people if len(person.name) > 1 and word.startswith(person.name)]
    return tuple(same or begun)


def eligible(visit: Visit, issue: Issue, person: Person) -> bool:
    """Whether an issue may be given to a person: officers of all departments, and those who work in its
    subdistrict. Nobody learns a name from elsewhere."""
    roster = visit.office.roster
    if person.role in {Role.OFFICER, Role.ADMINISTRATOR} or person.unit == issue.subdistrict:
        return person.role is not Role.MERCHANT
    if issue.section is not None and roster.may_manage(person, issue.section):
        return True
    sections = (roster.section(duty.section) for duty in roster.duties_held(person.userid))
    return any(section is not None and section.subdistrict == issue.subdistrict for section in sections)


def proposals(visit: Visit, issue: Issue, *, only_officers: bool = False) -> tuple[Person, ...]:
    """Who is possible: officers for this category first, then the people of the section."""
    roster, row = visit.office.roster, visit.office.taxonomy.sub(issue.category, issue.sub)
    departments = row.officers or (visit.office.taxonomy.departments if only_officers else ())
    officers = [person for name in departments for person in roster.officers(name)]
    near = [] if only_officers or issue.section is None else _of_section(visit, issue.section)
    taken = {issue.owner, *issue.helpers}
    found = dict.fromkeys(person for person in (*officers, *near) if person.userid not in taken)
    return tuple(found)[:MAX_OPTIONS]


def _of_section(visit: Visit, section: str) -> list[Person]:
    roster = visit.office.roster
    ids = [duty.userid for duty in reversed(roster.duties_of(section)) if duty.level > 1]
    with_substitutes = [name for userid in ids for name in (userid, *_substitutes(visit, userid))]
    return [person for userid in with_substitutes if (person := roster.person(userid)) is not None]


def _substitutes(visit: Visit, userid: str) -> Iterable[str]:
    return (person.userid for person in visit.office.roster.substitutes(userid))


def ask(visit: Visit, issue: Issue, verb: str, found: Named, people: tuple[Person, ...]) -> Result:
    """A numbered question; several issues of one message are asked about together."""
    inbox, numbers = str(visit.desk.inbox_id), [str(issue.number)]
    asked = visit.desk.question(visit.message.chat_key, visit.userid, timedelta(0))
    if asked is not None and asked.kind == "whom" and asked.data.get("inbox") == inbox:
        numbers = [*asked.data["numbers"].split(), *numbers]
        people = tuple(filter(None, map(visit.office.roster.person, asked.options)))
    unknown = "" if found.people else found.said
    data = {"verb": verb, "numbers": " ".join(numbers), "reason": found.reason, "inbox": inbox}
    options = tuple(person.userid for person in people[:MAX_OPTIONS])
    visit.desk.ask(visit.message.chat_key, visit.userid, Question("whom", options, data))
    text = say.whom(visit.office, verb, issue.number, people[:MAX_OPTIONS], unknown)
    return answer(text, "asked_whom", issue)


def chosen(visit: Visit, question: Question, resume: Callable[[Visit, str], Result | None]) -> Result | None:
    """The answer: a number of the list, or a name."""
    choice, text = bare_choice(visit.message.text), visit.message.text.strip()
    if choice is not None and 1 <= choice <= len(question.options):
        name = question.options[choice - 1]
    elif visit.reading.command is None and 0 < len(text) <= LONGEST_NAME and not _NUMERAL.search(text):
        name = text
    else:
        return None
    numbers = tuple(int(number) for number in question.data["numbers"].split())
    command = Command(
        question.data["verb"], numbers, f"@{name.lstrip('@')} {question.data['reason']}".strip()
    )
    again = replace(visit, reading=replace(visit.reading, command=command))
    if choice is None and not _means_somebody(again, numbers):
        return None
    return resume(again, command.verb)


def _means_somebody(visit: Visit, numbers: tuple[int, ...]) -> bool:
    issue = visit.desk.issue(numbers[0])
    found = named(visit, issue) if issue is not None else Named()
    return bool(found.people or found.section) and not found.reason
