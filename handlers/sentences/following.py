"""What a follower of the 公众号 is told when he comes."""

from __future__ import annotations

from domain.office import Office
from domain.roster import Section, Shop
from handlers.sentences.binding import how_to_say, kept_how_long
from handlers.sentences.parts import EMERGENCY


def welcome(office: Office, section: Section | None, shop: Shop | None) -> str:
    """How to report, who sees it, how to be known; one phone screen."""
    here = f"{section.name} · " if section else ""
    lines = [f"{here}街面问题随手报", _how(section)]
    lines.append("办理进度和结果会在这里告诉您;办完请您点「满意」或「不满意」。")
    if shop is None:
        lines.append(f"您是商户的话请发一次:{how_to_say(office)},以后不用写地址。")
    lines += ["查进度请发:我的上报;更多请发:帮助。", EMERGENCY]
    return "\n".join([*lines, _notice(office)])


def scanned(office: Office, section: Section | None) -> str:
    """Somebody who follows already scanned the code of a street."""
    if section is None:
        return f"您好,{_how(None)}"
    chief = office.roster.chief(section.name, 3, office.absent)
    who = f"(路长 {chief.title})" if chief else ""
    return f"您在 {section.name}{who}。{_how(section)}"


def _how(section: Section | None) -> str:
    example = "28号门口电动车堵路" if section else "益民路28号门口电动车堵路"
    return f"请直接发一句话、一段语音或一张照片,例如:{example}"


def _notice(office: Office) -> str:
    return (
        "【告知】您发来的文字、照片和位置只用于办理街面问题,本路段路长、督导、协办部门和管理员可看,"
        f"群里只显示「商户反映」;{kept_how_long(office)}要删除请告诉管理员。"
    )
