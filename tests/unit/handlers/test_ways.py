"""Which way a word takes: the push robot or the robot itself, the app or the robot 1:1, or the group."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.messages import ButtonClick, Chat, IncomingMessage
from domain.outgoing import (
    Address,
    Attachment,
    Button,
    Draft,
    Outgoing,
    Purpose,
    Recipient,
    ToCard,
    ToGroup,
    ToPerson,
    ToWriter,
)
from domain.reach import Reach
from handlers.routing import Router
from tests.unit.handlers.town import MORNING, office

FRAME = IncomingMessage(
    "aibot",
    "k",
    Chat("group", "g-yimin"),
    "wujin",
    "text",
    "电动车堵门",
    reply_to="req-7",
    reply_by="respond",
)
ALONE = replace(FRAME, chat=Chat("single", "wujin"))
CHART = Attachment("image", "out/a.png", "日报")


def drafts(
    outgoing: Outgoing, message: IncomingMessage | None = FRAME, *, app: bool = False, reach: Reach
) -> list[Draft]:
    return Router(replace(office(app=app), reach=reach), MORNING, message).drafts([outgoing])


def said(to: Recipient, text: str = "#1 新问题", **changes: object) -> Outgoing:
    told = Outgoing(to, text, Purpose.NOTICE, 1, buttons=(Button("认领", "认领 1"),), reply_with="收到 1")
    return replace(told, **changes)  # type: ignore[arg-type]


CONNECTED = Reach(connect=True, spoken=frozenset({"g-yimin"}))
KEYED = replace(CONNECTED, keyed=frozenset({"g-yimin"}))
LI_SPOKE = replace(CONNECTED, spoken=frozenset({"g-yimin", "li"}))


@pytest.mark.parametrize(
    ("reach", "app", "to", "way", "fallback"),
    [
        (Reach(), False, ToGroup("g-yimin"), Address("webhook", "g-yimin"), None),
        (KEYED, False, ToGroup("g-yimin"), Address("webhook", "g-yimin"), None),
        (CONNECTED, False, ToGroup("g-yimin"), Address("chat", "g-yimin"), None),
        (CONNECTED, False, ToPerson("li", "g-yimin"), Address("chat", "g-yimin"), None),
        (LI_SPOKE, False, ToPerson("li", "g-yimin"), Address("direct", "li"), Address("chat", "g-yimin")),
        (LI_SPOKE, True, ToPerson("li", "g-yimin"), Address("app", "li"), Address("chat", "g-yimin")),
        (KEYED, True, ToPerson("li", "g-yimin"), Address("app", "li"), Address("webhook", "g-yimin")),
        (replace(LI_SPOKE, connect=False), False, ToPerson("li", None), None, None),
    ],
)
def test_a_word_takes_the_best_way_there_is(
    reach: Reach, app: bool, to: Recipient, way: Address | None, fallback: Address | None
) -> None:
    found = drafts(said(to), app=app, reach=reach)
    assert [(draft.address, draft.fallback) for draft in found] == ([(way, fallback)] if way else [])


@pytest.mark.parametrize(
    ("reach", "app", "way"),
    [
        (KEYED, True, Address("app", "wujin")),
        (replace(KEYED, spoken=frozenset({"wujin"})), False, Address("direct", "wujin")),
    ],
)
def test_what_was_said_in_private_is_told_in_no_group_even_where_the_private_way_fails(
    reach: Reach, app: bool, way: Address
) -> None:
    (asked,) = drafts(said(ToPerson("wujin", "g-yimin", private=True)), app=app, reach=reach)
    assert (asked.address, asked.fallback) == (way, None)
    (public,) = drafts(said(ToPerson("wujin", "g-yimin")), app=app, reach=reach)
    assert (public.address, public.fallback) == (way, Address("webhook", "g-yimin"))


def test_the_robot_itself_can_hear_and_says_only_how_to_answer() -> None:
    (draft,) = drafts(said(ToPerson("li", "g-yimin")), reach=CONNECTED)
    assert draft.text == "#1 新问题\n回复请@路管家 收到 1"
    assert draft.mentions == ("li",)
    (plain,) = drafts(said(ToGroup("g-yimin"), reply_with=""), reach=CONNECTED)
    assert plain.text == "#1 新问题"


def test_a_person_is_told_under_the_name_by_which_he_spoke() -> None:
    district = office(app=False)
    li = district.roster.person("li")
    assert li is not None
    people = tuple(
        replace(each, aliases=("wo-li",)) if each.userid == "li" else each for each in district.roster.people
    )
    roster = replace(district.roster, people=people)
    reach = replace(CONNECTED, spoken=frozenset({"wo-li"}))
    renamed = replace(district, roster=roster, reach=reach)
    found = Router(renamed, MORNING, None).drafts([said(ToPerson("li", None))])
    assert [(draft.address, draft.mentions) for draft in found] == [(Address("direct", "wo-li"), ("li",))]
    assert found[0].buttons


def test_an_answer_to_a_frame_counts_with_its_chat_and_falls_back_to_a_push() -> None:
    (draft,) = drafts(said(ToWriter(), "#1 已受理", purpose=Purpose.ANSWER), reach=CONNECTED)
    assert (draft.address, draft.payer) == (Address("respond", "req-7"), Address("chat", "g-yimin"))
    assert draft.fallback == Address("chat", "g-yimin")
    (alone,) = drafts(said(ToWriter(), "#1 已受理", purpose=Purpose.ANSWER), ALONE, reach=CONNECTED)
    assert (alone.payer, alone.fallback) == (Address("direct", "wujin"), Address("direct", "wujin"))


def test_an_answer_too_long_for_one_frame_goes_on_as_a_push() -> None:
    long = "\n".join(f"第{n}行:益民路28号门口电动车堵门" for n in range(700))
    first, *rest = drafts(said(ToWriter(), long, purpose=Purpose.ANSWER), reach=CONNECTED)
    assert len(first.text.encode()) <= 20480
    assert [draft.address for draft in rest] == [Address("chat", "g-yimin")] * len(rest) != []
    assert all(draft.payer is None for draft in rest)


def test_a_file_goes_where_it_was_asked_for() -> None:
    file = said(ToWriter(), "日报", purpose=Purpose.ANSWER, attachment=CHART)
    assert [draft.address for draft in drafts(file, reach=CONNECTED)] == [Address("chat", "g-yimin")]
    assert [draft.address for draft in drafts(file, ALONE, reach=CONNECTED)] == [Address("direct", "wujin")]


def test_a_card_of_the_robot_is_changed_by_its_frame() -> None:
    pressed = replace(
        ALONE, kind="button", reply_to=None, reply_by="update", button=ButtonClick("认领 1", "o9", "req-8")
    )
    (draft,) = drafts(said(ToCard(), "已认领"), pressed, reach=CONNECTED)
    assert (draft.address, draft.mentions) == (Address("update", "req-8"), ("wujin",))


def test_a_welcome_has_no_second_way() -> None:
    entered = replace(ALONE, kind="event", reply_by="welcome")
    (draft,) = drafts(said(ToWriter(), "您好", purpose=Purpose.ANSWER), entered, reach=CONNECTED)
    assert (draft.address.route, draft.fallback) == ("welcome", None)
