"""What an administrator sets up of the 公众号: its menu, and a poster with the QR code of a street."""

from __future__ import annotations

import difflib
from pathlib import Path

from bot.mp.sender import refusal
from bot.token_client import TokenClient
from domain.errors import LuguanjiaError
from domain.roster import Section
from handlers.sentences.poster import poster
from render import poster as drawing
from workers.bootstrap import Parts, mp_client

LONGEST_SCENE = 64
Said = str | tuple[tuple[str, str], ...]
MENU: tuple[tuple[str, Said], ...] = (
    ("怎么上报", "帮助"),
    ("我的上报", "我的上报"),
    ("更多", (("谁管这条路", "路长"), ("我是哪家店", "我是谁"), ("使用手册", "手册"))),
)
"""What stands under the chat, and what a tap on it says. The platform takes three, and five below each."""


class MpAdminError(LuguanjiaError):
    """It cannot be done; the words say what to do."""


def make_poster(parts: Parts, name: str, path: Path | None) -> Path:
    """Write the poster of a section; where. A code is good for ever, and making it again does no harm."""
    client, section = _client(parts), _section(parts, name)
    if len(section.name) > LONGEST_SCENE:
        raise MpAdminError(f"路段名超过{LONGEST_SCENE}个字,不能做二维码:{section.name}")
    scene = {"scene": {"scene_str": section.name}}
    answer = client.post("qrcode/create", {"action_name": "QR_LIMIT_STR_SCENE", "action_info": scene})
    if answer.code:
        raise refusal(answer)
    address = answer.body.get("url")
    if not isinstance(address, str) or not address:
        raise MpAdminError("平台没有给出二维码的地址,请稍后再试")
    target = path or Path(f"二维码-{section.name}.png")
    target.write_bytes(drawing.draw(poster(section, address)))
    return target


def set_menu(parts: Parts) -> tuple[str, ...]:
    """Put our menu under the chat, in place of the one there; its names."""
    answer = _client(parts).post("menu/create", {"button": [_button(name, said) for name, said in MENU]})
    if answer.code:
        raise refusal(answer)
    return tuple(name for name, _ in MENU)


def _button(name: str, said: Said) -> dict[str, object]:
    if isinstance(said, str):
        return {"type": "click", "name": name, "key": said}
    return {"name": name, "sub_button": [_button(below, words) for below, words in said]}


def _client(parts: Parts) -> TokenClient:
    client = mp_client(parts.settings, parts.waker)
    if client is None:
        raise MpAdminError("公众号没有配置:请先填 WECHAT_MP_APP_ID、WECHAT_MP_SECRET、WECHAT_MP_TOKEN")
    return client


def _section(parts: Parts, name: str) -> Section:
    roster = parts.office().roster
    section = roster.section(name)
    if section is None:
        likely = difflib.get_close_matches(name, [each.name for each in roster.sections], n=3, cutoff=0.4)
        hint = f",是不是:{'、'.join(likely)}?" if likely else ""
        raise MpAdminError(f"名册里没有路段「{name}」{hint}")
    return section
