"""What a 订阅通知 tells of an issue: a line for each word a template may ask for."""

from __future__ import annotations

from domain.clock import BusinessTime
from domain.issues import STATE_NAMES, Issue, State
from domain.office import Office

ASKED = "待您确认"


def notification(office: Office, issue: Issue, said: str, now: BusinessTime) -> str:
    """``said``: the message that waits for the follower's next word."""
    local = now.astimezone(office.rules.timezone)
    first = said.partition("\n")[0].removeprefix(f"#{issue.number}").strip()
    state = ASKED if issue.state is State.RESOLVED else STATE_NAMES[issue.state]
    return "\n".join(
        [
            f"编号:{issue.number}",
            f"状态:{state}",
            f"路段:{issue.section or '待定'}",
            f"类别:{office.taxonomy.categories[issue.category]}",
            f"说明:{first}",
            f"时间:{local:%Y年%m月%d日 %H:%M}",
        ]
    )
