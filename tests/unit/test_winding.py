"""Which histories are so plain that an index tells their times (``store.paces``)."""

from __future__ import annotations

import re

from domain.issues import Action
from store.columns import UNDO, WINDING

PLAIN = {
    "上报", "认领", "办结", "满意", "无回复自动结案", "进展", "补充", "提醒", "图片未取到", "延期",
    "申请延期", "不同意延期", "静音", "催办", "我也反映", "匿名", "督办", "顺延", "随手办", "有异议",
    "复发", "立案",
}  # fmt: skip
"""What neither leads off the way from 上报 over 认领 and 办结 to the end, nor changes whose time it is."""


def test_whatever_else_can_happen_makes_a_history_be_read() -> None:
    winding = set(re.findall("'([^']+)'", WINDING))
    assert winding | PLAIN == {action.value for action in Action}
    assert not winding & PLAIN


def test_undo_is_named_as_it_is_stored() -> None:
    assert f"action = '{Action.UNDO.value}'" == UNDO
