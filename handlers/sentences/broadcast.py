"""What is said about 通知: how, the preview, the word to the groups, who has read it."""

from __future__ import annotations

from collections.abc import Sequence

from domain.broadcasts import Broadcast
from domain.office import Office
from domain.safe_text import plain
from handlers.sentences.parts import moment

LISTED = 30
LINE = 500


def how(own: Sequence[str], said: str) -> str:
    where = f"您管的地方里没有「{plain(said, 20)}」。" if said else ""
    return f"{where}请写:通知 路段或街道 内容,例如:通知 {own[0]} 明早8点检查占道;看谁收到:通知 3"


def too_long(length: int, most: int) -> str:
    return f"内容有{length}字,一条通知最多{most}字,请缩短。"


def nobody_reached(place: str, missed: Sequence[str]) -> str:
    if not missed:
        return f"{place} 还没有登记的路段群,发不出去。请管理员先在群里 绑定。"
    return f"{place} 的群都发不了(没有推送 key 或不在试点):{_some(missed)}"


def preview(office: Office, names: Sequence[str], missed: Sequence[str], text: str) -> str:
    lines = [f"【预览】将发到 {len(names)} 个群:{_some(names)}", _lines(text)]
    if missed:
        lines.append(f"⚠ 发不到(没有推送 key 或不在试点):{_some(missed)}")
    lines.append(f"确认无误请在10分钟内回复:确认(@{office.bot_name});要改请重发")
    return "\n".join(lines)


def to_group(number: int, author: str, text: str) -> str:
    return f"【通知{number}】{_lines(text)}\n—— {plain(author, 30)}"


def sent(broadcast: Broadcast) -> str:
    count = len(broadcast.groups)
    number = broadcast.number
    return f"【通知{number}】已发往 {count} 个群(静音时段的到时再发)。看谁收到请发:通知 {number}"


def noted(number: int, *, again: bool) -> str:
    return f"通知{number} {'之前已登记收到' if again else '已登记收到'}。"


def unknown() -> str:
    return "没有这条通知。"


def results(office: Office, broadcast: Broadcast, readers: Sequence[str], silent: Sequence[str]) -> str:
    lines = [
        f"【通知{broadcast.number}】{moment(office, broadcast.at)} 发往 {len(broadcast.groups)} 个群",
        _lines(broadcast.text)[:60],
        f"收到 {len(readers)} 人" + (f":{_some(readers, LISTED)}" if readers else ""),
    ]
    if silent:
        lines.append(f"名册内未回复 {len(silent)} 人:{_some(silent, LISTED)}")
    return "\n".join(lines)


def _lines(text: str) -> str:
    """Line by line, each harmless."""
    return "\n".join(plain(line, LINE) for line in text.splitlines() if line.strip())


def _some(names: Sequence[str], most: int = 8) -> str:
    more = f" 等{len(names)}个" if len(names) > most else ""
    return "、".join(plain(name, 30) for name in names[:most]) + more
