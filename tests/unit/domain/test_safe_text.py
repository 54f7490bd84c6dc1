"""A reporter's words can neither mention, link, format nor hide anything in what the bot sends."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.safe_text import plain

SHOWN = {
    # mentions
    "<@all> 快看": "＜＠all＞ 快看",
    "<@chief3-yiminlu>": "＜＠chief3-yiminlu＞",
    "@all": "＠all",
    "@所有人 门口有垃圾": "＠所有人 门口有垃圾",
    "&lt;@all&gt;": "＆lt;＠all＆gt;",
    "<\u200b@all>": "＜＠all＞",
    # links
    "[点我](http://evil.com/a?b=1)": "［点我］（http：／／evil．com/a?b=1）",
    "![图](https://evil.com/x.png)": "!［图］（https：／／evil．com/x．png）",
    "www.evil.com": "www．evil．com",
    "看evil.cn吧": "看evil．cn吧",
    "登录例子.公司": "登录例子．公司",
    "//evil.com": "／／evil．com",
    "weixin://dl/x": "weixin：／／dl/x",
    "1.2.3.4/x": "1．2．3．4/x",
    "a@b.com": "a＠b．com",
    '<a href="http://e.com">x</a>': '＜a href="http：／／e．com"＞x＜/a＞',
    # formatting
    "# 标题": "＃ 标题",
    "> 引用": "＞ 引用",
    "**粗** _斜_ ~~删~~ `码`": "＊＊粗＊＊ ＿斜＿ ～～删～～ ｀码｀",
    "```\ncode\n```": "｀｀｀ code ｀｀｀",
    "|a|b|\n|-|-|": "｜a｜b｜ ｜-｜-｜",
    '<font color="warning">红</font>': '＜font color="warning"＞红＜/font＞',
    "- 一": "－ 一",
    "+ 一": "＋ 一",
    "1. 一": "1． 一",
    "---": "－－－",
    "===": "＝＝＝",
    "\\<@all\\>": "＼＜＠all＼＞",
    "#12 满意": "＃12 满意",
    # what cannot be seen
    "第一行\r\n\n第二行\t完": "第一行 第二行 完",
    "a\x00b\x1bc\x7f": "abc",
    "\u202e反\u2066向\u2069\u200f": "反向",
    "一\u200b二\ufeff三\xad四\u2060五\u3164": "一二三四五",
    "\ud83d坏": "坏",
    "e" + "\u0301" * 50: "e\u0301\u0301",
    "  \u3000 ": "",
    "\U000e0041\U000e0042好": "好",
    # numbers
    "找我13800000000": "找我138＊＊＊＊0000",
    "1\u200b3\u200b8\u200b0\u200b0\u200b0\u200b0\u200b0\u200b0\u200b0\u200b0": "138＊＊＊＊0000",
    "车豫A·12345": "车豫A·＊＊＊45",
    # left alone
    "大同路12号门口3.5米，花了12.5元！": "大同路12号门口3.5米，花了12.5元！",
    "2026.11.23上午": "2026.11.23上午",
    "👨‍👩‍👧 1️⃣ ❤️": "👨‍👩‍👧 1️⃣ ❤️",
    "🏳️‍🌈": "🏳️‍🌈",
    "8:00-9:00": "8:00-9:00",
    "=HYPERLINK(1)": "＝HYPERLINK（1）",
}

ACTIVE = re.compile(r"[<>@#*_`~|\[\](){}&\\^]|//|(?<=\S)\.(?=[^\W\d_])|^[-+=]|^\d+\. ")
PIECES = st.lists(
    st.sampled_from([*SHOWN, "138", "0000", ".", "/", "\u200d", "👨", "1", " ", "*"]), max_size=6
)
TEXTS = PIECES.map("".join) | st.text(st.characters(codec=None))


@pytest.mark.parametrize("text", SHOWN)
def test_it_shows_words_and_obeys_nothing(text: str) -> None:
    assert plain(text, 200) == SHOWN[text]


@given(TEXTS, st.integers(1, 80))
def test_doing_it_again_changes_nothing(text: str, limit: int) -> None:
    once = plain(text, limit)
    assert plain(once, limit) == once


@given(TEXTS, st.integers(1, 80))
def test_nothing_active_or_invisible_is_left(text: str, limit: int) -> None:
    shown = plain(text, limit)
    assert len(shown) <= limit
    assert not ACTIVE.search(shown)
    shown.encode()
    for char in shown.replace("\u200d", ""):
        assert unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}, hex(ord(char))


@given(st.text("这是一段普通的中文描述，垃圾没人清。", max_size=200))
def test_ordinary_words_stay_as_they_are(text: str) -> None:
    assert plain(text, 200) == text


def test_it_cuts_with_a_mark() -> None:
    assert plain("一二三四五六", 6) == "一二三四五六"
    assert plain("一二三四五六", 5) == "一二三四…"
    assert plain("一二 三四", 4) == "一二…"
    assert plain("一二", 1) == "…"


def test_it_does_not_cut_an_emoji_in_two() -> None:
    assert plain("好👨‍👩‍👧好好", 5) == "好…"
    assert plain("👍🏽👍🏽", 4) == "👍🏽👍🏽"
    assert plain("👍🏽👍🏽", 3) == "👍🏽…"
    assert plain("🇨🇳🇨🇳🇨🇳", 4) == "🇨🇳…"


def test_a_number_is_masked_even_where_the_cut_goes_through_it() -> None:
    assert "1380" not in plain("电话13800000000谢谢", 8)
    assert plain("1" * 4 + "13800000000" * 3, 12) == "1111＊＊＊＊＊＊＊…"


def test_a_limit_below_one_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="limit"):
        plain("一", 0)
