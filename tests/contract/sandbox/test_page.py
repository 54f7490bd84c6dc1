"""The page in a real browser: it shows what happens, takes nothing for markup, asks nobody else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import Browser, expect

from tests.contract.sandbox.conftest import Sandbox
from tests.contract.sandbox.fake_bot import FakeBot
from tests.contract.sandbox.test_app import card
from tests.fleet import wait_until
from tests.fleet.browser import PHONE, Watched
from tests.fleet.browser import watched as opened


@pytest.fixture
def watched(browser: Browser, sandbox: Sandbox) -> Iterator[Watched]:
    with opened(browser, sandbox.world.base_url) as seen:
        yield seen


def test_three_people_see_one_message_and_the_answer(watched: Watched, bot: FakeBot) -> None:
    watched.write(0, "门口有人乱停车")
    texts = watched.page.locator(".message .words")
    expect(texts).to_have_text(["@路管家 门口有人乱停车"] * 3)
    answer = {"msgtype": "markdown", "markdown": {"content": "#12 已受理"}}
    requests.post(bot.callbacks[0].json["response_url"], json=answer, timeout=5)
    expect(watched.page.locator(".message.robot .words")).to_have_text(["#12 已受理"] * 3)
    expect(watched.page.locator(".message .plain", has_text="已送达")).to_have_count(3)


def test_without_the_at_it_is_greyed_and_not_delivered(watched: Watched, bot: FakeBot) -> None:
    phone = watched.phone(1)
    phone.get_by_role("button", name="@路管家", exact=True).click()
    watched.write(1, "大家辛苦了")
    expect(watched.page.locator(".message.unheard .warn")).to_have_text(["机器人收不到"] * 3)
    assert bot.callbacks == []


def test_a_sample_photo_goes_along(watched: Watched, bot: FakeBot) -> None:
    phone = watched.phone(0)
    phone.get_by_role("button", name="添加照片").click()
    phone.get_by_text("垃圾堆放").click()
    watched.write(0, "没人收")
    expect(watched.page.locator(".message img")).to_have_count(3)
    wait_until(lambda: bot.callbacks, 5, "the message is delivered")
    assert bot.callbacks[0].json["msgtype"] == "mixed"


def test_a_card_in_the_apps_chat_can_be_pressed(watched: Watched, sandbox: Sandbox, bot: FakeBot) -> None:
    sandbox.app_send(card())
    phone = watched.phone(1)
    expect(phone.locator(".badge")).to_have_text("1")
    phone.get_by_role("tab", name="应用").click()
    phone.get_by_role("button", name="收到").click()
    expect(phone.locator(".trace")).to_have_text("益民路三级路长 点了「收到」")
    wait_until(lambda: bot.callbacks, 5, "the press is delivered")
    assert bot.callbacks[0].xml["EventKey"] == "认领:12"


def test_nothing_anybody_writes_becomes_markup(watched: Watched, sandbox: Sandbox) -> None:
    evil = '<img src=x onerror=alert(1)> <script>alert(1)</script> [x](javascript:alert(1)) <@a"b>'
    for kind in ("markdown", "text"):
        sandbox.push({"msgtype": kind, kind: {"content": evil}})
    sandbox.say(evil, person="<b>u</b>")
    expect(watched.page.locator(".message .words")).to_have_count(9)
    expect(watched.page.locator(".messages :is(script, b b, img, a)")).to_have_count(0)
    assert "<script>alert(1)</script>" in watched.page.locator(".message.push .words").first.inner_text()


def test_the_clock_is_moved_and_shown(watched: Watched, bot: FakeBot) -> None:
    watched.page.get_by_role("button", name="+1 小时").click()
    expect(watched.page.locator("#now")).to_have_text("11-23 周一 18:00")
    assert bot.clock == [{"advance": "1h"}]
    watched.page.get_by_role("button", name="接下来").click()
    expect(watched.page.locator("#next li")).to_have_text("11-23 18:00 日报")


def test_on_a_phone_nothing_is_wider_than_the_screen(watched: Watched, sandbox: Sandbox) -> None:
    sandbox.push({"msgtype": "markdown", "markdown": {"content": "长" * 200 + "a" * 300}})
    watched.page.set_viewport_size(PHONE)
    expect(watched.page.locator(".message")).to_have_count(3)
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= 390
    widths = watched.page.evaluate(
        "[...document.querySelectorAll('.messages')].map(e => e.scrollWidth - e.clientWidth)"
    )
    assert widths == [0, 0, 0]
