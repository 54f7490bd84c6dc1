"""Who gets what by which way, how it is cut, and what quiet hours hold."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.clock import BusinessTime
from domain.messages import ButtonClick, Chat, IncomingMessage
from domain.outgoing import (
    Address,
    Attachment,
    Button,
    Draft,
    Outgoing,
    Purpose,
    Recipient,
    ToGroup,
    ToPerson,
    ToWriter,
)
from domain.roster import Shift
from handlers.routing import Router, fallen_back
from tests.unit.handlers.town import JIEFANG, MORNING, NIGHT, ROSTER, moment, office

REPLY_TO = "https://qyapi.weixin.qq.com/cgi-bin/aibot/response?response_code=1"
SUFFIX = "(本通知不接收回复,请@路管家)"
IN_GROUP = IncomingMessage(
    "aibot", "k", Chat("group", "g-yimin"), "wujin", "text", "电动车堵门", reply_to=REPLY_TO
)
ALONE = replace(IN_GROUP, chat=Chat("single", "wujin"))
BY_APP = replace(ALONE, channel="app_channel", reply_to=None)
LONG = "\n".join(f"第{number}行:益民路28号门口电动车堵门" for number in range(100))


def route(
    outgoing: Outgoing,
    message: IncomingMessage | None = IN_GROUP,
    *,
    app: bool = True,
    now: BusinessTime = MORNING,
) -> list[Draft]:
    return Router(office(app=app), now, message).drafts([outgoing])


def answer(text: str = "#1 已受理", **changes: object) -> Outgoing:
    return replace(Outgoing(ToWriter(), text, Purpose.ANSWER, 1), **changes)  # type: ignore[arg-type]


def notice(**changes: object) -> Outgoing:
    told = Outgoing(
        ToPerson("li", "g-yimin"),
        "#1 新问题",
        Purpose.NOTICE,
        1,
        buttons=(Button("认领", "认领 1"), Button("办结", "办结 1")),
        reply_with="收到 1",
    )
    return replace(told, **changes)  # type: ignore[arg-type]


def test_an_answer_goes_through_the_address_of_its_message() -> None:
    (draft,) = route(answer())
    assert draft.address == Address("reply", REPLY_TO)
    assert draft.text == "#1 已受理"
    assert (draft.fallback, draft.issue, draft.mentions) == (Address("webhook", "g-yimin"), 1, ())


def test_an_answer_in_a_chat_for_two_falls_back_to_the_app() -> None:
    (draft,) = route(answer(), ALONE)
    assert (draft.address.route, draft.fallback) == ("reply", Address("app", "wujin"))


def test_an_answer_to_the_app_goes_by_the_app() -> None:
    (draft,) = route(answer(), BY_APP)
    assert (draft.address, draft.fallback, draft.text) == (Address("app", "wujin"), None, "#1 已受理")


def test_an_answer_without_an_address_is_pushed_and_says_that_the_robot_is_deaf() -> None:
    (draft,) = route(answer(), replace(IN_GROUP, reply_to=None))
    assert draft.address == Address("webhook", "g-yimin")
    assert draft.text == f"#1 已受理\n{SUFFIX}"


def test_an_answer_to_nobody_goes_nowhere() -> None:
    assert route(answer(), None) == []


def test_an_answer_is_one_call_up_to_twenty_kilobytes() -> None:
    (draft,) = route(answer(LONG))
    assert draft.text == LONG


def test_what_is_longer_goes_on_in_parts_that_fit_their_way() -> None:
    first, *rest = route(answer(LONG * 6))
    assert first.address.route == "reply"
    assert len(first.text.encode()) <= 20480
    assert rest
    assert all(draft.address == Address("webhook", "g-yimin") for draft in rest)
    assert all(len(draft.text.encode()) <= 2048 for draft in rest)
    assert all("#1" in draft.text for draft in rest)


def test_a_person_is_told_by_the_app_with_buttons() -> None:
    (draft,) = route(notice())
    assert draft.address == Address("app", "li")
    assert draft.text == "#1 新问题"
    assert [button.key for button in draft.buttons] == ["认领 1", "办结 1"]
    assert (draft.fallback, draft.mentions) == (Address("webhook", "g-yimin"), ("li",))


def test_without_the_app_he_is_mentioned_in_the_group_and_told_how_to_answer() -> None:
    (draft,) = route(notice(), app=False)
    assert draft.address == Address("webhook", "g-yimin")
    assert draft.text == f"#1 新问题\n回复请@路管家 收到 1\n{SUFFIX}"
    assert (draft.mentions, draft.buttons, draft.fallback) == (("li",), (), None)


def test_without_app_and_group_nobody_is_told() -> None:
    assert route(notice(to=ToPerson("li", None)), app=False) == []


def test_a_group_is_told_by_its_robot() -> None:
    (draft,) = route(Outgoing(ToGroup("g-sup", ("sun",)), "【日报】", Purpose.SUMMARY))
    assert (draft.address, draft.mentions) == (Address("webhook", "g-sup"), ("sun",))
    assert draft.text == f"【日报】\n{SUFFIX}"


def test_a_long_push_is_cut_at_lines_and_mentions_once() -> None:
    drafts = route(notice(text=f"#1 新问题\n{LONG}"), app=False)
    assert len(drafts) > 1
    assert all(len(draft.text.encode()) <= 2048 for draft in drafts)
    assert [draft.mentions for draft in drafts] == [("li",)] + [()] * (len(drafts) - 1)
    for number, draft in enumerate(drafts, 1):
        assert draft.text.startswith("#1")
        assert draft.text.splitlines()[-1] == f"({number}/{len(drafts)})"
    assert SUFFIX in drafts[-1].text
    said = [line for draft in drafts for line in draft.text.splitlines() if line.startswith("第")]
    assert said == LONG.splitlines()


def test_the_buttons_of_a_long_card_are_on_its_last_part() -> None:
    drafts = route(notice(text=f"#1 新问题\n{LONG}"))
    assert len(drafts) > 1
    assert [bool(draft.buttons) for draft in drafts] == [False] * (len(drafts) - 1) + [True]


def test_a_cut_is_never_inside_a_character() -> None:
    drafts = route(notice(text="路" * 3000), app=False)
    assert "".join(draft.text for draft in drafts).count("路") - len(drafts) <= 3001
    assert all("\ufffd" not in draft.text for draft in drafts)


def test_several_messages_keep_their_order() -> None:
    drafts = Router(office(), MORNING, IN_GROUP).drafts([answer("一"), notice(text="二"), notice(text="三")])
    assert [draft.text for draft in drafts] == ["一", "二", "三"]


@pytest.mark.parametrize("purpose", [Purpose.NOTICE, Purpose.REMINDER, Purpose.ESCALATION, Purpose.SUMMARY])
def test_quiet_hours_hold_what_is_no_answer(purpose: Purpose) -> None:
    (draft,) = route(notice(purpose=purpose), now=NIGHT)
    assert draft.held_until == moment("11-24 07:00")


def test_quiet_hours_hold_neither_answers_nor_danger() -> None:
    assert route(answer(), now=NIGHT)[0].held_until is None
    assert route(notice(danger=True), now=NIGHT)[0].held_until is None


@pytest.mark.parametrize(
    ("now", "held"),
    [
        ("11-23 21:59", None),
        ("11-23 22:00", "11-24 07:00"),
        ("11-24 06:59", "11-24 07:00"),
        ("11-24 07:00", None),
    ],
)
def test_quiet_hours_begin_and_end_on_the_minute(now: str, held: str | None) -> None:
    (draft,) = route(notice(), now=moment(now))
    assert draft.held_until == (moment(held) if held else None)


def test_somebody_on_duty_ends_the_quiet_of_his_subdistrict() -> None:
    shift = Shift(NIGHT.date(), moment("11-23 22:00").time(), moment("11-24 06:00").time(), JIEFANG, "li")
    on_duty = office(roster=replace(ROSTER, shifts=(shift,)))
    here, there = notice(), notice(to=ToPerson("qian", "g-area"))
    held = [draft.held_until for draft in Router(on_duty, NIGHT).drafts([here, there])]
    assert held == [None, moment("11-24 07:00")]


def test_all_parts_of_a_message_are_held_together() -> None:
    drafts = route(notice(text=LONG), app=False, now=NIGHT)
    assert {draft.held_until for draft in drafts} == {moment("11-24 07:00")}


def test_a_fallback_to_the_group_says_how_to_answer() -> None:
    (told,) = route(notice())
    assert told.fallback is not None
    (instead,) = fallen_back(office(), told, told.fallback)
    assert instead.address == Address("webhook", "g-yimin")
    assert instead.text == f"#1 新问题\n回复请@路管家 认领 1\n{SUFFIX}"
    assert (instead.mentions, instead.buttons, instead.fallback) == (("li",), (), None)


def test_a_pushed_answer_says_that_the_robot_is_deaf() -> None:
    (said,) = route(answer())
    assert said.fallback is not None
    (instead,) = fallen_back(office(), said, said.fallback)
    assert instead.text == f"#1 已受理\n{SUFFIX}"


def test_a_fallback_to_the_app_is_as_it_was() -> None:
    (said,) = route(answer(), ALONE)
    assert said.fallback is not None
    (instead,) = fallen_back(office(), said, said.fallback)
    assert (instead.address, instead.text) == (Address("app", "wujin"), "#1 已受理")


def test_a_fallback_leaves_at_once_and_in_parts_that_fit() -> None:
    told = replace(route(answer(LONG))[0], held_until=NIGHT)
    parts = fallen_back(office(), told, Address("webhook", "g-yimin"))
    assert len(parts) > 1
    assert all(len(part.text.encode()) <= 2048 and part.held_until is None for part in parts)
    assert all(part.text.startswith(("第0行", "#1 (续)")) for part in parts)


def test_danger_stays_danger_on_every_way() -> None:
    (told,) = route(notice(danger=True))
    assert told.danger
    assert fallen_back(office(), told, Address("webhook", "g-yimin"))[0].danger


def test_a_pressed_button_without_a_reply_address_is_answered_by_the_app() -> None:
    pressed = replace(BY_APP, kind="button", text="", button=ButtonClick("认领 1", "t1", "code"))
    (draft,) = route(answer(), pressed)
    assert draft.address == Address("app", "wujin")


PICTURE = Attachment("image", "out/day.png", "日报.png")


def test_a_picture_goes_by_webhook_or_app_and_never_through_an_answer() -> None:
    def drawn(to: Recipient) -> Outgoing:
        return Outgoing(to, "日报图", Purpose.SUMMARY, attachment=PICTURE)

    (pushed,) = route(drawn(ToGroup("g-sup")))
    assert (pushed.address, pushed.attachment) == (Address("webhook", "g-sup"), PICTURE)
    (told,) = route(drawn(ToPerson("sun", "g-sup")))
    assert (told.address, told.fallback) == (Address("app", "sun"), None)
    (answered,) = route(drawn(ToWriter()))
    assert answered.address == Address("webhook", "g-yimin")


def test_without_the_app_what_is_for_one_person_goes_to_no_group() -> None:
    picture = Outgoing(ToPerson("sun", "g-sup"), "日报图", Purpose.SUMMARY, attachment=PICTURE)
    assert Router(office(app=False), MORNING).drafts([picture]) == []
