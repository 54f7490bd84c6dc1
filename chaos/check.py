"""The end of a run against the model: each check names what it found wrong, message by message."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from chaos.district import District
from chaos.people import EFFECTS, PHONE, PLATE, Word
from chaos.records import Left

FINISHED = {"closed", "rejected", "merged"}
BAD_LINES = ("request failed", "message failed", "batch failed", "step failed", "sender failed", "job failed")
MINUTE = timedelta(minutes=1)
OUR_OWN = "path=/sandbox/clock"
"""Asked for by the storm while it holds the database: no platform and no office calls it."""
FORESEEN = {0, 40014, 42001}
CALLED = re.compile(r"^@\S+( @\S+)*\n")
LATE_PICTURE = "图片未取到"


def refused(left: Left) -> Iterator[str]:
    """An honest callback is acknowledged, or put off with a 503, or gets no answer at all."""
    for word in left.words:
        if odd := set(word.statuses) - {200, 503, None}:
            yield f"{_name(word)} was answered {odd}"


def one_effect(left: Left) -> Iterator[str]:
    """What was acknowledged is there once, handled, and did what the model says; the rest once at most."""
    for word in left.words:
        letters = left.letters_of(word)
        if len(letters) > 1 or (word.acked and not letters):
            yield f"{_name(word)} is {len(letters)} times in the inbox"
        for letter in letters:
            outcome, actions = EFFECTS[word.kind]
            happened = tuple(each.action for each in left.events.get(letter.id, ()))
            happened = tuple(action for action in happened if action != LATE_PICTURE)
            if letter.state != "done":
                yield f"{_name(word)} is {letter.state}: {letter.detail}"
            elif word.sure and (outcome, actions) != (outcome and letter.outcome, happened):
                yield f"{_name(word)} became {letter.outcome} {happened}, expected {outcome} {actions}"


def one_issue(left: Left) -> Iterator[str]:
    """A report that was acknowledged is one issue, one that was not is one at most; nothing else is any."""
    said = {(word.chat.rpartition("-")[2], word.house): word for word in left.words if word.kind == "report"}
    found = Counter((issue.section[2:-1], issue.house_number) for issue in left.issues)
    for place, word in said.items():
        if found[place] > 1 or (word.acked and not found[place]):
            yield f"{_name(word)} opened {found[place]} issues"
    yield from (f"nobody reported house {place}" for place in found if place not in said)


def in_order(left: Left) -> Iterator[str]:
    """Of one chat: taken in the order in which they were acknowledged, and worked off in that order."""
    before: dict[str, tuple[int, int, object]] = {}
    for word in left.words:
        letters = left.letters_of(word)
        if not word.acked or not letters:
            continue
        letter = letters[0]
        happened = [each.id for each in left.events.get(letter.id, ()) if each.action != LATE_PICTURE]
        earlier = before.get(word.chat, (0, 0, letter.handled_at))
        place = (letter.id, max(happened, default=earlier[1]), letter.handled_at)
        if letter.id <= earlier[0] or min(happened, default=earlier[1]) < earlier[1]:
            yield f"{_name(word)} came before an earlier one of its chat"
        if letter.handled_at < earlier[2]:
            yield f"{_name(word)} was handled before an earlier one of its chat"
        before[word.chat] = place


def answered(left: Left) -> Iterator[str]:
    """Every answer went out by one way or the other; nothing else that was owed was given up."""
    for word in left.words:
        if word.kind == "talk":
            continue
        for letter in left.letters_of(word):
            rows = [row for row in left.sent.get(letter.id, ()) if row.purpose == "answer"]
            if not any(row.state == "sent" for row in rows):
                yield f"{_name(word)} has no answer: {[(row.route, row.state, row.reason) for row in rows]}"
    for row in left.outbox:
        again = (each for each in left.sent.get(row.inbox_id or 0, ()) if each.id > row.id)
        if row.state == "failed" and not any(each.state == "sent" for each in again):
            yield f"row {row.id} by {row.route} was given up: {row.code} {row.reason}"


def receipts(left: Left) -> Iterator[str]:
    """What the merchant sees of his report: one receipt; a second one only where a sender cannot know."""
    for word, times, explained in shown_receipts(left):
        if times == 0:
            yield f"{_name(word)} was shown no receipt"
        elif times > 1 and not explained:
            yield f"{_name(word)} was shown {times} receipts, and no call of them was in doubt"


def shown_receipts(left: Left) -> Iterator[tuple[Word, int, bool]]:
    """Reports taken, how many receipts their chat shows, and whether a call of them was repeated."""
    shown: Counter[tuple[str, str]] = Counter()
    for entry in left.entries:
        head, found, _ = entry.text.partition(" 已受理")
        if found:
            shown[entry.chat, head.strip()] += 1
    for word in left.words:
        for letter in left.letters_of(word) if word.kind == "report" else ():
            rows = [row for row in left.sent.get(letter.id, ()) if row.purpose == "answer"]
            times = shown[word.chat, f"#{rows[0].issue}"] if rows else 0
            yield word, times, any(row.attempts > 1 for row in rows)


def notices(left: Left) -> Iterator[str]:
    """Every card to a chief that counts as sent stands in his chat, once: a task number is taken once. What
    was said together with others is named in their one message."""
    shown = Counter(entry.card.task_id for entry in left.entries if entry.card)
    said = {row.id: row.said or row.text for row in left.outbox}
    for row in left.outbox:
        if _is_card(row) and shown[f"o{row.id}"] != 1:
            yield f"card {row.id} of #{row.issue} was shown {shown[f'o{row.id}']} times"
        if row.merged_into and f"#{row.issue}" not in said[row.merged_into]:
            yield f"row {row.id} of #{row.issue} is not named in {row.merged_into}, which stands for it"


def _is_card(row: Row[Any]) -> bool:
    """Sent with buttons, by itself."""
    alone = row.merged_into is None and row.said is None
    return bool(alone and row.route == "app" and row.state == "sent" and row.buttons != "[]")


def shown(left: Left) -> Iterator[str]:
    """Whatever counts as sent stands in its chat, and as often as it was sent, or one call was in doubt."""
    for (chat, text), rows, times in words_shown(left):
        tried = max((row.attempts for row in rows or _named(left, chat, text)), default=0)
        if times < len(rows) or (times > len(rows) and tried < 2):
            yield f"{len(rows)} times sent, {times} times shown in {chat}, tried {tried} times: {text[:60]!r}"


def _named(left: Left, chat: str, text: str) -> list[Row[Any]]:
    """Rows to one person about issues that a text names: after a call in doubt they may be said in another
    company than before."""
    numbers = {int(number) for number in re.findall(r"#(\d+)", text)}
    return [row for row in left.outbox if f"app:{row.target}" == chat and row.issue in numbers]


def words_shown(left: Left) -> Iterator[tuple[tuple[str, str], list[Row[Any]], int]]:
    """Chat and text, the rows of it that count as sent, and how often it stands there. Without cards: they
    are laid out anew, see ``notices``."""
    times = Counter((entry.chat, _without_names(entry.text)) for entry in left.entries if not entry.card)
    sent: defaultdict[tuple[str, str], list[Row[Any]]] = defaultdict(list)
    for row in left.outbox:
        own = row.state == "sent" and row.route != "card" and row.merged_into is None
        if own and not _is_card(row):
            app = f"app:{row.target}"
            chat = {"app": app, "webhook": row.target, "chat": row.target}.get(row.route) or left.chat_of[
                row.inbox_id
            ]
            sent[chat, row.said or row.text].append(row)
    for place in {*times, *sent}:
        yield place, sent[place], times[place]


def _without_names(text: str) -> str:
    """The robot cannot mention anyone: its own pushes begin with the names of those they are for."""
    return CALLED.sub("", text)


def next_steps(left: Left) -> Iterator[str]:
    """An issue that is not at its end is looked at again, and was looked at when it was time."""
    for issue in left.issues:
        if issue.state in FINISHED:
            continue
        if issue.next_step_at is None:
            yield f"#{issue.number} is {issue.state} and nobody will look at it again"
        elif issue.next_step_at < left.now - MINUTE:
            yield f"#{issue.number} is {issue.state} and was to be looked at by {issue.next_step_at}"


def limits(left: Left) -> Iterator[str]:
    """The platform never had to refuse or drop anything of its own accord."""
    for call in left.calls:
        code = (call["answer"] or {}).get("errcode", 0)
        if call["note"] == "fault":
            continue
        if call["note"].startswith("dropped"):
            yield f"{call['endpoint']}: {call['note']}"
        elif code not in FORESEEN and not _used(call):
            yield f"{call['endpoint']}: {code} {call['answer'].get('errmsg')}"


def pictures(left: Left) -> Iterator[str]:
    """No blow lasts as long as a picture's address is good."""
    for row in left.media:
        if row.state != "stored":
            yield f"picture {row.id} is {row.state}: {row.reason}"


CHECKS: dict[str, Callable[[Left], Iterator[str]]] = {
    "callback answered by something else than 200 or 503": refused,
    "not exactly one effect": one_effect,
    "not exactly one issue": one_issue,
    "out of order": in_order,
    "answer or notice not delivered": answered,
    "receipt missing or doubled without reason": receipts,
    "notice missing or doubled": notices,
    "word missing or doubled without reason": shown,
    "issue without a next step": next_steps,
    "limit of the platform hit": limits,
    "picture lost": pictures,
}


def logs(district: District) -> Iterator[str]:
    """Nothing was caught at the last wall, and nothing private was written down."""
    for daemon in district.daemons.values():
        found: defaultdict[str, list[str]] = defaultdict(list)
        if not daemon.log.exists():
            continue
        for line in daemon.log.read_text("utf-8", "replace").splitlines():
            for bad in (*BAD_LINES, PHONE, PLATE):
                if bad in line and OUR_OWN not in line:
                    found[bad].append(line)
        yield from (f"{daemon.name}: {len(lines)} lines like: {lines[0]}" for lines in found.values())


def _used(call: dict[str, object]) -> bool:
    """A reply address that is refused because a call whose answer was lost had used it; a stream that such a
    call had finished."""
    if call["endpoint"] == "connect_send" and "stream message update expired" in str(call["answer"]):
        return True
    return call["endpoint"] in {"aibot_response", "message_send"} and "used" in str(call["answer"])


def _name(word: Word) -> str:
    about = f"house {word.house}" if word.house else f"#{word.number}"
    return f"{word.kind} {word.place} in {word.chat} about {about} {word.statuses}"
