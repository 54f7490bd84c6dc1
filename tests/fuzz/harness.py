"""What all fuzzing shares: how many inputs, what people write, no hang, nothing private in logs.

``make fuzz`` sets FUZZ_INPUTS for a long walk, another one each time; in CI it is short and always the same.
"""

from __future__ import annotations

import gc
import io
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from bot.logs import MaskingFormatter

INPUTS = int(os.environ.get("FUZZ_INPUTS", "1200"))
HANG_S = 1.0
PRIVATE = ("13812345678", "豫A88K88", "410102199001011234", "6222021234567890123")
"""A phone, a plate, an identity and a card number, made up."""
WORDS = (
    "认领", "办结", "退回", "转派", "@李路", "缓办", "恢复", "撤回", "满意", "不满意", "重开", "核查 通过",
    "合并", "到", "催办", "补充", "查询", "待办", "帮助", "请假", "销假", "顺延", "延期", "挂账", "改类",
    "改路段", "匿名", "随手办", "路长", "通知", "日报", "周报", "导出", "绑定本群", "撤销", "静音",
    "协办 交警", "有异议", "不是上报", "益民路", "大同路", "28号", "12", "#1", "1、2",
    "99999999999999999999", "１２", "-1", "0", "2小时", "到15:00", "12-25", "13-45", "上周", "门口",
    "电动车", "乱停", "堵了", "垃圾", "井盖", "着火", "又来了", "没弄好", "好了", "@all", "<@all>",
    "[点我](http://evil.example)", "=1+1", "`", "**", ">", "\n", "\t", "\u202e", "\u200b", "\0", "😀",
    *PRIVATE,
)  # fmt: skip
"""The language of the bot, and what is meant to break it."""


def walk(share: float) -> settings:
    """So many of all inputs. Only the long walk shortens what it found, which takes time."""
    long = "FUZZ_INPUTS" in os.environ
    return settings(
        max_examples=max(10, int(INPUTS * share)),
        derandomize=not long,
        database=None,
        deadline=None,
        phases=[Phase.generate, *([Phase.shrink] if long else [])],
        print_blob=False,
        suppress_health_check=list(HealthCheck),
    )


def said() -> st.SearchStrategy[str]:
    """Words of the bot's language in any order, anything at all between them, or very much of one thing."""
    anything = st.text(st.characters(codec="utf-8"), max_size=12)
    sentence = st.lists(st.sampled_from(WORDS) | anything, max_size=9)
    joined = st.builds(lambda parts, glue: glue.join(parts), sentence, st.sampled_from(("", " ", "，", "、")))
    flood = st.builds(lambda part, times: part * times, st.sampled_from(WORDS), st.integers(50, 4000))
    return st.one_of(*[joined] * 11, flood)


@contextmanager
def no_hang() -> Iterator[None]:
    """Fails when the block takes more than a second of this thread's processor time; what the walk itself has
    piled up in memory is tidied outside it."""
    gc.disable()
    began = time.thread_time()
    try:
        yield
    finally:
        gc.enable()
    took = time.thread_time() - began
    assert took < HANG_S, f"{took:.1f} s of processor time"


class Log:
    """What would stand in the log, as it would stand there."""

    def __init__(self) -> None:
        self._stream = io.StringIO()
        self._handler = logging.StreamHandler(self._stream)
        self._handler.setFormatter(MaskingFormatter("%(levelname)s %(name)s %(message)s"))

    @contextmanager
    def kept(self) -> Iterator[Log]:
        """In place of all other logging for the length of the block."""
        root = logging.getLogger()
        handlers, level = root.handlers[:], root.level
        root.handlers[:] = [self._handler]
        root.setLevel(logging.INFO)
        try:
            yield self
        finally:
            root.handlers[:] = handlers
            root.setLevel(level)

    def taken(self) -> str:
        """What was written since the last look; nothing private may be in it."""
        text = self._stream.getvalue()
        self._stream.seek(0)
        self._stream.truncate()
        for number in PRIVATE:
            assert number not in text, f"not masked: {text}"
        return text
