"""The control API: the town, the records, what is passed on to the bot, wrong requests."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import requests

from sandbox.control.forward import learn_clock
from sandbox.settings import read_settings
from sandbox.world import build_world
from tests.contract.sandbox.conftest import TEXT, Moment, Sandbox
from tests.contract.sandbox.fake_bot import ROSTER, FakeBot


def test_who_is_in_which_group(sandbox: Sandbox) -> None:
    groups = {group["chat_id"]: group for group in sandbox.get("/sandbox-api/groups")["groups"]}
    assert groups["wr-yiminlu"]["members"] == ["chief3-yiminlu", "sup-jiefang", "shop-yiminlu-2"]
    assert groups["wr-sup-jiefang"]["members"] == ["chief2-jiefang", "sup-jiefang"]
    assert groups["wr-yiminlu"]["push_key"] == "key-yiminlu"


def test_a_substitute_is_in_the_groups_of_whom_he_stands_in_for(sandbox: Sandbox) -> None:
    chief = {
        "userid": "chief3",
        "name": "三级路长",
        "role": "路长",
        "sections": ["益民路"],
        "substitute": "backup",
    }
    backup = {"userid": "backup", "name": "备岗路长", "role": "路长", "sections": []}
    sandbox.post("/sandbox-api/roster", {**ROSTER, "people": [chief, backup]})
    people = {person["userid"]: person for person in sandbox.get("/sandbox-api/people")["people"]}
    assert (people["backup"]["substitute_of"], people["backup"]["groups"]) == (["三级路长"], ["wr-yiminlu"])
    assert people["chief3"]["substitute_of"] == []


def test_shops_with_a_userid_are_people_too(sandbox: Sandbox) -> None:
    people = {person["userid"]: person for person in sandbox.get("/sandbox-api/people")["people"]}
    assert people["shop-yiminlu-2"]["role"] == "商户"
    assert people["shop-yiminlu-2"]["groups"] == ["wr-yiminlu"]
    assert people["officer-1"]["groups"] == []
    assert len(people) == 5


def test_the_bots_roster_is_fetched_on_demand(sandbox: Sandbox, bot: FakeBot) -> None:
    bot.roster = {"groups": [], "people": [{"userid": "u", "name": "张三", "role": "chief", "level": "三级"}]}
    assert sandbox.post("/sandbox-api/roster", {}) == {"groups": 0, "people": 1}
    (person,) = sandbox.get("/sandbox-api/people")["people"]
    assert (person["role"], person["level"]) == ("路长", 3)


def test_a_key_that_is_newer_than_our_roster_is_looked_up(sandbox: Sandbox, bot: FakeBot) -> None:
    sandbox.post("/sandbox-api/roster", {})
    groups = [{**group, "push_key": "new-key"} for group in bot.roster["groups"][:1]]
    bot.roster = {**bot.roster, "groups": groups}
    assert sandbox.push(TEXT, key="new-key")["errcode"] == 0


def test_a_malformed_roster_is_refused(sandbox: Sandbox) -> None:
    assert "malformed" in sandbox.post("/sandbox-api/roster", {"groups": [{"name": "x"}]})["error"]
    assert len(sandbox.get("/sandbox-api/people")["people"]) == 5


def test_a_person_sees_his_groups_and_his_own_chats(sandbox: Sandbox) -> None:
    sandbox.say("在群里")
    sandbox.say("单聊", chat_id=None)
    sandbox.app_send({**TEXT, "touser": "sup-jiefang"})
    seen = {
        userid: [message["text"] for message in sandbox.messages(person=userid)]
        for userid in ("shop-yiminlu-2", "sup-jiefang", "chief2-jiefang")
    }
    assert seen == {
        "shop-yiminlu-2": ["@路管家 在群里", "@路管家 单聊"],
        "sup-jiefang": ["@路管家 在群里", "您好"],
        "chief2-jiefang": [],
    }


def test_only_what_is_new(sandbox: Sandbox) -> None:
    sandbox.say("一")
    last = sandbox.get("/sandbox-api/transcript")["last"]
    sandbox.say("二")
    (message,) = sandbox.messages(since=str(last))
    assert message["text"] == "@路管家 二"


def test_calls_show_what_was_asked_and_answered(sandbox: Sandbox) -> None:
    sandbox.push(TEXT)
    sandbox.push(TEXT, key="wrong")
    first, second = sandbox.calls(endpoint="webhook")
    assert (first["body"], first["answer"]["errcode"], first["chats"]) == (TEXT, 0, ["wr-yiminlu"])
    assert (second["query"], second["answer"]["errcode"]) == ({"key": "wrong"}, 93000)
    assert sandbox.calls(since=str(first["n"])) == [second]


def test_reset_forgets_what_happened_but_not_the_town(sandbox: Sandbox) -> None:
    for _ in range(20):
        sandbox.push(TEXT)
    sandbox.post("/sandbox-api/faults", {"endpoint": "media", "status": 500})
    sandbox.post("/sandbox-api/reset", {})
    assert (sandbox.messages(), sandbox.calls()) == ([], [])
    assert sandbox.get("/sandbox-api/faults") == {"faults": []}
    assert sandbox.push(TEXT)["errcode"] == 0


def test_unknown_people_and_chats_may_speak(sandbox: Sandbox, bot: FakeBot) -> None:
    sandbox.say("这里是哪", person="stranger", chat_id="wr-unknown")
    payload = bot.callbacks[0].json
    assert (payload["from"]["userid"], payload["chatid"]) == ("stranger", "wr-unknown")
    assert sandbox.messages()[0]["name"] == "stranger"


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ({"text": "x"}, "person"),
        ({"person": "p"}, "text or pictures"),
        ({"person": "p", "text": "x", "via": "mail"}, "via must be"),
        ({"person": "p", "text": "x", "kind": "song"}, "kind must be"),
        ({"person": "p", "text": "x", "via": "app", "chat_id": "wr-yiminlu"}, "never hears a group"),
        ({"person": "p", "text": "x", "kind": "location"}, "no locations"),
        ({"person": "p", "text": "x", "quote": "nothing"}, "no message nothing"),
        ({"person": "p", "text": "x", "pictures": ["*"]}, "a picture is base64"),
        ({"person": "p", "text": "x", "copies": 1000}, "copies must be"),
        (None, "JSON object"),
    ],
)
def test_a_wrong_request_is_refused_with_a_reason(sandbox: Sandbox, body: Any, complaint: str) -> None:
    answer = requests.post(sandbox.url("/sandbox-api/say"), json=body, timeout=5)
    assert answer.status_code == 400
    assert complaint in answer.json()["error"]


def test_the_clock_is_the_bots(sandbox: Sandbox, bot: FakeBot) -> None:
    answer = sandbox.post("/sandbox-api/clock", {"advance": "1h30m"})
    assert bot.clock == [{"advance": "1h30m"}]
    assert answer["now"] == "2026-11-23T18:00:00+08:00"
    sandbox.say()
    assert sandbox.messages()[0]["at"] == "2026-11-23T18:00:00.000+08:00"


def test_what_becomes_due_by_a_jump_bears_the_new_time(sandbox: Sandbox, bot: FakeBot) -> None:
    bot.during_clock = lambda: sandbox.push(TEXT)
    sandbox.post("/sandbox-api/clock", {"set": "2026-12-01T09:00:00+08:00"})
    sandbox.post("/sandbox-api/clock", {"advance": "1d1h"})
    first, second = sandbox.messages()
    assert first["at"] == "2026-12-01T09:00:00.000+08:00"
    assert second["at"] == "2026-11-24T19:00:00.000+08:00"


def test_a_refused_jump_moves_nothing(sandbox: Sandbox) -> None:
    before = sandbox.get("/sandbox-api/state")["now"]
    object.__setattr__(sandbox.world.settings, "bot_url", "http://127.0.0.1:9")
    assert "error" in sandbox.post("/sandbox-api/clock", {"advance": "1h"})
    assert sandbox.get("/sandbox-api/state")["now"] == before


def test_roster_and_clock_are_taken_over_as_soon_as_the_bot_is_up(bot: FakeBot) -> None:
    world = build_world(read_settings({"BOT_URL": bot.url}), now=Moment())
    world.roster.follow(lambda: learn_clock(world)).join(timeout=5)
    assert len(world.roster.current.people) == 5
    assert world.clock.stamp() == "2026-11-23T17:00:00.000+08:00"


def test_questions_for_the_bot_are_passed_on(sandbox: Sandbox) -> None:
    assert sandbox.get("/sandbox-api/upcoming")["steps"][0]["what"] == "日报"
    unknown = requests.get(sandbox.url("/sandbox-api/issues/12"), timeout=5)
    assert (unknown.status_code, unknown.json()) == (404, {"error": "no issue 12"})


def test_a_bot_that_is_down_is_a_502_in_words(sandbox: Sandbox) -> None:
    object.__setattr__(sandbox.world.settings, "bot_url", "http://127.0.0.1:9")
    answer = requests.get(sandbox.url("/sandbox-api/upcoming"), timeout=5)
    assert answer.status_code == 502
    assert "does not answer" in answer.json()["error"]


def test_new_messages_are_streamed(sandbox: Sandbox) -> None:
    sandbox.push(TEXT)
    with requests.get(sandbox.url("/sandbox-api/stream"), stream=True, timeout=5) as live:
        lines = live.iter_lines(decode_unicode=True)
        assert live.headers["Content-Type"].startswith("text/event-stream")
        first = next(json.loads(line[6:]) for line in lines if line.startswith("data: "))
        sandbox.push({"msgtype": "text", "text": {"content": "第二句"}})
        second = next(json.loads(line[6:]) for line in lines if line.startswith("data: "))
    assert (first["text"], second["text"]) == ("您好", "第二句")
    assert first["rev"] < second["rev"]


def test_the_page_needs_nothing_from_elsewhere(sandbox: Sandbox) -> None:
    page = requests.get(sandbox.url("/"), timeout=5)
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert all(requests.get(sandbox.url(path), timeout=5).ok for path in addresses if path.startswith("/"))
    assert not [path for path in addresses if path.startswith("http")]
    for row in sandbox.get("/sandbox-api/samples")["samples"]:
        assert requests.get(sandbox.url(row["url"]), timeout=5).headers["Content-Type"] == "image/png"
