"""核查: passed, failed, overruling a 不满意; never by whoever did the work."""

from __future__ import annotations

import pytest

from domain.issues import State
from tests.unit.handlers.supervisor_harness import DIRTY, Street, street
from tests.unit.handlers.town import moment

__all__ = ["street"]


@pytest.mark.parametrize("how", ["resolved", "closed"])
@pytest.mark.parametrize("said", ["核查 1 通过", "核查通过 1", "1 核查 合格", "抽查 1 通过"])
def test_what_is_done_well_stays_done(street: Street, how: str, said: str) -> None:
    getattr(street, how)()
    before = street.issue()
    assert street.say("sun", said).outcome == "verified"
    after = street.issue()
    assert (after.state, after.verified, after.resolved_at) == (before.state, True, before.resolved_at)


@pytest.mark.parametrize("how", ["resolved", "closed"])
@pytest.mark.parametrize("said", ["核查 1 不通过 垃圾还在", "核查不通过 1 垃圾还在", "1 核查 没过,垃圾还在"])
def test_what_is_not_goes_back_to_its_owner(street: Street, how: str, said: str) -> None:
    getattr(street, how)()
    heard = street.say("sun", said)
    after = street.issue()
    assert (heard.outcome, after.state, after.verified) == ("verification_failed", State.CLAIMED, False)
    assert after.owner == "li"
    assert "垃圾还在" in heard.told("li")
    assert street.actions()[-1] == "核查"
    street.say("li", "办结 1 无照片 重清")
    assert street.issue().verified is None


def test_a_verdict_is_asked_for(street: Street) -> None:
    street.resolved()
    assert street.say("sun", "核查 1").outcome == "asked_verdict"
    assert street.say("sun", "核查 1 不通过").outcome == "asked_verdict"
    assert street.state() is State.RESOLVED
    assert street.say("sun", "核查 1 不通过", picture=True).outcome == "verification_failed"


@pytest.mark.parametrize("how", ["reported", "claimed"])
def test_what_is_not_done_cannot_be_verified(street: Street, how: str) -> None:
    getattr(street, how)()
    assert street.say("sun", "核查 1 通过").outcome == "not_possible"


def test_what_was_withdrawn_cannot_be_verified(street: Street) -> None:
    street.reported()
    street.say("wujin", "撤回 1")
    assert street.say("sun", "核查 1 通过").outcome == "not_possible"


def test_nobody_verifies_his_own_work(street: Street) -> None:
    street.claimed()
    assert street.say("sun", "办结 1 无照片 我清的").outcome == "resolved"
    assert street.say("sun", "核查 1 通过").outcome == "not_allowed"
    assert street.say("guan", "核查 1 通过").outcome == "verified"


def test_passing_overrules_an_angry_reporter_within_a_working_day(street: Street) -> None:
    street.resolved()
    done = street.issue()
    street.say("wujin", "不满意 1 还在")
    assert street.state() is State.CLAIMED
    street.now = moment("11-24 09:00")
    heard = street.say("sun", "核查 1 通过 现场干净")
    after = street.issue()
    assert (heard.outcome, after.state, after.verified) == ("overruled", State.RESOLVED, True)
    assert (after.resolved_at, after.resolved_by, after.on_time) == (done.resolved_at, "li", True)
    assert "现场干净" in heard.told("wujin")
    assert "不计返工" in heard.told("li")


def test_a_day_later_it_is_too_late(street: Street) -> None:
    street.resolved()
    street.say("wujin", "不满意 1 还在")
    street.now = moment("11-24 11:00")
    assert street.say("sun", "核查 1 通过").outcome == "not_possible"
    assert street.state() is State.CLAIMED


def test_failing_a_disputed_one_leaves_it_in_work(street: Street) -> None:
    street.resolved()
    street.say("wujin", "不满意 1 还在")
    deadline = street.issue().deadline
    assert street.say("sun", "核查 1 不通过 确实没清").outcome == "verification_failed"
    assert (street.state(), street.issue().deadline) == (State.CLAIMED, deadline)
    assert street.say("sun", "核查 1 通过").outcome == "not_possible"


def test_several_at_once(street: Street) -> None:
    street.resolved()
    street.reported(DIRTY, "huimian")
    street.say("li", "办结 2 无照片 清了")
    assert street.say("sun", "核查 1 2 通过").outcome == "verified"
    assert street.issue(1).verified is True
    assert street.issue(2).verified is True
