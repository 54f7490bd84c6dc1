"""letters on the command line: what was given up, and once more with it. What people wrote is masked."""

from __future__ import annotations

from bot.wake import Work
from domain.errors import LuguanjiaError
from domain.masking import mask
from store import letters
from store.letters import Dead
from workers.bootstrap import Parts, machine_now

SHOWN = 40
"""Characters of a text."""


class NoSuchLetter(LuguanjiaError):
    """Nothing of this name was given up."""


def list_letters(parts: Parts) -> None:
    """Everything that was given up, with its name, time, place and reason."""
    found = _all(parts)
    for dead in found:
        at = dead.at.astimezone(parts.settings.timezone).strftime("%m-%d %H:%M")
        kind = "收" if dead.name.startswith("i") else "发"
        text = mask(" ".join(dead.text.split()))[:SHOWN]
        print(f"{dead.name}\t{at}\t{kind} {dead.where}\t{text}\t原因:{mask(dead.reason)[:200]}")
    if found:
        print(f"共 {len(found)} 条。改好原因后重试:python -m bot letters retry 编号(或 all)")
    else:
        print("没有处理不了的消息,也没有发不出去的消息。")


def _all(parts: Parts) -> list[Dead]:
    with parts.database.read() as connection:
        return [
            *letters.parked(connection),
            *letters.failed(connection),
        ]


def retry(parts: Parts, name: str) -> None:
    """One of them, or all, once more. Raises ``NoSuchLetter``."""
    found = [dead.name for dead in _all(parts) if name in {"all", dead.name}]
    if not found and name != "all":
        raise NoSuchLetter(f"没有 {name} 这一条,什么也没有做。编号见 python -m bot letters")
    with parts.database.write() as connection:
        now = machine_now()
        again = [
            letters.retry_parked(connection, int(one[1:]))
            if one.startswith("i")
            else letters.retry_failed(connection, int(one[1:]), now)
            for one in found
        ]
    parts.waker.wake(Work.INBOX)
    parts.waker.wake(Work.OUTBOX)
    print(f"{sum(again)} 条已重新排队,一分钟内处理;结果请再看 python -m bot letters")
