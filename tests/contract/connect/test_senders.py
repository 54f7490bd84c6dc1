"""What goes out by the long connection, as the platform takes it and people see it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from bot.aibot.pictures import AibotPictures
from bot.aibot_connect.receive import Receiver
from bot.aibot_connect.senders import PushSender, RespondSender, UpdateSender, WelcomeSender
from bot.download import Downloader
from domain.errors import MediaError, SendError
from domain.outgoing import Attachment, Button, Delivery, RouteKind, look_buttons
from sandbox.faults import Fault
from sandbox.samples import sample
from tests.contract.connect.conftest import GROUP, PERSON, Platform, Robot

NAMES = {"chief3-yiminlu": "李四", "chief2-jiefang": "王五"}
CHAT_OF_TWO = f"aibot:{PERSON}"


def push(robot: Robot, folder: Path = Path(), spoken: bool = True) -> PushSender:
    return PushSender(robot.link, folder, lambda _: spoken, lambda userid: NAMES.get(userid, userid))


def to(route: RouteKind, target: str, text: str = "提醒", key: str = "o1", **more: object) -> Delivery:
    return Delivery(route, target, text, key, **more)  # type: ignore[arg-type]


def asked(platform: Platform, robot: Robot, **how: object) -> str:
    """The id of a frame that waits for an answer."""
    before = len(robot.frames)
    platform.say(**how)  # type: ignore[arg-type]
    return robot.frame(before + 1).req_id


def test_an_answer_stands_under_its_question(platform: Platform, robot: Robot) -> None:
    req_id = asked(platform, robot)
    RespondSender(robot.link).send(to("respond", req_id, "#1 已受理"))
    assert platform.texts() == ["#1 已受理"]
    (entry,) = [each for each in platform.world.transcript.since(0) if each.sender == "robot"]
    assert entry.quote is not None
    assert entry.quote.text == "@路管家 门口有人乱停车"


def test_an_answer_whose_result_was_lost_does_not_stand_there_twice(platform: Platform, robot: Robot) -> None:
    req_id = asked(platform, robot)
    sender = RespondSender(robot.link)
    platform.world.faults.set(Fault("connect_send", lose_answer=True, count=1))
    with pytest.raises(SendError) as lost:
        sender.send(to("respond", req_id, "#1 已受理"))
    assert lost.value.uncertain
    with pytest.raises(SendError) as again:
        sender.send(to("respond", req_id, "#1 已受理"))
    assert (again.value.permanent, again.value.already_delivered) == (True, True)
    assert platform.texts() == ["#1 已受理"]


def test_an_answer_after_a_day_is_refused_for_good(platform: Platform, robot: Robot) -> None:
    req_id = asked(platform, robot)
    platform.now.pass_by(24 * 3600 + 1)
    with pytest.raises(SendError) as late:
        RespondSender(robot.link).send(to("respond", req_id))
    assert (late.value.permanent, late.value.already_delivered) == (True, False)


def test_a_push_to_a_group_names_whom_it_is_for(platform: Platform, robot: Robot) -> None:
    asked(platform, robot)
    mentions = ("chief3-yiminlu", "chief2-jiefang")
    push(robot).send(to("chat", GROUP, "#1 快到时限", mentions=mentions, buttons=(Button("认领", "认领 1"),)))
    assert platform.texts() == ["@李四 @王五\n#1 快到时限"]
    (call,) = platform.asked("aibot_send_msg")
    assert (call["body"]["chatid"], call["body"]["chat_type"]) == (GROUP, 2)


def test_where_nobody_spoke_nothing_is_tried(platform: Platform, robot: Robot) -> None:
    with pytest.raises(SendError) as refused:
        push(robot, spoken=False).send(to("chat", GROUP))
    assert refused.value.permanent
    assert refused.value.reason.startswith("还没有人在这里对机器人说过话")
    assert platform.asked("aibot_send_msg") == []
    with pytest.raises(SendError):  # and the platform itself refuses it
        push(robot).send(to("chat", "wr-sup-jiefang"))
    assert platform.texts("wr-sup-jiefang") == []


def test_too_many_are_tried_again_after_a_minute(platform: Platform, robot: Robot) -> None:
    req_id = asked(platform, robot)
    RespondSender(robot.link).send(to("respond", req_id))
    for number in range(29):
        push(robot).send(to("chat", GROUP, key=f"o{number}"))
    with pytest.raises(SendError) as busy:
        push(robot).send(to("chat", GROUP))
    assert (busy.value.permanent, busy.value.code, busy.value.retry_after) == (False, 846607, 60)
    platform.now.pass_by(61)
    push(robot).send(to("chat", GROUP))
    assert len(platform.texts()) == 31


def test_a_thousand_an_hour(platform: Platform, robot: Robot) -> None:
    asked(platform, robot)
    for number in range(1000):
        push(robot).send(to("chat", GROUP, key=f"o{number}"))
        platform.now.pass_by(3)
    with pytest.raises(SendError) as busy:
        push(robot).send(to("chat", GROUP))
    assert busy.value.code == 846607
    platform.now.pass_by(3600)
    push(robot).send(to("chat", GROUP))


def test_a_card_is_pressed_and_changed(platform: Platform, robot: Robot) -> None:
    asked(platform, robot, alone=True)
    buttons = (Button("认领", "认领 1"), Button("办结", "办结 1"))
    push(robot).send(to("direct", PERSON, "#1 新问题\n益民路28号", key="o7", buttons=buttons))
    (card,) = [each for each in platform.world.transcript.since(0) if each.card]
    assert card.card is not None
    assert (card.chat, [button.key for button in card.card.buttons]) == (CHAT_OF_TWO, ["认领 1", "办结 1"])
    platform.press(card.id, "认领 1")
    message = Receiver([]).arrival(robot.frame(2)).message
    assert message.button is not None
    assert (message.button.key, message.reply_by, message.reply_to) == ("认领 1", "update", None)
    face = to("update", message.button.response_code, "已认领", buttons=look_buttons(1))
    UpdateSender(robot.link).send(face)
    changed = platform.world.transcript.find(card.id)
    assert changed is not None
    assert changed.card is not None
    assert (changed.card.title, [button.key for button in changed.card.buttons]) == ("已认领", ["查询 1"])
    platform.now.pass_by(6)
    with pytest.raises(SendError) as late:
        UpdateSender(robot.link).send(face)
    assert late.value.permanent


def test_who_opens_the_chat_is_greeted_within_five_seconds(platform: Platform, robot: Robot) -> None:
    req_id = asked(platform, robot, text="", alone=True, kind="enter")
    WelcomeSender(robot.link).send(to("welcome", req_id, "您好"))
    assert platform.texts(CHAT_OF_TWO) == ["您好"]
    platform.now.pass_by(6)
    with pytest.raises(SendError) as late:
        WelcomeSender(robot.link).send(to("welcome", req_id, "您好"))
    assert late.value.permanent


def test_a_picture_and_a_large_file_arrive_whole(platform: Platform, robot: Robot, tmp_path: Path) -> None:
    asked(platform, robot)
    (tmp_path / "日报.png").write_bytes(sample("clean"))
    workbook = hashlib.sha512(b"x").digest() * 20_000  # 1.2 MB: three parts
    (tmp_path / "台账.xlsx").write_bytes(workbook)
    for kind, name in (("image", "日报.png"), ("file", "台账.xlsx")):
        attachment = Attachment(kind, name, name)  # type: ignore[arg-type]
        push(robot, tmp_path).send(to("chat", GROUP, name, key=f"o-{kind}", attachment=attachment))
    shown = [each for each in platform.world.transcript.since(0) if each.sender == "robot"]
    assert [entry.kind for entry in shown] == ["image", "file"]
    stored = platform.world.shown.get(shown[1].file.rpartition("/")[2])
    assert (stored.name, stored.data) == ("台账.xlsx", workbook)


def test_a_picture_has_a_key_of_its_own(platform: Platform, robot: Robot) -> None:
    asked(platform, robot, text="门口", pictures=["scooters", "garbage"])
    message = Receiver(["路管家"]).arrival(robot.frames[0]).message
    source = AibotPictures(None, Downloader(platform.world.base_url, ()))
    loaded = [source.load(reference) for reference in message.pictures]
    assert loaded == [sample("scooters"), sample("garbage")]
    first, second = (reference.partition("#aeskey=")[2] for reference in message.pictures)
    assert first != second
    address = message.pictures[0].partition("#")[0]
    for key in (second, "zu-kurz", "", "!!"):
        with pytest.raises(MediaError) as wrong:
            source.load(f"{address}#aeskey={key}")
        assert wrong.value.permanent


def test_a_quoted_picture_has_one_too(platform: Platform, robot: Robot) -> None:
    said = platform.say("看这里", pictures=["manhole"])
    asked_again = platform.say("就是这个", quote=said["msgid"])
    assert asked_again["heard"]
    robot.frame(2)
    quote = Receiver(["路管家"]).arrival(robot.frames[1]).message.quote
    assert quote is not None
    source = AibotPictures(None, Downloader(platform.world.base_url, ()))
    assert [source.load(reference) for reference in quote.pictures] == [sample("manhole")]
