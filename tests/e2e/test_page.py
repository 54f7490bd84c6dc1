"""The main story on the sandbox's page, in a real browser against the real bot: what a visitor does first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.fleet import MORNING, Fleet
from tests.fleet.browser import Watched
from tests.fleet.browser import watched as opened

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

MERCHANT, CHIEF, SUPERVISOR = range(3)
ZHENGZHOU = ZoneInfo("Asia/Shanghai")
NEW = re.compile(r"#\d+ 新问题")


@pytest.fixture
def story(browser: Browser, own_fleet: Fleet) -> Iterator[Watched]:
    """The page on a fresh morning, with chats that are empty."""
    own_fleet.set_clock(MORNING)
    own_fleet.town.post("reset", {})
    with opened(browser, own_fleet.town.base) as seen:
        yield seen
    own_fleet.whole()


def answer(phone: Locator, words: str) -> Locator:
    """A message of the bot with these words."""
    return phone.locator(".message:is(.robot, .app, .push, .mp)", has_text=words)


def test_three_people_a_photo_and_a_card_from_report_to_the_end(story: Watched) -> None:
    merchant, chief = story.phone(MERCHANT), story.phone(CHIEF)
    story.take_photo(MERCHANT, "垃圾堆放")
    story.write(MERCHANT, "28号门口垃圾堆了一地")
    for number in (MERCHANT, CHIEF, SUPERVISOR):
        expect(answer(story.phone(number), "已受理:环境卫生·暴露垃圾")).to_be_visible()
        expect(story.phone(number).locator(".message.person img")).to_be_visible()

    expect(chief.get_by_role("tab", name="应用").locator(".badge")).to_have_text("1")
    story.open_chat(CHIEF, "应用")
    chief.get_by_role("button", name="认领").click()
    expect(chief.locator(".trace")).to_have_text("益民路三级路长 点了「认领」")
    story.open_chat(MERCHANT, "应用")
    expect(answer(merchant, "益民路三级路长 已认领,正在去处理。")).to_be_visible()

    story.write(CHIEF, "办结")
    expect(answer(chief, "请直接发处理后照片")).to_be_visible()
    story.take_photo(CHIEF, "清理后")
    chief.get_by_role("button", name="发送").click()
    expect(answer(chief, "已登记办结,等上报人确认。")).to_be_visible()
    merchant.get_by_role("button", name="好了").click()
    expect(answer(chief, "上报人已确认满意,结案。")).to_be_visible()


def test_a_merchant_on_plain_wechat_scans_the_poster_and_reports(story: Watched) -> None:
    merchant = story.open_chat(MERCHANT, "公众号")
    merchant.get_by_role("button", name="扫益民路服务亭海报上的码").click()
    expect(answer(merchant, "益民路 · 街面问题随手报")).to_be_visible()
    expect(merchant.locator(".trace")).to_contain_text("扫了益民路的码,关注了")
    story.write(MERCHANT, "34号门口电动车乱停把路堵死了")
    expect(answer(merchant, "地点 益民路34号")).to_be_visible()
    chief = story.phone(CHIEF)
    expect(answer(chief, "商户反映:停车秩序·非机动车乱停放 益民路34号")).to_be_visible()
    story.open_chat(CHIEF, "应用")
    chief.get_by_role("button", name="办结").click()
    expect(answer(merchant, "您看好了吗?")).to_be_visible()
    merchant.get_by_role("button", name="满意", exact=False).first.click()
    expect(answer(merchant, "已结案,谢谢您的反馈。")).to_be_visible()


def test_time_travels_to_a_reminder(story: Watched) -> None:
    story.write(MERCHANT, "33号门口电动车乱停把路堵死了")
    expect(answer(story.phone(CHIEF), "已受理")).to_be_visible()
    story.open_chat(CHIEF, "应用")
    expect(story.phone(CHIEF).locator(".message", has_text=NEW)).to_be_visible()
    story.page.get_by_role("button", name="+15 分").click()
    expect(story.page.locator("#now")).to_contain_text("09:15")
    expect(answer(story.phone(CHIEF), "还没认领")).to_be_visible()


def test_at_night_one_click_leads_to_the_morning_and_to_what_was_held(
    story: Watched, own_fleet: Fleet
) -> None:
    own_fleet.set_clock("2026-11-24T23:10:00+08:00")
    story.page.reload()
    story.write(MERCHANT, "32号门口电动车乱停把路堵死了")
    expect(answer(story.phone(CHIEF), "已受理")).to_be_visible()
    story.open_chat(CHIEF, "应用")
    story.page.get_by_role("button", name="接下来").click()
    expect(story.page.locator("#next")).to_contain_text(
        re.compile("11-25 07:00 夜间攒下的 \\d+ 条通知一起发出")
    )
    story.page.get_by_role("button", name="夜间免打扰").click()
    expect(story.page.locator("#now")).to_contain_text("11-25 周三 09:00")
    expect(story.page.locator("#quiet")).to_be_hidden()
    expect(story.phone(CHIEF).locator(".message.app").first).to_be_visible()


def test_any_person_can_be_chosen_and_one_click_brings_the_three_back(story: Watched) -> None:
    picker = story.phone(MERCHANT).get_by_label("人物")
    for person, chats in (
        ("环卫联络员", ["应用", "机器人"]),
        ("益民路备岗路长", ["益民路商户群", "应用", "机器人"]),
    ):
        picker.select_option(label=person)
        expect(story.phone(MERCHANT).get_by_role("tab")).to_have_text(chats)
    story.page.get_by_role("button", name="三人").click()
    expect(picker).to_have_value("shop-yiminlu-2")


def test_what_the_robot_cannot_hear_is_grey_and_unanswered(story: Watched, own_fleet: Fleet) -> None:
    story.phone(MERCHANT).get_by_role("button", name="@路管家", exact=True).click()
    story.write(MERCHANT, "有人看到吗")
    expect(story.phone(CHIEF).locator(".unheard .warn")).to_have_text("机器人收不到")
    assert own_fleet.town.get("deliveries")["deliveries"] == []


def test_in_bad_weather_the_count_shows_that_nothing_is_lost(story: Watched, own_fleet: Fleet) -> None:
    story.page.get_by_role("button", name="天气").click()
    story.page.get_by_label("同一条消息同时投三份").check()
    story.page.get_by_label("机器人的应答丢了").check()
    own_fleet.wait_for(lambda: own_fleet.town.get("faults")["faults"], what="the weather has changed")
    expect(story.page.get_by_role("button", name="天气:坏")).to_be_visible()
    story.write(MERCHANT, "35号门口电动车乱停把路堵死了")
    expect(answer(story.phone(SUPERVISOR), "已受理")).to_have_count(1)
    expect(story.page.locator("#tally")).to_have_text(
        "说了 1 条(投了 6 次) · 收到 1 · 办完 1 · 答复 1 · 丢失 0"
    )


def test_the_platform_fails_and_the_answer_comes_all_the_same(story: Watched, own_fleet: Fleet) -> None:
    own_fleet.town.faults("aibot_response", status=503, count=1)
    story.write(MERCHANT, "36号门口电动车乱停把路堵死了")
    expect(answer(story.phone(SUPERVISOR), "已受理")).to_have_count(1, timeout=20_000)
    statuses = [call["status"] for call in own_fleet.town.calls("aibot_response")]
    assert statuses == [503, 200]


def test_the_day_plays_can_be_joined_and_goes_on(story: Watched) -> None:
    page, told = story.page, story.page.locator("#story")
    page.get_by_label("速度").select_option("快")
    page.get_by_role("button", name="看益民路的一天").click()
    expect(told).to_contain_text("08:50 烩面馆也来报一件", timeout=20_000)
    page.get_by_role("button", name="停下").click()
    expect(told).to_contain_text("停在第")
    story.write(SUPERVISOR, "查询 1")
    expect(answer(story.phone(SUPERVISOR), "#1 ").last).to_be_visible()
    page.evaluate("document.querySelector('#speed option:last-child').value = '0'")
    page.get_by_role("button", name="接着放").click()
    expect(told).to_have_text("这一天过完了。现在换您来:在任何一部手机里写一句。", timeout=60_000)
    expect(page.locator("#now")).to_contain_text("18:00")
    watcher = story.phone(SUPERVISOR)
    expect(watcher.get_by_role("tab", selected=True)).to_have_text("解放路街道督导群")
    expect(answer(watcher, "【日报】解放路街道").last).to_be_visible()
    expect(answer(watcher, "结案方式:上报人确认")).to_have_count(1)


def test_the_list_of_what_comes_next_leads_there(story: Watched, own_fleet: Fleet) -> None:
    story.write(MERCHANT, "37号门口电动车乱停把路堵死了")
    expect(answer(story.phone(CHIEF), "已受理")).to_be_visible()
    story.page.get_by_role("button", name="接下来").click()
    coming = story.page.locator("#next li")
    expect(coming.filter(has_text="10 分钟没人认领").first).to_contain_text("11-24 09:10")
    expect(coming.filter(has_text="日报")).to_contain_text("11-24 18:00")
    expect(coming.filter(has_text="周报")).to_contain_text("11-30 09:00")
    steps = own_fleet.town.get("upcoming")["steps"]
    deadlines = [datetime.fromisoformat(step["deadline"]) for step in steps if "deadline" in step]
    nearest = min(deadline for deadline in deadlines if deadline > own_fleet.records.business_now())
    story.page.get_by_role("button", name="到时限").click()
    expect(story.page.locator("#now")).to_contain_text(f"{nearest.astimezone(ZHENGZHOU):%H:%M}")
    story.open_chat(CHIEF, "应用")
    expect(answer(story.phone(CHIEF), "已超时").first).to_be_visible()


def test_a_look_behind_shows_the_wire_the_words_and_the_calls(story: Watched, own_fleet: Fleet) -> None:
    story.write(MERCHANT, "39号门口电动车乱停把路堵死了")
    expect(answer(story.phone(MERCHANT), "已受理")).to_be_visible()
    told = own_fleet.town.calls
    own_fleet.wait_for(lambda: any("39号" in str(call) for call in told("message_send")), what="he is told")
    story.phone(MERCHANT).get_by_role("button", name="幕后").click()
    behind = story.page.get_by_role("dialog")
    for words in (
        "后应答 200",
        "上报问题(把握",
        "电动车",
        "机器人答复 · 已发出",
        "机器人答复 → 成功",
        "应用消息 → 成功",
    ):
        expect(behind).to_contain_text(words)
    behind.get_by_text("加密的回调").click()
    expect(behind.locator("pre:visible")).to_contain_text('"encrypt"')
    behind.get_by_text("解密后").click()
    expect(behind.locator("pre:visible").nth(1)).to_contain_text('"chatid": "wr-yiminlu"')
    story.page.keyboard.press("Escape")
    answer(story.phone(MERCHANT), "已受理").locator(".number").click()
    expect(behind.get_by_role("heading", level=2)).to_contain_text("待认领")
    expect(behind).to_contain_text("益民路三级路长")
