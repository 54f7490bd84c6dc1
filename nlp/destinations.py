"""Where to go instead: 物业, 12345, 请找社区; told apart from the reason it came with."""

from __future__ import annotations

import re

_KNOWN = re.compile(
    r"物业|12\d{3}|1[12][0-9](?!\d)|95\d{3}|热线|社区|居委|业委|派出所|公安|交警|城管|环卫|市政|园林|市场监管|法院|街道办|办事处"
    r"|房管|住建|供电|供水|供暖|燃气|自来水|消防|电信|移动|联通|铁塔|信访|公司|中心|大厅|窗口|企业|商场"
    r"|[\u4e00-\u9fff](?:局|队|委|站|院)$"
)
_LED_TO = re.compile(
    r"[,，。;、\s]*(?:请|建议|可|应)?(?:联系|拨打|致电|找|去|打|向|到)(?P<where>[^,，。;\s]{2,20}?)"
    r"(?:反映|投诉|咨询|办理|处理|解决|报修)?$"
)
_EDGES = " ,，。:、;"


def where_to(text: str) -> tuple[str, str]:
    """(reason, destination) of what follows 不予受理; a part that was not said is empty. The destination is
    the last word, if it is one that is known, or what 请找… leads to."""
    text = text.strip(_EDGES)
    led = _LED_TO.search(text)
    if led is not None:
        return text[: led.start()].strip(_EDGES), led["where"]
    *before, last = re.split(r"[,，。;、\s]+", text)
    if _KNOWN.search(last) is None:
        return text, ""
    return text[: len(text) - len(last)].strip(_EDGES) if before else "", last
