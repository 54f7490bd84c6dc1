"""What is decided when a message leaves: whether it may still be said, and what several say as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from domain import gathering
from domain.clock import BusinessTime
from domain.gathering import REMINDS, Word
from domain.issues import OPEN, UNFINISHED, Issue, State
from domain.office import Office
from domain.outgoing import MAX_BYTES, TO_PERSON, Button, Draft, Purpose, RouteKind
from domain.with_officer import stands_still
from handlers import routing, sentences
from handlers.sentences.gathered import FEW

TAPPED_LINES: frozenset[RouteKind] = frozenset({"mp"})
"""Routes whose buttons are lines that say what they mean, not parts of one card."""
MOST_LINES = 10


@dataclass(frozen=True, slots=True)
class Pushes:
    """What a person got today: how many messages, and when the last of those that wait for a digest."""

    count: int = 0
    last: BusinessTime | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """What goes out for several words."""

    text: str
    mentions: tuple[str, ...]
    buttons: tuple[Button, ...] = ()


def void(draft: Draft, issue: Issue | None, now: BusinessTime, *, acted: bool) -> str | None:
    """Why a word is not said any more: its reason is gone. None: it is said. ``acted``: who it is for has
    done something about the issue since it was written."""
    if issue is not None and issue.state is not State.RESOLVED and _asks_whether_solved(draft, issue):
        return f"issue is {issue.state} by now"
    if draft.purpose not in REMINDS | {Purpose.TASK} or issue is None:
        return None
    if issue.state not in (OPEN if draft.purpose is Purpose.TASK else UNFINISHED):
        return f"issue is {issue.state} by now"
    return _moot(draft, issue, now, acted=acted) if draft.purpose is Purpose.REMINDER else None


def _moot(draft: Draft, issue: Issue, now: BusinessTime, *, acted: bool) -> str | None:
    """Why an owner need not be reminded any more."""
    if stands_still(issue) and not issue.danger:
        return "an officer has it by now"
    if acted and not sentences.is_late(issue, now):
        return "its owner has acted since"
    if draft.mentions and issue.owner not in draft.mentions:
        return "the issue has another owner by now"
    return None


def _asks_whether_solved(draft: Draft, issue: Issue) -> bool:
    return any(button.key == f"满意 {issue.number}" for button in draft.buttons)


def held_until(office: Office, draft: Draft, issue: Issue | None, now: BusinessTime) -> BusinessTime:
    """``now``, or when this may be said: not in quiet hours, and a reminder of what runs on the working clock
    only in working hours; asked again here, because it may have waited for its budget into them."""
    if draft.purpose is Purpose.ANSWER or draft.danger:
        return now
    chat, userid = _whom(draft)
    userid = office.roster.ids_of(userid)[0] if userid else None
    until = routing.quiet_until(office, chat, userid, now)
    if issue is not None and draft.purpose in REMINDS:
        until = office.ladder(issue.subdistrict).sendable_from(issue, until)
    return until


def _whom(draft: Draft) -> tuple[str | None, str | None]:
    """Chat and person, as ``routing`` sees them."""
    if draft.address.route in TO_PERSON:
        fallback = draft.fallback
        userid = draft.mentions[0] if draft.mentions else draft.address.target
        return (fallback.target if fallback and fallback.in_group else None), userid
    return draft.address.target, None


def begin_of_day(office: Office, now: BusinessTime) -> BusinessTime:
    """Midnight, from which a person's messages are counted."""
    tz = office.rules.timezone
    return BusinessTime(datetime.combine(now.astimezone(tz).date(), time(0), tz))


def over_budget_until(office: Office, draft: Draft, pushes: Pushes, now: BusinessTime) -> BusinessTime | None:
    """When the next digest of a person leaves who had his messages of the day; None: this may leave now.
    Danger, answers and new work never wait for it."""
    urgent = draft.danger or draft.purpose in {Purpose.ANSWER, Purpose.TASK, Purpose.SUMMARY}
    settings, free = office.settings, urgent or draft.address.route not in TO_PERSON
    if free or pushes.count < settings.pushes_per_day or pushes.last is None:
        return None
    until = BusinessTime(pushes.last + settings.digest_every)
    return until if until > now else None


def message(office: Office, words: Sequence[Word], now: BusinessTime) -> Message:
    """One message for all of these words, which go to one address."""
    ordered = gathering.most_urgent_first(words)
    address = ordered[0].draft.address
    in_group = address.in_group
    footer = _footer(office, address.route, ordered) if in_group else _how_to_answer(ordered)
    room = MAX_BYTES[address.route] - len(f"\n{footer}".encode())
    text = sentences.gathered(office, ordered, now, in_group, lambda each: len(each.encode()) <= room)
    buttons = _lines_to_tap(ordered) if address.route in TAPPED_LINES else ()
    return Message(routing.with_footer(text, footer), gathering.people(ordered), buttons)


def _lines_to_tap(words: Sequence[Word]) -> tuple[Button, ...]:
    """Buttons that are lines of the text can stand for several issues."""
    return tuple(dict.fromkeys(button for word in words for button in word.draft.buttons))[:MOST_LINES]


def _footer(office: Office, route: RouteKind, words: Sequence[Word]) -> str:
    """How to answer: to what asks something of somebody in its own words, and to the first piece of work."""
    asks = (word for word in words if word.draft.purpose is Purpose.NOTICE and not _is_work(word))
    lines = [line for word in asks for line in word.draft.footer.splitlines()[:1] if len(words) <= FEW]
    expects = next((word for word in words if word.draft.footer and _is_work(word)), None)
    if expects is not None and (expects.draft.purpose is not Purpose.NOTICE or not lines):
        lines.append(sentences.how_to_reply(office, f"收到 {expects.issue.number}"))
    end = routing.footer(office, route, "")
    return "\n".join(dict.fromkeys([*(line for line in lines if line != end), *([end] if end else [])]))


def _is_work(word: Word) -> bool:
    return bool(word.draft.mentions) and word.issue.owner in word.draft.mentions


def _how_to_answer(words: Sequence[Word]) -> str:
    """1:1 a merged message has no buttons; what they do can be typed."""
    mine = [word for word in words if _is_work(word)]
    numbers = list(dict.fromkeys(word.issue.number for word in mine if word.issue.state is State.REPORTED))
    return sentences.claim_together(numbers[:5]) if numbers else ""
