"""From a message to what it does: the few rules that choose from the table of commands."""

from __future__ import annotations

from datetime import timedelta

from domain.messages import IncomingMessage
from handlers import (
    answers,
    broadcast,
    cards,
    dispatched,
    echo,
    feedback,
    following,
    foresight,
    leave,
    location,
    overheard,
    pictures,
    sentences,
    shop_notice,
    which,
)
from handlers.commands import COMMANDS, MEANT
from handlers.report import report
from handlers.visit import Result, Visit, answer, silence
from nlp.commands import did_you_mean, loose_numbers
from nlp.reading import Reading

CHIEFS_WORDS = frozenset({"退回", "转派", "延期"})
"""Meant so only by those who work here: a merchant who says 派错了 wants no command."""

MEANT_FROM = 0.5
"""Confidence from which natural wording counts: a bare 12 is next to nothing, but not a 办结."""

IN_ANY_GROUP = frozenset({"绑定", "本群", "我是谁"})

HINT_EVERY = timedelta(hours=1)
READ_AT_MOST = 4000
"""Characters of a text that are read; what is longer is kept whole and shown cut."""


def to_read(message: IncomingMessage) -> str:
    """What the language layer is given: a button's words count as typed."""
    if message.button is not None:
        return message.button.key
    label = message.location.label if message.location else ""
    return (message.text or label)[:READ_AT_MOST]


def handle(visit: Visit) -> Result:
    """Every message has exactly one named outcome; silence is one of them. A pressed card shows it."""
    following.note(visit)
    return cards.updated(visit, echo.heard_already(visit) or _handled(visit))


def _handled(visit: Visit) -> Result:
    message = visit.message
    if (happened := _happened(visit)) is not None:
        return happened
    if (handed := message.handed_over) is not None:
        return dispatched.judge(visit, handed) if handed.judged else dispatched.take(visit, handed)
    if not message.mentioned:
        return overheard.handle(visit, _run, _verb_of(visit))
    if message.chat.kind == "group" and visit.group is None:
        return _in_any_group(visit) or _unregistered(visit)
    if not message.text and not message.all_pictures and message.button is None and message.location is None:
        return _hint(visit, "empty")
    return answers.answered(visit, _run) or _by_meaning(visit)


def _happened(visit: Visit) -> Result | None:
    """What is no word to us: somebody comes, goes or opens the chat, or it is something we do not know."""
    message = visit.message
    if message.kind in following.COMING_AND_GOING:
        return following.came_or_went(visit)
    if message.reply_by == "welcome":
        return answer(sentences.welcome(visit.office), "welcomed")
    if message.kind in {"event", "unknown"}:
        return silence(f"ignored:{message.detail}"[:40])
    return None


def _run(visit: Visit, verb: str) -> Result | None:
    handler = COMMANDS.get(verb)
    return handler(visit) if handler else None


def _by_meaning(visit: Visit) -> Result:
    reading = visit.reading
    if reading.command is not None:
        return _commanded(visit, reading.command.verb)
    if not visit.message.text and visit.message.location is None:
        return pictures.lone(visit)
    if (placed := location.lone(visit)) is not None:
        return placed
    handler = report if reading.intent == "report" else leave.meant(visit)
    if handler is not None:
        return handler(visit)
    verb = _verb_of(visit)
    if verb is not None and (result := _run(visit, verb)) is not None:
        return result
    return _hint(visit, reading.intent)


def _verb_of(visit: Visit) -> str | None:
    """The command that was said, or that natural wording amounts to."""
    reading = visit.reading
    if reading.command is not None:
        return _as_said_here(visit, reading.command.verb)
    verb = MEANT.get(reading.intent) if reading.confidence >= MEANT_FROM else None
    if verb is None or (verb in CHIEFS_WORDS and not visit.works_here):
        return None
    return _as_said_here(visit, verb)


def _commanded(visit: Visit, verb: str) -> Result:
    if verb == "认领" and (read := broadcast.meant(visit)) is not None:
        return read
    return _run(visit, _as_said_here(visit, verb)) or _hint(visit, "unknown_command")


def _as_said_here(visit: Visit, verb: str) -> str:
    """The same words from another mouth: 弄好了 said by the reporter of a finished issue means 满意."""
    if visit.works_here or verb != "办结":
        return verb
    numbers = which.numbers(visit)
    waits_for_him = not numbers and feedback.waits_for(visit)
    return "已整改" if not waits_for_him and shop_notice.is_meant(visit, numbers) else "满意"


def _hint(visit: Visit, outcome: str) -> Result:
    """One hint an hour and person; more would be noise."""
    suggestion = did_you_mean(visit.message.text)
    if suggestion is not None:
        return answer(sentences.did_you_mean(_with_numbers(visit, suggestion)), "did_you_mean")
    if not visit.desk.once(foresight.hint_slot(visit), HINT_EVERY):
        return silence(outcome)
    in_group = visit.message.chat.kind == "group"
    return answer(sentences.hint(visit.office, in_group=in_group), f"hint:{outcome}")


def _with_numbers(visit: Visit, verb: str) -> str:
    numbers = which.numbers(visit) or loose_numbers(visit.message.text)
    return " ".join((verb, *(str(number) for number in numbers)))


def _in_any_group(visit: Visit) -> Result | None:
    """What is understood in a group that is not registered: registering it, and who and where one is."""
    command = visit.reading.command
    return _run(visit, command.verb) if command is not None and command.verb in IN_ANY_GROUP else None


def _unregistered(visit: Visit) -> Result:
    chat = visit.message.chat.id
    if not visit.desk.once(f"unregistered:{chat}"):
        return silence("unregistered_group")
    return answer(sentences.unregistered(visit.office, chat), "unregistered_group")


def reading_of(reading: Reading) -> dict[str, object]:
    """What the record keeps of how a message was understood."""
    main = reading.problems[0] if reading.problems else None
    return {
        "intent": reading.intent,
        "confidence": round(reading.confidence, 3),
        "category": main.category if main else "none",
        "sub": main.sub if main else None,
        "section": reading.place.section,
        "numbers": list(reading.numbers),
        "danger": reading.danger,
        "matched": list(reading.matched),
        "command": reading.command.verb if reading.command else None,
    }
