"""What the auditor tells the administrators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

AUDITED: Mapping[str, str] = {
    "overdue_steps": "件问题的提醒到了时间没有发出,请查看 worker 日志里的 step failed",
    "stuck_rows": "条消息超过10分钟没有发出,请检查网络和 worker 进程",
    "lost_rows": "条消息最近1小时发送失败且没有别的路可走,请运行 python -m bot doctor --live",
}


def audit_line(name: str, count: int) -> str:
    return f"{count}{AUDITED[name]}"


def audit(lines: Sequence[str]) -> str:
    return "\n".join(["【系统巡检】", *(f"· {line}" for line in lines)])
