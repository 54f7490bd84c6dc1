"""The count that nothing is lost."""

from __future__ import annotations

from typing import Any

from tests.contract.sandbox.conftest import Sandbox
from tests.contract.sandbox.fake_bot import FakeBot


def answer(state: str) -> dict[str, Any]:
    return {"purpose": "answer", "state": state}


def count(sandbox: Sandbox) -> dict[str, int]:
    found: dict[str, int] = sandbox.get("/sandbox-api/tally")
    return found


def test_each_message_is_followed_until_it_is_dealt_with(sandbox: Sandbox, bot: FakeBot) -> None:
    waiting, unsent, answered, silent = [sandbox.say(f"{n}号门口乱停车")["msgid"] for n in range(4)]
    sandbox.say("大家好", mention=False)
    bot.records = {
        waiting: {"state": "waiting", "outbox": []},
        unsent: {"state": "done", "outbox": [answer("sending")]},
        answered: {"state": "done", "outbox": [answer("sent"), {"purpose": "notice", "state": "waiting"}]},
        silent: {"state": "done", "outbox": []},
    }
    counts = {"said": 4, "posts": 4, "acknowledged": 4, "handled": 2, "answered": 1, "silent": 1, "lost": 0}
    assert count(sandbox) == counts
    bot.records |= {name: {"state": "done", "outbox": [answer("sent")]} for name in (waiting, unsent)}
    assert count(sandbox) == counts | {"handled": 4, "answered": 3}


def test_what_the_bot_acknowledged_and_does_not_know_is_lost(sandbox: Sandbox) -> None:
    sandbox.say()
    assert count(sandbox)["lost"] == 1


def test_what_the_bot_refused_is_not_acknowledged(sandbox: Sandbox, bot: FakeBot) -> None:
    bot.answers.extend([503] * 4)
    sandbox.say()
    counts = {"said": 1, "posts": 4, "acknowledged": 0, "handled": 0, "answered": 0, "silent": 0, "lost": 0}
    assert count(sandbox) == counts


def test_a_bot_that_does_not_answer_has_lost_nothing_yet(sandbox: Sandbox, bot: FakeBot) -> None:
    msgid = sandbox.say()["msgid"]
    bot.records[msgid] = {"state": "done", "outbox": [answer("sent")]}
    assert count(sandbox)["answered"] == 1
    bot.records.clear()
    assert count(sandbox)["answered"] == 1, "what is settled is not asked again"
