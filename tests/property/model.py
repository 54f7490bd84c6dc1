"""A simple model of an issue's life: what each command must come to, written by hand from design.md §3."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from domain.clock import BusinessTime
from domain.issues import Issue
from tests.property.rights import (
    AT_WORK_ON,
    GROUPS,
    NAMES,
    OFFICERS,
    OWNER_OF,
    SHOP_ON,
    SUPERVISORS,
    UNIT,
    WATCHES,
    level_above,
    may_be_given,
)

OPEN = {"reported", "claimed", "resolved", "returned", "suspended"}
ON_THE_STREET = {"reported", "claimed", "returned"}
NEEDS_A_PICTURE = {"garbage", "ads", "vending"}

UNKNOWN, REFUSED, IMPOSSIBLE, DONE, UNCHANGED, ASKED, ANY = (
    "unknown", "refused", "impossible", "done", "unchanged", "asked", "any",
)  # fmt: skip


@dataclass(frozen=True)
class Known:
    """What the model knows of one issue."""

    number: int
    state: str
    street: str | None
    area: str
    chat: str | None
    category: str
    danger: bool
    owner: str | None
    reporters: frozenset[str]
    helpers: frozenset[str] = frozenset()
    resolved_by: str | None = None
    was_resolved: bool = False
    close_reason: str | None = None
    closed_at: BusinessTime | None = None
    before_pause: str | None = None
    external: bool = False
    merged_into: int | None = None
    reopened: int = 0


def known(issue: Issue, reporters: frozenset[str]) -> Known:
    """The model's picture of a stored issue."""
    return Known(
        issue.number,
        issue.state.value,
        issue.section,
        issue.subdistrict,
        issue.chat_id,
        issue.category,
        issue.danger,
        issue.owner,
        reporters,
        issue.helpers,
        issue.resolved_by,
        issue.resolved_at is not None,
        issue.close_reason.value if issue.close_reason else None,
        issue.closed_at,
        issue.state_before.value if issue.state_before else None,
        bool(issue.external),
        issue.merged_into,
        issue.reopened,
    )


@dataclass(frozen=True, slots=True)
class Recorded:
    """One entry of a history; actor ``""``: the system."""

    number: int
    action: str
    actor: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True)
class Expected:
    """What must come of a command on one issue: the kind of answer, and the issue afterwards. free: names of
    what is not foretold."""

    kind: str
    after: Known | None = None
    free: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Asked:
    """One command on one issue: who gives it, where (None: 1:1), with what."""

    who: str
    chat: str | None
    issue: Known
    now: BusinessTime
    all: Mapping[int, Known]
    picture: bool = False
    argument: str = ""
    merges_from: frozenset[int] = field(default_factory=frozenset)


def sees(who: str, chat: str | None, issue: Known) -> bool:
    if who == issue.owner or who in issue.reporters or works_on(who, issue):
        return True
    if SHOP_ON.get(who) is not None and SHOP_ON[who] == issue.street:
        return True
    return chat in GROUPS and (issue.chat == chat or issue.street in GROUPS[chat])


def works_on(who: str, issue: Known) -> bool:
    return who == issue.owner or who in issue.helpers or manages(who, issue)


def manages(who: str, issue: Known) -> bool:
    if issue.street is None:  # nobody knows the street: all who work in the subdistrict
        return who == "guan" or UNIT.get(who, "?") == issue.area
    return who in AT_WORK_ON[issue.street]


def only_helps(who: str, issue: Known) -> bool:
    return who in issue.helpers and who != issue.owner and not manages(who, issue)


def decides(who: str, issue: Known) -> bool:
    return works_on(who, issue) and not only_helps(who, issue)


def watches(who: str, issue: Known) -> bool:
    return who in WATCHES[issue.area]


def _takes(ask: Asked) -> str | None:
    """Who owns an issue after somebody claimed it: 代办 and 协办 leave it to its owner."""
    issue, who = ask.issue, ask.who
    for_him = issue.owner is not None and who != issue.owner
    return issue.owner if for_him and (only_helps(who, issue) or who in SUPERVISORS) else who


def _claim(ask: Asked) -> Expected:
    issue = ask.issue
    if not works_on(ask.who, issue):
        return Expected(REFUSED)
    if issue.state == "claimed" and issue.owner == ask.who:
        return Expected(UNCHANGED, issue)
    if issue.state not in {"reported", "returned"}:
        return Expected(IMPOSSIBLE)
    return Expected(DONE, replace(issue, state="claimed", owner=_takes(ask)))


def _resolve(ask: Asked) -> Expected:
    issue = ask.issue
    if not works_on(ask.who, issue):
        return Expected(REFUSED)
    if issue.state not in {"reported", "claimed"}:
        return Expected(IMPOSSIBLE)
    if issue.category in NEEDS_A_PICTURE and not ask.picture and "无照片" not in ask.argument:
        return Expected(ASKED, issue)
    owner = _takes(ask) if issue.state == "reported" else issue.owner
    done = replace(issue, state="resolved", owner=owner, resolved_by=ask.who, was_resolved=True)
    return Expected(DONE, done)


def _progress(ask: Asked) -> Expected:
    if not works_on(ask.who, ask.issue):
        return Expected(REFUSED)
    possible = {"claimed", "reported"} if only_helps(ask.who, ask.issue) else {"claimed"}
    return Expected(DONE, ask.issue) if ask.issue.state in possible else Expected(IMPOSSIBLE)


def _give_back(ask: Asked) -> Expected:
    issue = ask.issue
    if only_helps(ask.who, issue):
        return Expected(DONE, replace(issue, helpers=issue.helpers - {ask.who}))
    if not works_on(ask.who, issue):
        return Expected(REFUSED)
    if issue.state not in {"reported", "claimed"}:
        return Expected(IMPOSSIBLE)
    if issue.street is None:
        return Expected(ANY)
    above = level_above(issue.street, issue.owner)
    return Expected(DONE, replace(issue, state="returned", owner=above)) if above else Expected(IMPOSSIBLE)


def _transfer(ask: Asked) -> Expected:
    issue = ask.issue
    if not decides(ask.who, issue):
        return Expected(REFUSED)
    if issue.state not in ON_THE_STREET:
        return Expected(IMPOSSIBLE)
    target = next(userid for userid, name in NAMES.items() if name == ask.argument)
    if not may_be_given(target, issue.area):
        return Expected(ASKED, issue)
    if target == issue.owner:
        return Expected(IMPOSSIBLE)
    return Expected(DONE, replace(issue, state="reported", owner=target, helpers=issue.helpers - {target}))


def _co_handle(ask: Asked) -> Expected:
    issue = ask.issue
    if not decides(ask.who, issue):
        return Expected(REFUSED)
    if issue.state not in ON_THE_STREET or "zhang" in {issue.owner, *issue.helpers}:
        return Expected(IMPOSSIBLE)
    return Expected(DONE, replace(issue, helpers=issue.helpers | {"zhang"}))


def _suspend(ask: Asked) -> Expected:
    issue = ask.issue
    if not watches(ask.who, issue):
        return Expected(REFUSED)
    if issue.state not in ON_THE_STREET:
        return Expected(IMPOSSIBLE)
    return Expected(DONE, replace(issue, state="suspended", before_pause=issue.state, external=False))


def _outside(ask: Asked) -> Expected:
    issue = ask.issue
    if not decides(ask.who, issue):
        return Expected(REFUSED)
    if issue.state not in ON_THE_STREET:
        return Expected(IMPOSSIBLE)
    return Expected(DONE, replace(issue, state="suspended", before_pause=issue.state, external=True))


def _resume(ask: Asked) -> Expected:
    issue = ask.issue
    if not (watches(ask.who, issue) or (issue.external and works_on(ask.who, issue))):
        return Expected(REFUSED)
    if issue.state != "suspended":
        return Expected(IMPOSSIBLE)
    back = issue.before_pause or "reported"
    return Expected(DONE, replace(issue, state=back, before_pause=None, external=False))


def _reject(ask: Asked) -> Expected:
    if not watches(ask.who, ask.issue):
        return Expected(REFUSED)
    if ask.issue.state not in OPEN:
        return Expected(IMPOSSIBLE)
    return Expected(DONE, replace(ask.issue, state="rejected", closed_at=ask.now))


def _merge(ask: Asked) -> Expected:
    issue, into = ask.issue, ask.all.get(int(ask.argument))
    if into is not None and sees(ask.who, ask.chat, into) and into.state == "merged" and into.merged_into:
        into = ask.all[into.merged_into]
    if into is None or not sees(ask.who, ask.chat, into) or not sees(ask.who, ask.chat, issue):
        return Expected(UNKNOWN)
    if not watches(ask.who, issue):
        return Expected(REFUSED)
    fits = issue.area == into.area and issue.number != into.number and (into.danger or not issue.danger)
    if issue.state not in OPEN or into.state not in OPEN or not fits or ask.merges_from:
        return Expected(IMPOSSIBLE)
    return Expected(DONE, replace(issue, state="merged", merged_into=into.number, closed_at=ask.now))


def _split(ask: Asked) -> Expected:
    if not watches(ask.who, ask.issue):
        return Expected(REFUSED)
    if ask.issue.state != "merged":
        return Expected(IMPOSSIBLE)
    return Expected(DONE, replace(ask.issue, merged_into=None), frozenset({"state", "closed_at"}))


def _withdraw(ask: Asked) -> Expected:
    issue = ask.issue
    if ask.who not in issue.reporters:
        return Expected(REFUSED)
    if issue.state not in OPEN:
        return Expected(IMPOSSIBLE)
    if len(issue.reporters) > 1:
        return Expected(UNCHANGED, replace(issue, reporters=issue.reporters - {ask.who}))
    return Expected(DONE, replace(issue, state="closed", close_reason="withdrawn", closed_at=ask.now))


def _satisfied(ask: Asked) -> Expected:
    issue = ask.issue
    if ask.who not in issue.reporters and not watches(ask.who, issue):
        return Expected(REFUSED)
    if issue.close_reason == "confirmed":
        return Expected(UNCHANGED, issue)
    if issue.state != "resolved":
        return Expected(IMPOSSIBLE)
    if issue.resolved_by == ask.who:
        return Expected(REFUSED)
    return Expected(DONE, replace(issue, state="closed", close_reason="confirmed", closed_at=ask.now))


def _again(ask: Asked) -> Expected:
    issue = ask.issue
    if ask.who not in issue.reporters and not works_on(ask.who, issue):
        return Expected(REFUSED)
    if issue.reopened and issue.state in ON_THE_STREET:
        return Expected(UNCHANGED, issue)
    if issue.state not in {"resolved", "closed", "rejected"}:
        return Expected(IMPOSSIBLE)
    if issue.state == "closed" and issue.closed_at is not None and ask.now - issue.closed_at > timedelta(3):
        return Expected(ANY)
    if issue.state == "resolved" and not ask.argument:
        return Expected(ASKED, issue)  # what is wrong with it?
    return Expected(DONE, *taken_up_again(issue))


def taken_up_again(issue: Known) -> tuple[Known, frozenset[str]]:
    """Back to its owner while he is still responsible, else to whoever is now, to be claimed."""
    still = issue.owner in OFFICERS or (issue.owner is not None and manages(issue.owner, issue))
    back = replace(
        issue,
        state="claimed" if still else "reported",
        resolved_by=None,
        was_resolved=False,
        close_reason=None,
        closed_at=None,
        before_pause=None,
        reopened=issue.reopened + 1,
    )
    return back, frozenset() if still else frozenset({"owner"})


def owner_fits(issue: Known) -> bool:
    return issue.street is None or issue.owner in OWNER_OF[issue.street]


def _verify(ask: Asked) -> Expected:
    issue = ask.issue
    if not watches(ask.who, issue):
        return Expected(REFUSED)
    if issue.state not in {"resolved", "closed"} or not issue.was_resolved:
        return Expected(ANY if issue.reopened else IMPOSSIBLE)
    if issue.resolved_by == ask.who:
        return Expected(REFUSED)
    if ask.argument.startswith("通过"):
        return Expected(DONE, issue)
    return Expected(DONE, *taken_up_again(issue))


def _supervise(ask: Asked) -> Expected:
    if not watches(ask.who, ask.issue):
        return Expected(REFUSED)
    return Expected(DONE, ask.issue) if ask.issue.state in ON_THE_STREET else Expected(IMPOSSIBLE)


def _speak(states: set[str]) -> Callable[[Asked], Expected]:
    """补充 and 催办: said by those it concerns, and changing nothing."""

    def expected(ask: Asked) -> Expected:
        if ask.who not in ask.issue.reporters and not works_on(ask.who, ask.issue):
            return Expected(REFUSED)
        return Expected(UNCHANGED, ask.issue) if ask.issue.state in states else Expected(IMPOSSIBLE)

    return expected


def _join(ask: Asked) -> Expected:
    issue = ask.issue
    if issue.state not in OPEN or issue.owner == ask.who:
        return Expected(IMPOSSIBLE)
    return Expected(UNCHANGED, replace(issue, reporters=issue.reporters | {ask.who}))


def _later(ask: Asked) -> Expected:
    """延期 and 静音 leave the state alone; whether they come to something is the clock's business."""
    if not decides(ask.who, ask.issue):
        return Expected(REFUSED)
    return Expected(ANY, ask.issue) if ask.issue.state in {"reported", "claimed"} else Expected(IMPOSSIBLE)


def _query(ask: Asked) -> Expected:
    return Expected(UNCHANGED, ask.issue)


RULES: Mapping[str, Callable[[Asked], Expected]] = {
    "认领": _claim,
    "办结": _resolve,
    "进展": _progress,
    "退回": _give_back,
    "转派": _transfer,
    "协办": _co_handle,
    "转外部": _outside,
    "延期": _later,
    "静音": _later,
    "缓办": _suspend,
    "挂账": _suspend,
    "恢复": _resume,
    "不予受理": _reject,
    "合并": _merge,
    "拆分": _split,
    "撤回": _withdraw,
    "满意": _satisfied,
    "不满意": _again,
    "重开": _again,
    "核查": _verify,
    "督办": _supervise,
    "补充": _speak(OPEN),
    "催办": _speak(ON_THE_STREET),
    "我也反映": _join,
    "查询": _query,
}
"""What must come of a command, by its verb."""


def expected(verb: str, ask: Asked) -> Expected:
    """What the model says of one command on one issue."""
    return RULES[verb](ask) if sees(ask.who, ask.chat, ask.issue) else Expected(UNKNOWN)
