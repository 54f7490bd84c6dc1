"""Issue numbers in a text, told from dates, amounts and house numbers."""

from __future__ import annotations

import re

# a number that is not the start of a date, time, duration, amount or quantity
_UNITS_AFTER = (
    "天|日|月|年|点|时|分|秒|个|件|辆|块|元|米|斤|楼|岁|次|遍|家|条|台|位|棵|根|张|袋|人|%|折|"
    "处(?!理)|小时|钟头|公里|平方|工作日"
)
_UNIT = rf"(?![\d.:/\-]*\d)(?!\s*(?:[.:/\-]\d|{_UNITS_AFTER}))"
NUMBER = (
    rf"#?\s*(?:第|编号|单号|工单)?\s*#?(\d{{1,7}}){_UNIT}"
    r"(?:号(?!楼|院|门)(?:单子?|问题|案件?|工单)?|单子?(?!号|元)|问题)?"
)
GAP = r"[\s,、;和跟:]*"
NUMBERS = re.compile(rf"{NUMBER}(?:{GAP}{NUMBER})*")
ONE_NUMBER = re.compile(NUMBER)


def numbers_in(text: str) -> tuple[int, ...]:
    """Every issue number a normalised text clearly names: ``#12``, ``12号单``, ``编号12``."""
    found = re.findall(
        r"#\s*(\d{1,7})|(?:编号|单号|工单|案件)\s*:?#?(\d{1,7})|(?<!\d)(\d{1,7})(?:号单|号问题|号案|号工单|单(?![号元车位行]))",
        text,
    )
    return tuple(dict.fromkeys(int(next(filter(None, groups))) for groups in found))


def loose_numbers(text: str) -> tuple[int, ...]:
    """Issue numbers of a text known to speak about an issue: bare numbers without a unit count as well."""
    found = [int(m.group(1)) for m in re.finditer(rf"(?<![\d.:A-Za-z*/·-]){NUMBER}(?![A-Za-z\d*·])", text)]
    return tuple(dict.fromkeys(n for n in found if n > 0))
