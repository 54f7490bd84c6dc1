"""The bot's @name is taken out wherever it stands."""

from __future__ import annotations

import pytest

from bot.mentions import MentionStripper

NAMES = ("路管家", "路管家小助手", "RobotA", "路 长 Bot", "a.b(c)")
TABLE = {
    "@路管家 收到 12": "收到 12",
    "@路管家\u2005收到 12": "收到 12",
    "＠路管家　收到": "收到",
    "收到 12 @路管家": "收到 12",
    "收到@路管家": "收到",
    "请@路管家 看一下": "请 看一下",
    "@路管家小助手 收到": "收到",
    "@路管家收到": "收到",
    "@路管家\n益民路积水": "益民路积水",
    "第一行\n@路管家 第二行": "第一行\n第二行",
    "@路管家 @路管家 12处理好了": "12处理好了",
    "@RobotA hello": "hello",
    "@路 长 Bot 办结 3": "办结 3",
    "@路长Bot 办结 3": "办结 3",
    "@路\u2005长\u00a0Bot\u200b办结 3": "办结 3",
    "@a.b(c) 帮助": "帮助",
    "@ 路管家 帮助": "帮助",
    "@axb(c) 帮助": "@axb(c) 帮助",
    "@张三 你好 @路管家": "@张三 你好",
    "路管家你好": "路管家你好",
    "mail@example.com": "mail@example.com",
    "@路管家": "",
    "  \u2005 ": "",
    "": "",
}


@pytest.mark.parametrize(("said", "meant"), TABLE.items())
def test_names_are_stripped(said: str, meant: str) -> None:
    assert MentionStripper(NAMES).apply(said) == meant


@pytest.mark.parametrize("names", [(), ("",), (" ",)])
def test_without_names_only_spaces_go(names: tuple[str, ...]) -> None:
    assert MentionStripper(names).apply(" @路管家 收到 ") == "@路管家 收到"


def test_hostile_text_takes_no_time() -> None:
    stripper = MentionStripper(NAMES)
    for text in ("@" * 100_000, " " * 100_000 + "@", "@路管" * 50_000, "@路 " * 50_000, "\u2005@" * 50_000):
        assert len(stripper.apply(text)) <= len(text)
