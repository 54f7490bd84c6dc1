"""What must hold between the rows of a roster workbook; whatever does not is a fault of a row."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Mapping

from bot.roster.cells import LONGEST_LIST
from bot.roster.parse import Pairs, ParsedRows, Value
from domain.roster import LEVELS, Group, Person, Role

_KEY = re.compile(r"[A-Za-z0-9_-]{1,128}")
_KEY_IN_URL = re.compile(r"[?&]key=([A-Za-z0-9_-]+)")


def check_rules(parsed: ParsedRows) -> None:
    """All rules; faults are noted at the rows."""
    people = {person.userid: person for _, person in parsed.people if person.userid}
    _check_duties(parsed, people)
    _check_substitutes(parsed.people, people)
    _check_once(parsed.groups, "chat_id", "chat_id", lambda group: group.chat_id)
    _check_once(
        parsed.duties, "userid", "同一路段、级别和人", lambda duty: (duty.section, duty.level, duty.userid)
    )
    _check_once(
        parsed.shops,
        "店名",
        "同一路段和门牌的店",
        lambda shop: (shop.name, shop.section, shop.house_number, shop.door),
    )
    _check_once(parsed.shifts, "userid", "同一班次", lambda shift: shift)


def push_keys_of(groups: Pairs[Group]) -> dict[str, str]:
    """The push keys by chat id; a whole webhook address is understood. Faults never repeat a key."""
    keys: dict[str, str] = {}
    lines: dict[str, int] = {}
    for row, group in groups:
        text = row.text("推送key", longest=LONGEST_LIST)
        if not text:
            continue
        key = push_key_in(text)
        if key is None:
            row.fault("推送key", "不是推送 key,请从群「消息推送」的 Webhook 地址里复制 key= 后面的部分")
        elif lines.setdefault(key, row.number) != row.number:
            row.fault("推送key", f"与第{lines[key]}行相同,每个群有自己的推送 key,请核对")
        keys[group.chat_id] = key or ""
    return keys


def push_key_in(text: str) -> str | None:
    """The push key that a cell, or a pasted webhook address, holds; None if it is none."""
    found = _KEY_IN_URL.search(text)
    key = found[1] if found else text
    return key if _KEY.fullmatch(key) else None


def _check_once(pairs: Pairs[Value], column: str, what: str, key: Callable[[Value], Hashable]) -> None:
    lines: dict[Hashable, int] = {}
    for row, value in pairs:
        first = lines.setdefault(key(value), row.number)
        if first != row.number:
            row.fault(column, f"{what}与第{first}行重复,请合并成一行")


def _check_duties(parsed: ParsedRows, people: Mapping[str, Person]) -> None:
    for row, duty in parsed.duties:
        person = people.get(duty.userid)
        if person is None:
            continue
        if person.role is not Role.CHIEF:
            row.fault("userid", f"「{person.userid}」的角色是{person.role},责任只能给路长,请换人或改他的角色")
        elif person.level is not None and person.level != duty.level:
            theirs, here = LEVELS[person.level], LEVELS[duty.level]
            row.fault("级别", f"「{person.userid}」在人员表中是{theirs},这里是{here},请改成一致")


def _check_substitutes(pairs: Pairs[Person], people: Mapping[str, Person]) -> None:
    """Nobody may stand in for himself, nor three or more in a circle. Two for each other are common
    (AB 岗) and harmless: if both are away the level above takes over."""
    rows = {person.userid: row for row, person in pairs}
    for circle in _circles(people):
        if len(circle) != 2:
            text = "→".join((*circle, circle[0]))
            rows[circle[0]].fault("备岗userid", f"备岗绕成了圈 {text},请改其中一人的备岗或留空")


def _circles(people: Mapping[str, Person]) -> Iterator[list[str]]:
    """Every circle of substitutes once; each person is walked over once."""
    done: set[str] = set()
    for userid in people:
        path: dict[str, int] = {}
        step = userid
        while step in people and step not in done and step not in path:
            path[step] = len(path)
            step = people[step].substitute or ""
        if step in path:
            yield list(path)[path[step] :]
        done.update(path)
