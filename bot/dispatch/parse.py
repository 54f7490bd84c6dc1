"""What another system says of a problem, field by field; everything wrong is named at once."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.addresses import AllowedAddresses
from bot.fields import clean
from bot.uploads import REFERENCE, NoPicture, Uploads
from domain.taxonomy import Taxonomy

FIELDS = frozenset(
    {"text", "section", "house_number", "place", "coordinates", "category", "sub", "danger", "pictures"}
)
LONGEST = {"text": 2000, "section": 60, "place": 200, "coordinates": 60, "category": 30, "sub": 30}
MOST_PICTURES = 9
DATA = re.compile(r"data:image/[a-z+.-]{1,20};base64,", re.ASCII)


@dataclass(frozen=True, slots=True)
class Handed:
    """A problem as handed over. text: what people are shown. pictures: references or addresses."""

    text: str
    section: str
    house_number: int | None
    category: str
    sub: str
    danger: bool
    pictures: tuple[str, ...]


@dataclass(frozen=True)
class Parser:
    """What is allowed: the district's categories, and the hosts that pictures may be fetched from."""

    taxonomy: Taxonomy
    hosts: AllowedAddresses
    uploads: Uploads

    def parse(self, document: Mapping[str, object]) -> tuple[Handed | None, list[str]]:
        """The problem, or everything that is wrong. Raises ``OSError`` if a picture cannot be kept."""
        wrong = [f"{name}:没有这个字段" for name in sorted(set(document) - FIELDS)]
        texts = {name: _text(document, name, most, wrong) for name, most in LONGEST.items()}
        house_number = document.get("house_number")
        if house_number is not None and not _is_whole(house_number, 1, 99999):
            wrong.append("house_number:应为 1 到 99999 的整数")
        if not isinstance(document.get("danger", False), bool):
            wrong.append("danger:应为 true 或 false")
        category, sub = self._kind(texts["category"], texts["sub"], wrong)
        pictures = self._pictures(document.get("pictures", []), wrong)
        if not texts["text"] and not category:
            wrong.append("text 和 category 至少填一个")
        if wrong:
            return None, wrong
        danger = document.get("danger", False) is True
        text = self._words(texts, house_number, category, sub)
        number: Any = house_number
        return Handed(text, texts["section"], number, category, sub, danger, pictures), []

    def _kind(self, category: str, sub: str, wrong: list[str]) -> tuple[str, str]:
        """Codes, given as codes or by their Chinese names."""
        codes = {name: code for code, name in self.taxonomy.categories.items()}
        found = category if category in self.taxonomy.categories else codes.get(category, "")
        if category and not found:
            known = "、".join(f"{code}({name})" for code, name in self.taxonomy.categories.items())
            wrong.append(f"category:没有「{clean(category)}」;可用:{known}")
            return "", ""
        subs = (
            {name: row.sub for row in self.taxonomy.subs(found) for name in (row.sub, row.sub_zh)}
            if found
            else {}
        )
        if sub and sub not in subs:
            wrong.append(f"sub:这一大类里没有「{clean(sub)}」;可用:{'、'.join(subs)}")
        return found, subs.get(sub, "")

    def _words(self, texts: Mapping[str, str], house_number: object, category: str, sub: str) -> str:
        """One line that people understand: where, what."""
        where = texts["section"] + (f"{house_number}号" if house_number else "")
        where = "" if texts["section"] and texts["section"] in texts["text"] else where
        what = texts["text"] or self.taxonomy.label(category, sub)
        at = f"(坐标 {texts['coordinates']})" if texts["coordinates"] else ""
        return " ".join(filter(None, (where, texts["place"], what, at)))

    def _pictures(self, given: object, wrong: list[str]) -> tuple[str, ...]:
        if not isinstance(given, list) or len(given) > MOST_PICTURES:
            wrong.append(f"pictures:应为最多 {MOST_PICTURES} 项的列表")
            return ()
        return tuple(filter(None, (self._picture(number, one, wrong) for number, one in enumerate(given, 1))))

    def _picture(self, number: int, given: object, wrong: list[str]) -> str:
        """A reference of an upload stays, an address is fetched later, what is inside is kept now."""
        if not isinstance(given, str):
            wrong.append(f"pictures 第{number}项:应为文字")
        elif REFERENCE.fullmatch(given):
            return given
        elif match := DATA.match(given):
            return self._inside(number, given[match.end() :], wrong)
        elif self.hosts.permits(given):
            return given
        else:
            wrong.append(
                f"pictures 第{number}项:应为上传得到的编号、data:image/…;base64,… 或允许主机上的 https 地址"
                "(允许的主机由管理员设在 DISPATCH_MEDIA_HOSTS)"
            )
        return ""

    def _inside(self, number: int, encoded: str, wrong: list[str]) -> str:
        try:
            return self.uploads.keep(base64.b64decode(encoded, validate=True))
        except (binascii.Error, ValueError, NoPicture):
            wrong.append(f"pictures 第{number}项:解码后不是 JPEG、PNG、GIF 或 WebP 图片")
            return ""


def _text(document: Mapping[str, object], name: str, most: int, wrong: list[str]) -> str:
    value = document.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > most:
        wrong.append(f"{name}:应为最多 {most} 字的文字")
        return ""
    return clean(value).strip()


def _is_whole(value: object, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
