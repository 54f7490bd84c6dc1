"""Bad weather: each fault does what it says, as often as it was told."""

from __future__ import annotations

import time
from typing import Any

import pytest
import requests

from tests.contract.sandbox.conftest import TEXT, Sandbox
from tests.contract.sandbox.fake_bot import FakeBot


def fault(sandbox: Sandbox, endpoint: str, **fields: Any) -> Any:
    return sandbox.post("/sandbox-api/faults", {"endpoint": endpoint, **fields})


def push_status(sandbox: Sandbox) -> int:
    address = sandbox.url("/cgi-bin/webhook/send")
    return requests.post(address, params={"key": "key-yiminlu"}, json=TEXT, timeout=5).status_code


def test_an_http_status_as_often_as_told(sandbox: Sandbox) -> None:
    fault(sandbox, "webhook", status=502, count=2)
    assert [push_status(sandbox) for _ in range(3)] == [502, 502, 200]
    assert len(sandbox.messages()) == 1


def test_an_errcode_instead_of_the_effect(sandbox: Sandbox) -> None:
    fault(sandbox, "webhook", errcode=45009)
    assert sandbox.push(TEXT)["errcode"] == 45009
    assert sandbox.messages() == []


def test_a_lost_answer_has_its_effect(sandbox: Sandbox) -> None:
    fault(sandbox, "webhook", lose_answer=True, count=1)
    with pytest.raises(requests.ConnectionError):
        sandbox.push(TEXT)
    assert len(sandbox.messages()) == 1
    assert sandbox.calls()[0]["note"] == "answer lost"
    assert sandbox.calls()[0]["answer"]["errcode"] == 0


def test_a_timeout_has_no_effect(sandbox: Sandbox) -> None:
    fault(sandbox, "webhook", timeout=0.2, count=1)
    with pytest.raises(requests.ConnectionError):
        sandbox.push(TEXT)
    assert sandbox.messages() == []


def test_a_delay(sandbox: Sandbox) -> None:
    fault(sandbox, "gettoken", delay=0.2, count=1)
    started = time.monotonic()
    sandbox.token()
    assert time.monotonic() - started >= 0.2


def test_the_robots_answer_can_be_lost_and_is_then_used_up(sandbox: Sandbox, bot: FakeBot) -> None:
    fault(sandbox, "aibot_response", lose_answer=True, count=1)
    sandbox.say()
    url, body = bot.callbacks[0].json["response_url"], {"msgtype": "markdown", "markdown": {"content": "#1"}}
    with pytest.raises(requests.ConnectionError):
        requests.post(url, json=body, timeout=5)
    assert requests.post(url, json=body, timeout=5).json()["errcode"] == 40029


def test_app_messages_and_pictures_can_fail(sandbox: Sandbox, bot: FakeBot) -> None:
    fault(sandbox, "message_send", errcode=-1, count=1)
    assert sandbox.app_send(TEXT)["errcode"] == -1
    fault(sandbox, "media", status=500, count=1)
    sandbox.say("看", pictures=["garbage"])
    url = bot.callbacks[0].json["mixed"]["msg_item"][1]["image"]["url"]
    assert [requests.get(url, timeout=5).status_code for _ in range(2)] == [500, 200]


def test_never_and_always(sandbox: Sandbox) -> None:
    fault(sandbox, "webhook", status=500, probability=0)
    assert [push_status(sandbox) for _ in range(5)] == [200] * 5
    fault(sandbox, "webhook", status=500, probability=1)
    assert [push_status(sandbox) for _ in range(5)] == [500] * 5


def test_callbacks_can_be_duplicated(sandbox: Sandbox, bot: FakeBot) -> None:
    fault(sandbox, "callback", duplicate=2, count=1)
    sandbox.say()
    sandbox.say("第二句")
    assert [callback.json["text"]["content"][-3:] for callback in bot.callbacks].count("乱停车") == 3
    assert len(bot.callbacks) == 4


def test_callbacks_can_be_reordered(sandbox: Sandbox, bot: FakeBot) -> None:
    fault(sandbox, "callback", reorder=True, count=1)
    first = sandbox.say("一")
    second = sandbox.say("二")
    assert (first["held"], first["deliveries"], second["held"]) == (True, [], False)
    assert [callback.json["text"]["content"][-1] for callback in bot.callbacks] == ["二", "一"]
    assert sandbox.messages()[0]["deliveries"][0]["status"] == 200


def test_a_message_held_back_is_delivered_even_if_none_follows(sandbox: Sandbox, bot: FakeBot) -> None:
    fault(sandbox, "callback", reorder=True, count=1)
    sandbox.say("一")
    deadline = time.monotonic() + 5
    while not bot.callbacks and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(bot.callbacks) == 1


def test_faults_are_shown_and_cleared(sandbox: Sandbox) -> None:
    fault(sandbox, "webhook", status=500)
    shown = fault(sandbox, "media", delay=1.5, count=3)["faults"]
    assert [(one["endpoint"], one["count"]) for one in shown] == [("webhook", None), ("media", 3)]
    requests.delete(sandbox.url("/sandbox-api/faults"), params={"endpoint": "media"}, timeout=5)
    assert [one["endpoint"] for one in sandbox.get("/sandbox-api/faults")["faults"]] == ["webhook"]
    requests.delete(sandbox.url("/sandbox-api/faults"), timeout=5)
    assert sandbox.get("/sandbox-api/faults") == {"faults": []}


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ({"endpoint": "mail"}, "endpoint must be"),
        ({"endpoint": "webhook", "colour": 1}, "unknown field colour"),
        ({"endpoint": "webhook", "delay": "1"}, "delay must be"),
        ({"endpoint": "webhook", "count": 0}, "count must be"),
        ([], "JSON object"),
    ],
)
def test_a_wrong_fault_is_refused_with_a_reason(sandbox: Sandbox, body: Any, complaint: str) -> None:
    answer = requests.post(sandbox.url("/sandbox-api/faults"), json=body, timeout=5)
    assert answer.status_code == 400
    assert complaint in answer.json()["error"]


def test_a_callback_whose_answer_is_lost_is_delivered_again(sandbox: Sandbox, bot: FakeBot) -> None:
    fault(sandbox, "callback", lose_answer=True, count=1)
    deliveries = sandbox.say()["deliveries"]
    assert [(one["attempt"], one["status"], one["lost"]) for one in deliveries] == [
        (1, 200, True),
        (2, 200, False),
    ]
    assert bot.callbacks[0].plain == bot.callbacks[1].plain
    assert bot.callbacks[0].query["nonce"] != bot.callbacks[1].query["nonce"]


@pytest.mark.parametrize(
    ("endpoint", "errcode", "errmsg"),
    [
        ("webhook", 93004, "robot is disabled"),
        ("webhook", 93008, "robot is not in this group"),
        ("gettoken", 60020, "not allow to access from your ip"),
        ("message_send", -1, "system busy"),
    ],
)
def test_codes_that_only_an_administrator_can_cause_are_played(
    sandbox: Sandbox, endpoint: str, errcode: int, errmsg: str
) -> None:
    fault(sandbox, endpoint, errcode=errcode)
    paths = {"webhook": "webhook/send", "gettoken": "gettoken", "message_send": "message/send"}
    answer = requests.get if endpoint == "gettoken" else requests.post
    played = answer(sandbox.url(f"/cgi-bin/{paths[endpoint]}"), timeout=5)
    assert (played.status_code, played.json()) == (200, {"errcode": errcode, "errmsg": errmsg})
    assert sandbox.messages() == []
