"""One connection: how it begins, what passes it, and all the ways in which it can end."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from bot.aibot_connect.connection import Connection
from bot.aibot_connect.frames import Command
from bot.aibot_connect.receive import Receiver
from domain.errors import Disconnected, SendError
from domain.messages import Chat
from sandbox.control import acting
from sandbox.faults import Fault
from tests.contract.connect.conftest import GROUP, PERSON, QUICK, Platform, Robot, connected
from tests.fleet.net import wait_until

RECEIVER = Receiver(["路管家"])
NO_FRAMES = ('"hello"', "[1]", '{"cmd":1}', '{"headers":{"req_id":""}}', "\x00", '{"headers":{"req_id":"r"}}')


def refusal(platform: Platform, **wrong: str) -> Disconnected:
    with pytest.raises(Disconnected) as caught, Connection(replace(platform.settings, **wrong), QUICK):
        pass
    return caught.value


def test_a_wrong_secret_is_told_by_its_code(platform: Platform) -> None:
    assert refusal(platform, secret="wrong").refused == 40001
    assert refusal(platform, bot_id="wrong").refused == 40001
    assert platform.world.hub.session is None


def test_nobody_at_the_address(platform: Platform) -> None:
    error = refusal(platform, url="ws://127.0.0.1:1")
    assert (str(error), error.refused) == ("cannot connect: ConnectionRefusedError", None)


@pytest.mark.parametrize(
    "fault", [Fault("connect", status=503), Fault("connect", timeout=0.1), Fault("connect", errcode=-1)]
)
def test_bad_weather_at_the_door(platform: Platform, fault: Fault) -> None:
    platform.world.faults.set(replace(fault, count=1))
    assert isinstance(refusal(platform), Disconnected)
    with connected(platform):
        assert platform.world.hub.joined == 1


def test_a_message_has_the_key_and_words_that_it_has_by_callback(platform: Platform, robot: Robot) -> None:
    said = platform.say("28号门口又堵了")
    frame = robot.frame()
    message = RECEIVER.arrival(frame).message
    assert message.dedupe_key == f"aibot:aib-sandbox:{said['msgid']}"
    assert (message.channel, message.kind, message.text) == ("aibot", "text", "28号门口又堵了")
    assert (message.chat, message.sender) == (Chat("group", GROUP), PERSON)
    assert (message.reply_by, message.reply_to) == ("respond", frame.req_id)


def test_messages_keep_their_order(platform: Platform, robot: Robot) -> None:
    words = [f"第{number}句" for number in range(50)]
    for word in words:
        platform.say(word)
    robot.frame(50)
    assert [RECEIVER.arrival(frame).message.text for frame in robot.frames] == words


def test_the_same_frame_again_is_the_same_message(platform: Platform, robot: Robot) -> None:
    platform.say(copies=3)
    robot.frame(3)
    arrivals = [RECEIVER.arrival(frame) for frame in robot.frames]
    assert len({frame.req_id for frame in robot.frames}) == 3
    assert len({(each.message.dedupe_key, each.nonce, each.payload_hash) for each in arrivals}) == 1


def test_an_event_is_told_from_another_of_the_same_second(platform: Platform, robot: Robot) -> None:
    for _ in range(2):
        platform.say("", alone=True, kind="enter")
    robot.frame(2)
    first, second = (RECEIVER.arrival(frame).message for frame in robot.frames)
    assert first.dedupe_key != second.dedupe_key
    assert (first.detail, first.reply_by) == ("event:enter_chat", "welcome")
    assert first.reply_to == robot.frames[0].req_id
    assert first.chat == Chat("single", PERSON)


def test_what_is_no_frame_harms_nobody(platform: Platform, robot: Robot) -> None:
    session = platform.world.hub.session
    assert session is not None
    for text in NO_FRAMES:
        session._outgoing.put(text)
    platform.say("后来的话")
    assert RECEIVER.arrival(robot.frame()).message.text == "后来的话"


def test_whatever_is_in_a_frame_becomes_a_message_that_says_so(platform: Platform, robot: Robot) -> None:
    for number, body in enumerate(
        ({}, {"msgtype": "text"}, {"msgtype": "text", "text": {"content": 7}, "from": {"userid": "x"}}), 1
    ):
        acting.raw(platform.dispatcher, {"via": "aibot", "payload": body, "msgid": f"raw-{number}"})
        message = RECEIVER.arrival(robot.frame(number)).message
        assert message.kind == "unknown"
        assert message.detail.startswith("malformed:")


def test_another_connection_takes_its_place(platform: Platform) -> None:
    with connected(platform) as first:
        with connected(platform) as second:
            assert first.ended().kicked
            platform.say("给第二个")
            second.frame()
        assert first.frames == []
    assert (platform.world.hub.joined, platform.world.hub.kicked) == (2, 1)


def test_the_server_restarts(platform: Platform, robot: Robot) -> None:
    platform.disturb("close")
    end = robot.ended()
    assert (end.kicked, str(end)) == (False, "closed by the platform: 1012")


def test_the_network_breaks(platform: Platform, robot: Robot) -> None:
    platform.disturb("drop")
    assert not robot.ended().kicked


def test_silence_is_noticed_and_ended(platform: Platform, robot: Robot) -> None:
    wait_until(lambda: robot.connection.silent_for() > 0.1, 2, "some silence")
    robot.connection.ping()
    wait_until(lambda: robot.connection.silent_for() < 0.1, 2, "the answer to the ping")
    platform.disturb("freeze")
    began = time.monotonic()
    while robot.connection.silent_for() < QUICK.dead:
        robot.connection.ping()
        time.sleep(0.05)
        assert time.monotonic() - began < 5
    robot.connection.abort("the platform is silent")
    assert str(robot.ended()) == "the platform is silent"


def test_what_was_not_answered_comes_again_on_the_next_connection(platform: Platform) -> None:
    with connected(platform) as first:
        platform.say("答过的")
        answered = first.frame()
        body = {"msgtype": "markdown", "markdown": {"content": "好"}}
        assert first.link.request(Command.RESPOND, body, answered.req_id).code == 0
        said = platform.say("没来得及答的")
        first.frame(2)
        platform.disturb("drop")
        first.ended()
    platform.say("没有连接时说的")
    with connected(platform) as second:
        second.frame(2)
        messages = [RECEIVER.arrival(frame).message for frame in second.frames]
    assert [message.text for message in messages] == ["没来得及答的", "没有连接时说的"]
    assert messages[0].dedupe_key.endswith(said["msgid"])


def test_a_platform_that_sends_nothing_again(platform: Platform) -> None:
    platform.world.hub._resend = 0
    with connected(platform) as first:
        platform.say("路上丢的")
        first.frame()
    platform.say("没有连接时说的")
    with connected(platform) as second:
        platform.say("后来的")
        assert RECEIVER.arrival(second.frame()).message.text == "后来的"


def test_a_lost_result_is_uncertain_and_a_connection_that_is_gone_is_not(platform: Platform) -> None:
    body = {"chatid": GROUP, "chat_type": 2, "msgtype": "markdown", "markdown": {"content": "提醒"}}
    with connected(platform) as robot:
        platform.say()
        robot.frame()
        platform.world.faults.set(Fault("connect_send", lose_answer=True, count=1))
        with pytest.raises(SendError) as lost:
            robot.link.request(Command.SEND, body)
        assert (lost.value.permanent, lost.value.uncertain) == (False, True)
        assert platform.texts() == ["提醒"]
        platform.disturb("drop")
        robot.ended()
        with pytest.raises(SendError) as gone:
            robot.link.request(Command.SEND, body)
        assert (gone.value.permanent, gone.value.uncertain) == (False, False)
    assert platform.texts() == ["提醒"]


def test_a_goodbye_still_takes_what_was_on_its_way(platform: Platform) -> None:
    with Connection(platform.settings, QUICK) as connection:
        for number in range(31):
            platform.say(f"第{number}句")
        session = platform.world.hub.session
        assert session is not None
        wait_until(lambda: platform.world.deliveries.last == 31 and session.idle, 5, "all were handed over")
        connection.end()
        taken = len(connection.receive(100))
        with pytest.raises(Disconnected, match="told to stop"):
            taken += len(connection.receive(100))
    assert taken >= 30, "the last one may still have been under the writer's hands"


def test_nothing_is_said_while_its_result_would_not_be_heard(platform: Platform) -> None:
    push = {"chatid": GROUP, "chat_type": 2, "msgtype": "markdown", "markdown": {"content": "#1 新问题"}}
    with Connection(platform.settings, QUICK) as connection, pytest.raises(SendError) as caught:
        connection.request(Command.SEND, push)
    assert (caught.value.permanent, caught.value.uncertain) == (False, False)
    assert platform.asked("aibot_send_msg") == []
