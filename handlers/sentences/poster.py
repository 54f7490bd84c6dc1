"""What stands on the poster at the kiosk (服务亭)."""

from __future__ import annotations

from domain.poster import Poster
from domain.roster import Section


def poster(section: Section, code: str) -> Poster:
    return Poster(
        title=section.name,
        heading="街面问题 随手报",
        steps=(
            "微信扫码,关注公众号",
            "说一句话、发语音或拍照,例如:28号门口电动车堵路",
            "谁来办、何时办完,微信里告诉您;办完请您评一评",
        ),
        warning="有人员危险请先拨打 119 / 110 / 120",
        foot=f"{section.subdistrict} · 停车、垃圾、广告、占道、施工、设施、噪音、绿化",
        code=code,
    )
