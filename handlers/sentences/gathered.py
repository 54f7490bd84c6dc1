"""One message that stands for several: as much of each as fits, every number in any case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

from domain.clock import BusinessTime
from domain.gathering import NAMED, Word
from domain.issues import Issue, State
from domain.office import Office
from domain.outgoing import Purpose
from domain.safe_text import plain
from handlers.sentences.parts import is_late, kind, overdue, place, span, time_limit

NOTICE_LENGTH = 60
FEW = 3
"""So many are said in their own words, if that fits."""
FITS = Callable[[str], bool]
Heading = Callable[[Word], str]


def gathered(office: Office, words: Sequence[Word], now: BusinessTime, in_group: bool, fits: FITS) -> str:
    """The most urgent first. ``fits``: whether a text may go out as one call; the shortest form always
    does, because numbers are all it is made of."""
    own_words = "\n\n".join(dict.fromkeys(word.draft.body for word in words))
    if len(words) <= FEW and not any(word.stale for word in words) and fits(own_words):
        return own_words
    heading = _heading(office, words, in_group)
    numbers = list(dict.fromkeys(word.issue.number for word in words))
    named = [word for word in words if word.issue.number in set(numbers[:NAMED])]
    title = _title(words, len(numbers), now)
    for detailed in (len(named), 60, 40, 30, 20, 15, 10, 6, 3, 0):
        text = "\n".join([title, *_blocks(office, named, now, heading, detailed)])
        if detailed <= len(named) and fits(text):
            return text
    return "\n".join([title, " ".join(f"#{number}" for number in numbers[:NAMED])])


def _title(words: Sequence[Word], total: int, now: BusinessTime) -> str:
    late = len({word.issue.number for word in words if is_late(word.issue, now)})
    danger = "⚠ 含危险 " if any(word.issue.danger for word in words) else ""
    parts = [f"{danger}【汇总提醒】共{total}件" if total > 1 else f"{danger}【提醒】"]
    if late and total > 1:
        parts.append(f"超时{late}件")
    if total > NAMED:
        parts.append(f"列出最急的{NAMED}件,其余{total - NAMED}件请发:超时")
    return ",".join(parts)


def _heading(office: Office, words: Sequence[Word], in_group: bool) -> Heading:
    """By owner. To the owner himself nothing; where a group is told without anybody being called, by place:
    nobody is ranked."""
    if in_group and not any(word.draft.mentions for word in words):
        return lambda word: word.issue.section or "路段待定"
    if len({word.issue.owner for word in words}) == 1 and not in_group:
        return lambda _: ""
    return lambda word: office.owner_name(word.issue)


def _blocks(
    office: Office, words: Sequence[Word], now: BusinessTime, heading: Heading, detailed: int
) -> list[str]:
    """Danger first, then owner by owner, whoever has the most urgent first."""
    full = {word.id for word in words[:detailed]}
    lines = _block(office, [word for word in words if word.issue.danger], now, heading, full)
    rest = [word for word in words if not word.issue.danger]
    order = {name: place for place, name in enumerate(dict.fromkeys(heading(word) for word in rest))}
    for _, group in groupby(sorted(rest, key=lambda word: order[heading(word)]), key=heading):
        lines += _block(office, list(group), now, heading, full)
    return lines


def _block(
    office: Office, words: Sequence[Word], now: BusinessTime, heading: Heading, full: set[int]
) -> list[str]:
    """One owner's, or the dangers: lines for the most urgent, numbers for the others."""
    if not words:
        return []
    name = "" if words[0].issue.danger else heading(words[0])
    lines = dict.fromkeys(_line(office, word, now) for word in words if word.id in full)
    shown = {word.issue.number for word in words if word.id in full}
    others = dict.fromkeys(f"#{word.issue.number}" for word in words if word.issue.number not in shown)
    numbers = " ".join(others)
    if name and not lines:
        return [f"{name}:{numbers}"]
    title = [f"〔{name}〕"] if name else []
    more = [f"另有 {numbers}" if lines else numbers] if numbers else []
    return [*title, *lines, *more]


def _line(office: Office, word: Word, now: BusinessTime) -> str:
    issue, draft = word.issue, word.draft
    if draft.purpose is Purpose.NOTICE:
        own = draft.body.replace("\n", " ").removeprefix(f"#{issue.number} ")
        return f"#{issue.number} {plain(own, NOTICE_LENGTH)}"
    new = "新问题 " if draft.purpose is Purpose.TASK else ""
    return f"{_numbered(issue)} {new}{kind(office, issue)} {place(issue)} {_when(office, issue, now)}"


def _numbered(issue: Issue) -> str:
    """``⚠【督办】#12``."""
    head = ("⚠" if issue.danger else "") + ("【督办】" if issue.supervised_at else "")
    return f"{head}#{issue.number}"


def _when(office: Office, issue: Issue, now: BusinessTime) -> str:
    if is_late(issue, now):
        late = overdue(now - issue.deadline)
        return f"{late} 未认领" if issue.state is State.REPORTED else late
    if issue.state in {State.REPORTED, State.CLAIMED}:
        return time_limit(office, issue)
    return "待重新指派" if issue.state is State.RETURNED else ""


def overdue_in_group(office: Office, issue: Issue, now: BusinessTime) -> str:
    """To the street's group, once: it is not forgotten. No name: nobody is put on show."""
    late = span(now - issue.deadline)
    return f"#{issue.number} {kind(office, issue)} {place(issue)}\n已超时{late},正在督促处理"


def claim_together(numbers: Sequence[int]) -> str:
    return f"认领请回复:收到 {' '.join(map(str, numbers))}"
