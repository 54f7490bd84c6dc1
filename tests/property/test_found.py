"""What the random walk found once, told as short dialogs."""

from __future__ import annotations

from tests.property.street import Said, life


def test_a_command_is_no_answer_to_an_open_question_about_the_kind() -> None:
    with life() as street:
        assert street.say(Said("huimian", "", picture=True)).outcome == "reported_pending"
        assert street.say(Said("huimian", "补充 1 不归我管")).outcome == "supplemented"


def test_a_command_that_names_a_road_is_no_answer_to_an_open_question_about_the_place() -> None:
    with life() as street:
        street.say(Said("wujin", "28号门口电动车乱停把路堵死了", "g-yimin"))
        asked = street.say(Said("zhou", "这里好脏没人管", "g-area"))
        assert asked.outcome == "reported_pending"
        assert street.say(Said("zhou", "路长 钱塘路", "g-area")).outcome != "corrected"


def test_the_picture_of_one_issue_does_not_finish_another_one_that_waits_for_its_picture() -> None:
    with life() as street:
        street.say(Said("wujin", "12号门口垃圾堆成山没人清", "g-yimin"))
        street.say(Said("wujin", "28号门口电动车乱停把路堵死了", "g-yimin"))
        assert street.say(Said("li", "办结 1")).outcome == "asked_proof"
        assert street.say(Said("li", "办结 2", picture=True)).outcome == "resolved"
        states = {number: issue.state for number, issue in street.look().issues.items()}
        assert states == {1: "reported", 2: "resolved"}


def test_a_refused_merge_names_the_issue_that_was_to_go_and_where_it_cannot() -> None:
    with life() as street:
        street.say(Said("wujin", "12号门口垃圾堆成山没人清", "g-yimin"))
        street.say(Said("wujin", "28号门口电动车乱停把路堵死了", "g-yimin"))
        street.say(Said("wujin", "撤回 2", "g-yimin"))
        assert street.say(Said("sun", "合并 1 到 2")).answers == ("#1 不能并入:#2 现在是「已结案」",)


def test_an_undo_of_several_leaves_alone_what_somebody_acted_on_since() -> None:
    with life() as street:
        street.say(Said("wujin", "12号门口垃圾堆成山没人清", "g-yimin"))
        street.say(Said("wujin", "28号门口电动车乱停把路堵死了", "g-yimin"))
        street.say(Said("li", "认领 1、2", "g-yimin"))
        street.say(Said("zhao", "静音 2"))
        street.say(Said("li", "撤销", "g-yimin"))
        states = {number: issue.state for number, issue in street.look().issues.items()}
        assert states == {1: "reported", 2: "claimed"}
