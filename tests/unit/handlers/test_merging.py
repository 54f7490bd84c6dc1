"""合并, 拆分: one problem, two numbers, and back again."""

from __future__ import annotations

import pytest

from domain.issues import State
from store.tables import media
from tests.integration.builders import NOW
from tests.unit.handlers.supervisor_harness import DIRTY, Street, street

__all__ = ["street"]


@pytest.fixture(name="two")
def _two(street: Street) -> Street:
    """#1 by 五金店, #2 by 烩面馆, both owned by 李路."""
    street.claimed()
    street.reported(DIRTY, "huimian")
    return street


@pytest.mark.parametrize(
    "said", ["合并 2 到 1", "把2合并到1", "2 并入 1", "#2 合并到 #1", "合并 2 1", "2并到1"]
)
def test_the_second_goes_on_as_the_first(two: Street, said: str) -> None:
    heard = two.say("sun", said)
    assert (heard.outcome, two.state(2), two.issue(2).merged_into) == ("merged", State.MERGED, 1)
    assert two.state(1) is State.CLAIMED
    assert two.reporters_of(1) == {"wujin", "huimian"}
    assert two.reporters_of(2) == {"huimian"}
    assert heard.told("huimian").startswith("#2 与 #1 是同一问题")
    assert [message.text[:2] for message in heard.messages[1:]].count("#2") == len(heard.messages) - 1
    assert heard.told("li").count("#2") == 1
    assert "并入 #1" in two.say("sun", "查询 2").answer
    assert two.say("sun", "查询 2").answer.startswith("#2 已并入 · ")


def test_a_quoted_message_names_the_one_to_merge(two: Street) -> None:
    assert two.say("sun", "并入 1", quote="#2 新问题:环境卫生").outcome == "merged"
    assert two.issue(2).merged_into == 1


def test_its_pictures_are_counted_for_both(street: Street) -> None:
    first, second = street.reported(), street.reported(DIRTY, "huimian")
    with street.database.write() as connection:
        for inbox_id, number in ((901, first), (902, second), (903, second)):
            row = {"inbox_id": inbox_id, "channel": "aibot", "ref": "x", "next_at": NOW, "issue": number}
            connection.execute(media.insert().values(**row))
    assert "[图1]" in street.say("sun", "查询 1").answer
    street.say("sun", "合并 2 到 1")
    assert "[图3]" in street.say("sun", "查询 1").answer
    assert "[图2]" in street.say("sun", "查询 2").answer
    street.say("sun", "拆分 2")
    assert "[图1]" in street.say("sun", "查询 1").answer


def test_several_into_one(two: Street) -> None:
    two.reported("56号门口违规堆放杂物,堵着路", "huimian")
    assert two.say("sun", "合并 2 3 到 1").outcome == "merged"
    assert (two.issue(2).merged_into, two.issue(3).merged_into) == (1, 1)


@pytest.mark.parametrize("who", ["li", "wang", "wujin"])
def test_only_supervisors_merge(two: Street, who: str) -> None:
    heard = two.say(who, "合并 2 到 1")
    assert heard.outcome in {"not_allowed", "unknown_number"}
    assert two.state(2) is State.REPORTED


def test_elsewhere_both_are_unknown(two: Street) -> None:
    assert two.say("zhou", "合并 2 到 1").outcome == "unknown_number"
    assert two.say("zhou", "拆分 2").outcome == "unknown_number"


def test_not_into_another_subdistrict(two: Street) -> None:
    other = two.say("bianli", "大同路56号门口垃圾堆成山没人清").issue
    assert two.say("sun", f"合并 2 到 {other}").outcome == "unknown_number"
    heard = two.say("guan", f"合并 2 到 {other}")
    assert (heard.outcome, two.state(2)) == ("not_possible", State.REPORTED)
    assert "不在同一街道" in heard.answer


@pytest.mark.parametrize("said", ["合并", "合并 2", "合并 2 到 2"])
def test_both_numbers_are_wanted(two: Street, said: str) -> None:
    assert two.say("sun", said).answer.startswith("合并哪件到哪件?")


def test_unknown_numbers(two: Street) -> None:
    assert two.say("sun", "合并 9 到 1").answer.startswith("#9 没有查到")
    assert two.say("sun", "合并 2 到 9").answer.startswith("#9 没有查到")


def test_into_a_merged_one_means_into_its_target(two: Street) -> None:
    two.say("sun", "合并 2 到 1")
    two.reported("56号门口违规堆放杂物,堵着路", "huimian")
    assert two.say("sun", "合并 3 到 2").outcome == "merged"
    assert two.issue(3).merged_into == 1


def test_no_loops_and_no_chains(two: Street) -> None:
    two.reported("56号门口违规堆放杂物,堵着路", "huimian")
    two.say("sun", "合并 2 到 1")
    assert two.say("sun", "合并 1 到 2").outcome == "not_possible"
    heard = two.say("sun", "合并 1 到 3")
    assert heard.outcome == "not_possible"
    assert "请反过来:合并 3 到 1" in heard.answer
    assert two.state(1) is State.CLAIMED


def test_what_is_over_is_not_merged(two: Street) -> None:
    two.say("huimian", "撤回 2")
    assert two.say("sun", "合并 2 到 1").outcome == "not_possible"
    assert two.say("sun", "合并 1 到 2").outcome == "not_possible"


def test_a_danger_is_not_hidden_behind_a_nuisance(two: Street) -> None:
    two.reported("56号门口井盖丢了露着大洞,很危险", "huimian")
    assert "请反过来:合并 1 到 3" in two.say("sun", "合并 3 到 1").answer


@pytest.mark.parametrize("said", ["拆分 2", "2 拆开", "取消合并 2"])
def test_split_restores_everything(two: Street, said: str) -> None:
    two.say("sun", "合并 2 到 1")
    heard = two.say("sun", said)
    assert (heard.outcome, two.state(2), two.issue(2).merged_into) == ("split", State.REPORTED, None)
    assert two.reporters_of(1) == {"wujin"}
    assert two.reporters_of(2) == {"huimian"}
    assert "已从 #1 拆出" in heard.told("huimian")
    assert "已从 #1 拆出" in heard.told("li")


def test_who_reported_both_stays_with_both(street: Street) -> None:
    street.reported()
    street.reported(DIRTY)
    street.say("sun", "合并 2 到 1")
    street.say("sun", "拆分 2")
    assert (street.reporters_of(1), street.reporters_of(2)) == ({"wujin"}, {"wujin"})


def test_only_what_was_merged_is_split(two: Street) -> None:
    assert two.say("sun", "拆分 2").outcome == "not_possible"


def test_undo_parts_the_reporters_again(two: Street) -> None:
    two.say("sun", "合并 2 到 1")
    assert two.say("sun", "撤销").outcome == "undone"
    assert (two.state(2), two.reporters_of(1)) == (State.REPORTED, {"wujin"})
    assert two.say("sun", "合并 1 到 2").outcome == "merged"


def test_undoing_a_split_joins_them_again(two: Street) -> None:
    two.say("sun", "合并 2 到 1")
    two.say("sun", "拆分 2")
    assert two.say("sun", "撤销").outcome == "undone"
    assert (two.state(2), two.reporters_of(1)) == (State.MERGED, {"wujin", "huimian"})
