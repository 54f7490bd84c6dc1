"""What is said about 免打扰."""

from __future__ import annotations

from datetime import time


def not_for_you() -> str:
    return "免打扰是给路长和工作人员用的。"


def how() -> str:
    return "请写时段:免打扰 20:00-08:00;取消请发:免打扰 取消。只想某件先别催:静音 12 到 15:00"


def over() -> str:
    return "已取消您的免打扰时段,按全区的安静时段执行。"


def not_in_working_hours() -> str:
    return "免打扰时段不能和上班时间重叠。"


def so_it_is(window: tuple[time, time]) -> str:
    start, end = (f"{each:%H:%M}" for each in window)
    return f"每天 {start}–{end} 不打扰您,之后合并成一条。危险问题照常通知,时限照常计算。"
