"""Where a text says it is: section, house number, shop, landmark."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.homophones import confusable, lookalikes
from nlp.reading import Gazetteer, Place, ShopName

_SUFFIXES = "路街"
# after a section's name without 路/街: what makes it a street and not a common word
_AFTER_STEM = re.compile(
    r"\d{1,4}(?:号|弄|[-~到至]\d)|[东西南北中](?:段|头|口|侧|边)|(?:这|那)(?:边|头|条|块|儿|段|里)|路口|街口|段|口(?!味|碑)|(?:那|这)家|天桥|菜市场|小学|南头|北头"
)
# after a rare stem nearly anything will do, but these make it another name (陇海铁路, 钱塘江)
_OTHER_NAME = re.compile(
    "铁路|高速|大道|江|河|湖|潮|山|市|区|县|省|镇|乡|村|小区|花园|广场|大厦|公司|集团|战役|古"
)
_ELSEWHERE = re.compile(
    r"(?:新闻|电视|抖音|视频|外省|外地|老家|别的区|隔壁区|(?<!二七)区的?|[^\W\d]市(?!场)的?|洛阳|开封|新乡|南阳|许昌|安阳|上海|北京|武汉|西安|杭州|广州|深圳)$"
)
_NOT_HERE = re.compile(r"(?:不是|不在|不归|并非|没在|错(?:发|报|写|派)?(?:成|到|为)?(?:了)?)(?:咱|俺|我们)?$")
_SHOP_AFTER = re.compile(
    r"(?:[^\W\d_]{0,4}?)(?:烩面|饭店|酒店|超市|药店|烟酒|支行|分店|分行|羊肉汤|涮肉|烧烤店|宾馆|公司|店)"
)
_TOWARDS = re.compile(r"(?:往|向|通往|派给|转给|去)$")
_SECTION_ROLE = re.compile(r"(?:的)?路长|方向|那边去|路队")
_HOUSE = re.compile(
    r"(?<![\d#.])(\d{1,4})(?:(?:号)?(?:[-~—至到])(\d{1,4}))?号(?!线|楼|院?[东西南北]门|机|桌|车厢|台|选手|段|单|问题|案|码|球|晚|早|上午|下午|开|前交|之前|发工资)"
)
_RANGE = re.compile(r"(?<![\d#.:-])(\d{1,4})[-~](\d{1,4})号")
_DOORPLATE = re.compile(r"门牌号?(?:是|为|:)?\s*(\d{1,4})")
_MONTH = re.compile(r"月(?:份)?$")
_SIDE = re.compile(r"([单双])号(?:那|这)?(?:边|侧|一侧|一边|一面|面|门)|(?:靠|在)?([单双])号$|([单双])号")

_LONGEST_PLACE = 24
_AROUND = re.compile(
    r"(?:附近|旁边|对面|门口|路口|街口|地铁站|[在是就那这个里边旁前后东西南北头口段侧的儿啊呢吧哦嗯哈哩,。.!、\s])*"
)


@dataclass(frozen=True, slots=True)
class _Name:
    text: str
    section: str
    quality: int  # 4 name, 3 alias or swapped suffix, 2 near-miss spelling, 1 stem alone


@dataclass(frozen=True, slots=True)
class _Mention:
    start: int
    end: int
    section: str
    rank: float


class Places:
    """Finds places of one gazetteer in normalised text."""

    def __init__(self, gazetteer: Gazetteer, common_words: frozenset[str] = frozenset()) -> None:
        """common_words: stems that are also ordinary words (合作, 操场): they need 路 or 街 after them."""
        self._common = common_words
        self._names = _spellings(gazetteer)
        self._stems = {
            s.name[:-1]: s.name for s in gazetteer.sections if s.name[-1:] in _SUFFIXES and len(s.name) > 2
        }
        self._near = re.compile(
            "|".join(re.escape(n) for n in sorted(self._names | self._stems, key=len, reverse=True))
            or r"(?!)"
        )
        self._landmarks = _landmarks(gazetteer)
        self._shops, self._short = _shops(gazetteer)
        words = sorted({*self._landmarks, *self._shops, *self._short}, key=len, reverse=True)
        self._marks = re.compile("|".join(map(re.escape, words)) or r"(?!)")

    def words(self) -> tuple[str, ...]:
        """All names, for the tokenizer's dictionary."""
        exact = [name for name, found in self._names.items() if found.quality >= 3]
        return (*exact, *self._landmarks, *self._shops)

    def find(self, text: str, context: str | None = None) -> Place:
        """The place a normalised text names; context is the section assumed for a shop's short name."""
        mentions = self._mentions(text)
        section = max(mentions, key=lambda m: (m.rank, -m.start)).section if mentions else None
        shop, landmark, candidates = self._mark(text, section or context)
        if section is None and len(candidates) == 1:
            section = candidates[0]
        number, to = house_number(text)
        return Place(
            section=section,
            candidates=() if section else candidates,
            house_number=number,
            shop=shop.name if shop else None,
            landmark=landmark,
            house_number_to=to,
            side=_side(text),
        )

    def is_bare(self, text: str) -> bool:
        """Whether a normalised text says where, and nothing else (在益民路28号门口)."""
        if len(text) > _LONGEST_PLACE:
            return False
        rest = self._marks.sub("", self._near.sub("", text))
        for pattern in (_DOORPLATE, _HOUSE):
            rest = pattern.sub("", rest)
        return rest != text and _AROUND.fullmatch(rest) is not None

    def _mentions(self, text: str) -> list[_Mention]:
        found = []
        for match in self._near.finditer(text):
            mention = self._judge(text, match.start(), match.end())
            if mention is not None:
                found.append(mention)
        return found

    def _judge(self, text: str, start: int, end: int) -> _Mention | None:
        word, before, after = text[start:end], text[:start], text[end:]
        name = self._names.get(word)
        if name is None:
            section = self._stems[word]
            if not self._stem_is_street(word, after):
                return None
            name = _Name(word, section, 1)
        if _ELSEWHERE.search(before):
            return None
        rank = float(name.quality)
        if _NOT_HERE.search(before):
            rank -= 5
        if _SHOP_AFTER.match(after) and not _belongs(word, after, self._shops):
            rank -= 2.5
        if _TOWARDS.search(before):
            rank -= 1.5
        if _SECTION_ROLE.match(after):
            rank -= 0.5
        return _Mention(start, end, name.section, rank)

    def _stem_is_street(self, word: str, after: str) -> bool:
        if after[:1] in {"市", "区", "县", "小", "大", "省"}:
            return False
        if _AFTER_STEM.match(after):
            return word not in self._common or not re.match(r"口|段|那里|这里|[东西南北中](?!头)", after)
        if word in self._common:
            return False
        return not _OTHER_NAME.match(after)

    def _mark(self, text: str, section: str | None) -> tuple[ShopName | None, str | None, tuple[str, ...]]:
        """(shop, landmark, sections it may be in); section narrows a short name, and is no candidate."""
        for match in self._marks.finditer(text):
            word = match.group()
            shops = self._shops.get(word) or self._short.get(word) or ()
            here = [shop for shop in shops if shop.section == section]
            if word in self._shops or (shops and not section):
                one = here[0] if len(here) == 1 else shops[0] if len(shops) == 1 else None
                return one, None, (one.section,) if one else tuple(dict.fromkeys(s.section for s in shops))
            if len(here) == 1:
                return here[0], None, ()
            if word in self._landmarks:
                return None, word, self._landmarks[word]
        return None, None, ()


def _belongs(word: str, after: str, shops: dict[str, tuple[ShopName, ...]]) -> bool:
    """True when what follows makes the full name of a known shop (大同路烩面馆)."""
    return any(shop.startswith(word) and after.startswith(shop[len(word) :]) for shop in shops)


def _spellings(gazetteer: Gazetteer) -> dict[str, _Name]:
    """Every spelling under which a section is found; a spelling two sections share is left out."""
    names: dict[str, _Name] = {}
    real = {name for s in gazetteer.sections for name in (s.name, *s.aliases)}
    for section in gazetteer.sections:
        names[section.name] = _Name(section.name, section.name, 4)
        for alias in section.aliases:
            names.setdefault(alias, _Name(alias, section.name, 3))
    taken: dict[str, set[str]] = {}
    for section in gazetteer.sections:
        for spelling in (*_swapped(section.name), *_misspelt(section.name)):
            if spelling not in real:
                taken.setdefault(spelling, set()).add(section.name)
    for spelling, owners in taken.items():
        if len(owners) == 1:
            owner = next(iter(owners))
            quality = 3 if spelling[:-1] == owner[:-1] else 2
            names.setdefault(spelling, _Name(spelling, owner, quality))
    return names


def _swapped(name: str) -> tuple[str, ...]:
    swap = {"路": "街", "街": "路"}
    return (name[:-1] + swap[name[-1]],) if name[-1:] in swap and len(name) > 2 else ()


def _misspelt(name: str) -> list[str]:
    if name[-1:] not in _SUFFIXES or len(name) < 3:
        return []
    return [
        name[:i] + other + name[i + 1 :]
        for i in range(len(name) - 1)
        for other in lookalikes(name[i])
        if confusable(name[i], other)
        and not (name[i] in "一二三四五六七八九十" and other in "一二三四五六七八九十")
    ]


def _landmarks(gazetteer: Gazetteer) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for section in gazetteer.sections:
        for landmark in section.landmarks:
            if landmark:
                found.setdefault(landmark, []).append(section.name)
    return {word: tuple(dict.fromkeys(sections)) for word, sections in found.items()}


def _shops(gazetteer: Gazetteer) -> tuple[dict[str, tuple[ShopName, ...]], dict[str, tuple[ShopName, ...]]]:
    full: dict[str, list[ShopName]] = {}
    short: dict[str, list[ShopName]] = {}
    for shop in gazetteer.shops:
        full.setdefault(shop.name, []).append(shop)
        if shop.short_name and len(shop.short_name) >= 2:
            short.setdefault(shop.short_name, []).append(shop)
    return {k: tuple(v) for k, v in full.items()}, {k: tuple(v) for k, v in short.items()}


def house_number(text: str) -> tuple[int | None, int | None]:
    """The house number (and end of its range) in a normalised text; ``#28`` and ``28号单`` are none."""
    for pattern in (_DOORPLATE, _RANGE, _HOUSE):
        for match in pattern.finditer(text):
            if _MONTH.search(text[: match.start()]):
                continue
            to = match.group(2) if pattern is not _DOORPLATE else None
            return int(match.group(1)), int(to) if to else None
    return None, None


def _side(text: str) -> str | None:
    match = _SIDE.search(text)
    return next((group for group in match.groups() if group), None) if match else None
