"""The state machine: steps that people take, and what is compared after each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from domain.clock import BusinessTime
from tests.property import history, said, sent
from tests.property.model import (
    ANY,
    ASKED,
    DONE,
    IMPOSSIBLE,
    OPEN,
    REFUSED,
    RULES,
    UNKNOWN,
    Asked,
    Expected,
    Known,
    expected,
)
from tests.property.rights import AT_WORK_ON, EVERYONE, GROUPS, MERCHANTS, STAFF, WATCHES
from tests.property.street import BETWEEN, Heard, Said, Seen, Street, life

CHATS = (None, *GROUPS)
SPANS = (3, 12, 45, 5 * 60, 24 * 60, 4 * 24 * 60)
"""Minutes that pass between what people do."""
UNDO_WITHIN = timedelta(minutes=10)
PARTS = ("owner", "reporter", "worker", "watcher", "anyone")
ANSWERS = {
    UNKNOWN: {"unknown_number"},
    REFUSED: {"not_allowed", "withdrawn_already"},
    IMPOSSIBLE: {"not_possible"},
}
STATE_WORDS = {
    "reported": "待认领", "claimed": "处理中", "resolved": "已处理待确认", "closed": "已结案",
    "returned": "退回待派", "suspended": "缓办", "rejected": "不予受理", "merged": "已并入",
}  # fmt: skip
COMPARED = (
    "state", "owner", "reporters", "helpers", "resolved_by", "close_reason", "before_pause", "external",
    "merged_into", "reopened",
)  # fmt: skip


@dataclass
class Deed:
    """The last message of a person that changed something: when, and the issues as they were before."""

    at: BusinessTime
    step: int
    before: dict[int, Known]
    undone: frozenset[int]
    foretold: bool = True


class Life(RuleBasedStateMachine):
    """One life of the town."""

    steps: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self._stack = ExitStack()
        self.street: Street = self._stack.enter_context(life())
        self.model: dict[int, Known] = {}
        self.versions: dict[int, int] = {}
        self.deeds: dict[str, Deed] = {}
        self.acts: list[tuple[int, int, str]] = []
        self.pictures: dict[str, BusinessTime] = {}
        self.joined: dict[tuple[str, str | None], BusinessTime] = {}
        self.step = 0

    def teardown(self) -> None:
        self._stack.close()

    @initialize(text=st.sampled_from(said.REPORTS), who=st.sampled_from(MERCHANTS))
    def begin(self, text: str, who: str) -> None:
        self._say(Said(who, text, "g-yimin"))

    @rule(
        text=st.sampled_from(said.REPORTS),
        who=st.sampled_from(EVERYONE),
        chat=st.sampled_from(CHATS),
        picture=st.booleans(),
    )
    def report(self, text: str, who: str, chat: str | None, picture: bool) -> None:
        self._say(Said(who, text, chat, picture))

    @rule(data=st.data(), verb=st.sampled_from([*RULES, "认领", "办结", "办结", "满意", "不满意"]))
    def command(self, data: st.DataObject, verb: str) -> None:
        """An exact command on one issue, of which everything is foretold."""
        number = data.draw(st.sampled_from([*self.model, *self.model, 99]))
        who = self._person(data, number)
        chat = data.draw(st.sampled_from(CHATS))
        argument = self._argument(data, verb)
        picture = verb == "办结" and data.draw(st.booleans())
        text = f"{verb} {number} {'到 ' if verb == '合并' else ''}{'@' if verb == '转派' else ''}{argument}"
        self._foretold(Said(who, text.strip(), chat, picture), verb, (number,), argument)

    @rule(data=st.data(), verb=st.sampled_from(sorted(said.SEVERAL)))
    def command_on_several(self, data: st.DataObject, verb: str) -> None:
        numbers = data.draw(st.permutations([*self.model, 99]))[:3]
        who = self._person(data, numbers[0])
        chat = data.draw(st.sampled_from(CHATS))
        argument = self._argument(data, verb)
        text = f"{verb} {'、'.join(map(str, numbers))} {argument}".strip()
        self._foretold(Said(who, text, chat), verb, tuple(numbers), argument)

    @rule(data=st.data(), verb=st.sampled_from(("认领", "满意")))
    def press(self, data: st.DataObject, verb: str) -> None:
        number = data.draw(st.sampled_from([*self.model, 99]))
        pressed = Said(self._person(data, number), f"{verb} {number}", press=True)
        self._foretold(pressed, verb, (number,), "")

    @rule(
        data=st.data(),
        text=st.sampled_from((*said.NATURAL, *said.WITHOUT_NUMBER)),
        chat=st.sampled_from(CHATS),
        picture=st.sampled_from((False, False, False, True)),
    )
    def words(self, data: st.DataObject, text: str, chat: str | None, picture: bool) -> None:
        """Words whose meaning hangs on what was before; whatever they do must be lawful."""
        number = data.draw(st.sampled_from([*self.model, 99]))
        how = data.draw(st.sampled_from(("plain", "plain", "numbered", "quoted")))
        quote = f"#{number} 待认领" if how == "quoted" else ""
        text = f"{text} {number}" if how == "numbered" else text
        self._say(Said(self._person(data, number), text, chat, picture, quote=quote))

    @rule(data=st.data())
    def picture(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from([*self.model, 99]))
        self._say(Said(self._person(data, number), "", None, picture=True))

    @rule(data=st.data(), chat=st.sampled_from(CHATS))
    def undo(self, data: st.DataObject, chat: str | None) -> None:
        recent = sorted(self.deeds, key=lambda who: -self.deeds[who].step)[:3]
        self._undo(Said(data.draw(st.sampled_from([*recent, "li"])), "撤销", chat))

    @rule(minutes=st.sampled_from(SPANS), who=st.sampled_from(EVERYONE))
    def wait(self, minutes: int, who: str) -> None:
        self.step += 1
        Life.steps += 1
        sent.check(self.street.later(timedelta(minutes=minutes)))
        self._look("")
        self._check_counts(who)

    def _person(self, data: st.DataObject, number: int) -> str:
        issue, part = self.model.get(number), data.draw(st.sampled_from(PARTS))
        found = {
            "owner": [issue.owner] if issue and issue.owner else [],
            "reporter": sorted(issue.reporters) if issue else [],
            "worker": sorted(AT_WORK_ON[issue.street]) if issue else [],
            "watcher": sorted(WATCHES[issue.area]) if issue else [],
            "anyone": list(EVERYONE),
        }[part]
        return data.draw(st.sampled_from(found or list(EVERYONE)))

    def _argument(self, data: st.DataObject, verb: str) -> str:
        if verb == "办结":
            return data.draw(st.sampled_from(("", "无照片 手机没电")))
        if verb == "核查":
            return data.draw(st.sampled_from(("通过", "不通过 还有一堆")))
        if verb == "转派":
            return data.draw(st.sampled_from(said.PEOPLE))
        if verb == "合并":
            return str(data.draw(st.sampled_from([*self.model, 98])))
        if verb in said.WITH_REASON:
            return data.draw(st.sampled_from(said.REASONS))
        return said.FIXED.get(verb, "")

    def _foretold(self, message: Said, verb: str, numbers: tuple[int, ...], argument: str) -> None:
        if verb == "合并" and str(numbers[0]) == argument:
            return
        away = bool(self.street.absent)
        foretold: dict[int, Expected] = {}
        for number in numbers:
            one = self._expected(message, verb, number, argument)
            if away and verb in {"转派", "退回", "不满意", "重开", "核查", "认领"}:
                one = Expected(ANY) if one.kind in {DONE, IMPOSSIBLE} else one  # who is there decides
            foretold[number] = one
        before = dict(self.model)
        heard = self._say(message)
        assert heard.answers, f"{message}: no answer"
        self._compare(message, verb, heard, foretold, before)

    def _expected(self, message: Said, verb: str, number: int, argument: str) -> Expected:
        issue = self.model.get(number)
        if issue is None:
            return Expected(UNKNOWN)
        merged = {each.number for each in self.model.values() if each.merged_into == number}
        now = BusinessTime(self.street.now + BETWEEN)
        ask = Asked(
            message.who, message.chat, issue, now, self.model, message.picture, argument, frozenset(merged)
        )
        one = expected(verb, ask)
        if verb == "办结" and message.who not in STAFF:
            return Expected(ANY)  # from another mouth it means 满意 or 已整改
        sent_first = self.pictures.get(message.who)
        if one.kind == ASKED and verb == "办结" and sent_first and now - sent_first <= UNDO_WITHIN:
            return Expected(ANY)
        return one

    def _compare(
        self,
        message: Said,
        verb: str,
        heard: Heard,
        foretold: Mapping[int, Expected],
        before: Mapping[int, Known],
    ) -> None:
        outcomes = set(heard.outcome.split("+"))
        for number, one in foretold.items():
            is_all = len(foretold) == 1
            if one.kind in ANSWERS:
                said_so = outcomes & ANSWERS[one.kind] or len(heard.outcome) == 40
                assert said_so, f"{message}: {one.kind} expected, {heard}"
                assert self.model.get(number) == before.get(number), f"{message} changed #{number}: {heard}"
            elif one.kind != ANY and is_all:
                refusals = {outcome for known_as in ANSWERS.values() for outcome in known_as}
                assert not outcomes & refusals, f"{message}: {one.kind} expected, {heard}"
                assert one.kind != ASKED or heard.outcome.startswith("asked"), f"{message}: {heard}"
            if one.after is not None:
                self._same(message, one, self.model[number], heard)
            if one.kind != UNKNOWN:
                assert f"#{number}" in heard.answers[0], f"{message}: {heard.answers}"
            if verb == "查询" and one.after is not None:
                first = heard.answers[0].splitlines()[0]
                word = STATE_WORDS[one.after.state]
                assert first.startswith(f"#{number} {word}") or one.after.state == "suspended", first
        if verb == "合并":
            self._merged(foretold, before)

    def _same(self, message: Said, one: Expected, now: Known, heard: Heard) -> None:
        for name in COMPARED:
            if name not in one.free:
                should, does = getattr(one.after, name), getattr(now, name)
                assert should == does, f"{message}: {name} should be {should}, is {does}; {heard.outcome}"

    def _merged(self, foretold: Mapping[int, Expected], before: Mapping[int, Known]) -> None:
        for number, one in foretold.items():
            if one.kind == DONE and one.after is not None and one.after.merged_into is not None:
                into = one.after.merged_into
                both = before[number].reporters | before[into].reporters
                assert self.model[into].reporters == both, f"#{into}: {self.model[into].reporters}"

    def _undo(self, message: Said) -> None:
        deed, before = self.deeds.get(message.who), dict(self.model)
        now = BusinessTime(self.street.now + BETWEEN)
        joined = self.joined.get((message.who, message.chat))
        heard = self._say(message)
        if joined and now - joined <= UNDO_WITHIN:
            return  # it may mean the joining
        if deed is None or now - deed.at > UNDO_WITHIN:
            assert heard.outcome == "nothing_to_undo", heard
            assert self.model == before
            return
        if not deed.foretold:
            return
        for number, earlier in deed.before.items():
            since = [actor for step, which, actor in self.acts if which == number and step > deed.step]
            if set(since) - {message.who, ""} or number in deed.undone:
                assert self.model[number] == before[number], f"{message} overtaken: {heard}"
                continue
            one = Expected(DONE, earlier, frozenset({"reporters"}))
            self._same(message, one, self.model[number], heard)

    def _say(self, message: Said) -> Heard:
        self.step += 1
        Life.steps += 1
        heard = self.street.say(message)
        if heard.outcome == "joined":
            self.joined[message.who, message.chat] = self.street.now
        if message.picture and not message.text:
            self.pictures[message.who] = self.street.now
        sent.check_answer(heard)
        sent.check(heard.drafts)
        self._look(message.who)
        return heard

    def _look(self, who: str) -> None:
        """Compare records and history with what was before, and remember how it is now."""
        seen = self.street.look()
        after = seen.issues
        assert sorted(after) == list(range(1, len(after) + 1)), "a number is missing"
        assert {event.actor for event in seen.recorded} <= {who, ""}, seen.recorded
        history.check(seen.recorded, self.model, after)
        for number, issue in after.items():
            history.check_issue(issue)
            assert issue.state not in OPEN or number not in seen.asleep, f"nothing will ever happen: {issue}"
        recorded = Counter(event.number for event in seen.recorded)
        for number, version in seen.versions.items():
            grown = version - self.versions.get(number, version)
            assert 0 <= grown <= recorded[number], f"#{number} grew by {grown} in {recorded[number]} events"
        self._remember(who, seen)
        self.model, self.versions = after, seen.versions

    def _check_counts(self, who: str) -> None:
        owned = [each for each in self.model.values() if each.owner == who and each.state in OPEN]
        reported = [each for each in self.model.values() if who in each.reporters]
        assert self.street.counts(who) == (len(owned), min(len(reported), 20)), who

    def _remember(self, who: str, seen: Seen) -> None:
        mine = [event for event in seen.recorded if event.actor]
        self.acts += [(self.step, event.number, event.actor) for event in mine]
        grown = {
            number
            for number, version in seen.versions.items()
            if version > self.versions.get(number, version)
        }
        touched = {event.number: self.model[event.number] for event in mine if event.number in grown}
        self_found = any(event.action == "随手办" for event in mine)
        if touched or self_found:
            undone = frozenset(event.number for event in mine if event.action == "撤销")
            self.deeds[who] = Deed(self.street.now, self.step, touched, undone, foretold=not self_found)
