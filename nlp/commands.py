"""Exact commands: verb and numbers in either order, by the words of data/commands.csv."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from nlp.homophones import confusable
from nlp.issue_numbers import GAP, NUMBER, NUMBERS, ONE_NUMBER, loose_numbers, numbers_in
from nlp.normalize import normalize
from nlp.reading import Command
from nlp.verbs import Verb, category_word, intent_of, is_category_word, verbs

__all__ = [
    "bare_choice", "category_word", "did_you_mean", "intent_of", "loose_numbers", "numbers_in",
    "parse_command", "parse_normal", "verbs",
]  # fmt: skip

LONGEST = 400
"""Characters of a command; a longer text is a story. What is said to everybody may be longer."""
_SPEECH = re.compile("通知|发通知|发布通知|群发")
_LEAD = re.compile(r"^(?:@[^\s,:@]+(?:\s|$)*)+|^[\s,.。!:;、~/]+")
_FILLER = re.compile(
    r"^(?:把|将|请|麻烦|那个|帮我|帮忙|给我|我要|我想|申请|我|俺|好的?[,\s]|嗯[,\s]|行[,\s]|中[,\s])+"
)
_TAIL = re.compile(r"^(?:一下子?|下|了|啦|哈|吧|呀|啊|哦|哩|的|掉|完毕|完成|[\s,.。!:;、~])+$")
_SEPARATED = re.compile(r"^[\s,。!:;、@(\[]")
_END = re.compile(r"(?:[\s,.。!~?;、哈啦呀啊哦嗯哩呢吧]|\[[^\]]{1,3}\])*$")
_CORRECTION = re.compile(r"^不是(.{1,8}?)[,\s]?(?:而?是|应该是|应是)(.{1,8}?)[。!]?$")
_SHOP_NAME = re.compile(r"[^\W\d_]{2,16}")
_SHOP_ADDRESS = re.compile(
    r"(?:[^\W\d]{1,10}?(?:路|街|巷|道))?\s?\d{1,4}号?(?:附?\d{1,3}号?)?"
    r"(?:\s+(?P<name>\S{2,20})|(?:的)?(?P<glued>[^\W\d]{1,14}(?:店|馆|铺|行|屋|超市|厅|坊|社|药房|宾馆|公司|工作室)))"
)
_HAPPENS = re.compile("[了吗呢啊没被堵停又]|门口|有人|在")
_LOOKS_LIKE_NAME = re.compile(r"^[^\W\d]{2,4}$")
_DEPARTMENT = re.compile(
    "交警|交管|城管|环卫|市政|园林|绿化|供电|电力|电业|燃气|热力|自来水|水务|通信|移动|联通|电信|公安|派出所|消防|住建|"
    "环保|市场监管|工商|物业|社区|街道|办事处|单车企业|铁路|文旅|民政|排水|路灯所|执法"
)
# verbs after which free text may follow without a number; others need one (提醒 各位… is no command)
_TAKES_TEXT = frozenset(
    [
        "认领",
        "办结",
        "进展",
        "退回",
        "转派",
        "延期",
        "不同意",
        "协办",
        "转外部",
        "请假",
        "免打扰",
        "随手办",
        "补充",
        "催办",
        "满意",
        "不满意",
        "重开",
        "撤回",
        "督办",
        "缓办",
        "挂账",
        "不予受理",
        "核查",
        "顺延",
        "改类",
        "改路段",
        "绑定",
        "同意绑定",
        "不同意绑定",
        "手册",
        "清除",
        "通知",
        "登记",
        "新问题",
        "超时",
        "日报",
        "周报",
        "月报",
        "排行",
        "日志",
        "导出",
        "纪要",
        "签到",
        "申诉",
        "匿名",
        "有异议",
    ]
)
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆"
    "汪范石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严武戴莫孔向汤"
)


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[str, Verb], dict[str, Verb], re.Pattern[str]]:
    exact = {word: verb for verb in verbs() for word in verb.words}
    casual = {word: verb for verb in verbs() for word in verb.casual}
    longest_first = sorted(exact, key=len, reverse=True)
    return (
        exact,
        casual,
        re.compile("|".join(re.escape(w) + ("(?![警管])" if w == "转交" else "") for w in longest_first)),
    )


def parse_command(text: str) -> Command | None:
    """The command a text is, or None. Leading @mentions are dropped; nothing is guessed."""
    return parse_normal(normalize(text))


def parse_normal(text: str) -> Command | None:
    """parse_command for a text that is normalised already."""
    text = _stripped(text)
    if not text or (len(text) > LONGEST and not _SPEECH.match(text)):
        return None
    return _casual(text) or _exact(text) or _natural(text)


def bare_choice(text: str) -> int | None:
    """The number when the whole message is one (``1``, ``选2``, ``第一个``): an answer to a numbered list."""
    text = _stripped(normalize(text))
    match = re.fullmatch(r"(?:选|就|是)?(?:第)?\(?(\d{1,2})\)?(?:[.、)]|个|项|号)?[。.!]?", text)
    if match:
        return int(match.group(1))
    match = re.fullmatch(r"(?:选|就|是)?(?:第)?([一二三四五六七八九])(?:个|项|号)?", text)
    return "一二三四五六七八九".index(match.group(1)) + 1 if match else None


def did_you_mean(text: str) -> str | None:
    """The verb probably meant by a near miss: one edit off, followed by a number or standing alone."""
    text = _stripped(normalize(text))
    if parse_command(text) is not None:
        return None
    match = re.fullmatch(rf"([^\W\d]{{2,5}})\s*(?:{NUMBER})?(.*)", text) or re.fullmatch(
        rf"{NUMBER}\s*([^\W\d]{{2,5}})()", text
    )
    if match is None:
        return None
    groups = match.groups()
    word, number, rest = (
        (groups[0], groups[1], groups[2])
        if not text[0].isdigit() and text[0] != "#"
        else (groups[1], groups[0], "")
    )
    if number is None and rest:
        return None
    exact, _, _ = _tables()
    near = [v.name for w, v in exact.items() if len(w) >= 2 and _one_edit(word, w, loose=number is not None)]
    return near[0] if near else None


def _stripped(text: str) -> str:
    while True:
        shorter = _LEAD.sub("", text).strip()
        if shorter == text:
            return text
        text = shorter


def _casual(text: str) -> Command | None:
    """收到 12, 12 好了, 我来: casual words count only when they are the whole message, beside numbers."""
    _, casual, _ = _tables()
    numbers, left = _split_numbers(text)
    for candidate in (left, _END.sub("", left), _FILLER.sub("", _END.sub("", left))):
        word = re.sub(r"[\s,。!]", "", candidate)
        verb = casual.get(word)
        if verb is not None:
            return Command(verb.name, numbers, exact=False)
    return None


def _split_numbers(text: str) -> tuple[tuple[int, ...], str]:
    """Numbers at the start or the end of a text, and what is left."""
    head = NUMBERS.match(text)
    if head:
        return _ints(head.group()), text[head.end() :].strip(" ,:、。")
    for match in NUMBERS.finditer(text):
        if not text[match.end() :].strip(" ,.。!~"):
            return _ints(match.group()), text[: match.start()].strip(" ,:、。")
    return (), text


def _ints(text: str) -> tuple[int, ...]:
    return tuple(dict.fromkeys(int(n) for n in ONE_NUMBER.findall(text)))


def _exact(text: str) -> Command | None:
    if re.fullmatch(NUMBER, text) and text[0] == "#":
        return Command("查询", _ints(text))
    body = _FILLER.sub("", text)
    for candidate in dict.fromkeys((text, body)):
        command = _verb_first(candidate) or _number_first(candidate)
        if command is not None:
            return command
    return None


def _verb_first(text: str) -> Command | None:
    exact, _, pattern = _tables()
    match = pattern.match(text)
    if match is None:
        return None
    verb, rest = exact[match.group()], text[match.end() :]
    gap = re.match(rf"(?:一下|下|了)?{GAP}", rest)
    after = rest[gap.end() :] if gap else rest
    numbers = NUMBERS.match(after) if verb.numbers != "none" else None
    if numbers:
        return _command(verb, numbers.group(), after[numbers.end() :])
    if not _stands_alone(verb, match.group(), rest):
        return None
    return _command(verb, "", rest)


def _number_first(text: str) -> Command | None:
    exact, _, pattern = _tables()
    numbers = NUMBERS.match(text)
    if numbers is None:
        return None
    after = text[numbers.end() :].lstrip(" ,:、")
    after = _FILLER.sub("", after)
    match = pattern.match(after)
    if match is None:
        return None
    verb, rest = exact[match.group()], after[match.end() :]
    if verb.numbers == "none" or re.match(r"[了过]?(?:没|吗|不$|没有)", rest):
        return None
    if len(match.group()) == 1 and rest and not (_SEPARATED.match(rest) or _DEPARTMENT.match(rest)):
        return None
    return _command(verb, numbers.group(), rest)


def _stands_alone(verb: Verb, word: str, rest: str) -> bool:
    """Without a number a verb must be the whole message, or the plain verb set off from what follows."""
    if not rest or _TAIL.match(rest):
        return len(word) > 1 or word == "查"
    if verb.name in _TAKES_ITS_OWN:
        return word == verb.name and _TAKES_ITS_OWN[verb.name](rest)
    if verb.name in {"路长", "查询"}:
        return len(word) > 1 and bool(re.fullmatch(r"\s?[^\W\d]{1,6}[路街巷道]", rest))
    if verb.name == "转派" and len(word) > 1 and re.fullmatch(r"[^\W\d]{2,8}", rest):
        return True
    if verb.name not in _TAKES_TEXT or word not in {
        verb.name,
        "转给",
        "转交",
        "宽限",
        "申请延期",
        "改成",
        "改为",
    }:
        return False
    return rest[0] in " :@" or (bool(_SEPARATED.match(rest)) and len(rest) <= 24)


def _is_name(rest: str) -> bool:
    name = _END.sub("", rest).strip()
    return bool(_LOOKS_LIKE_NAME.match(name)) and (
        rest[0] == " " or (name[0] in _SURNAMES and len(name) <= 3)
    )


def _is_shop(rest: str) -> bool:
    """益民路28号 五金店: an address and the name of a shop, and nothing that happens there."""
    match = _SHOP_ADDRESS.fullmatch(_END.sub("", rest).strip())
    return match is not None and not _HAPPENS.search(match["name"] or match["glued"])


def _is_approved_shop(rest: str) -> bool:
    return rest[0] == " " and bool(_SHOP_NAME.fullmatch(rest.strip()))


_TAKES_ITS_OWN: dict[str, Callable[[str], bool]] = {
    "我是": lambda rest: _is_name(rest) or _is_shop(rest),
    "同意": _is_approved_shop,
}
"""Verbs after which only words of a certain kind may follow."""


def _command(verb: Verb, numbers: str, rest: str) -> Command:
    found = _ints(numbers)
    if verb.name == "合并":
        found = tuple(dict.fromkeys((*found, *_ints(" ".join(m.group() for m in ONE_NUMBER.finditer(rest))))))
        rest = ONE_NUMBER.sub("", rest)
    rest = "" if _TAIL.match(rest) else rest.strip(" ,:、。;!")
    command = Command(verb.name, found, rest)
    return _rated(command, numbers) if verb.name in {"满意", "不满意"} else command


def _rated(command: Command, numbers: str) -> Command:
    """The first number is the issue, a last bare 1–5 the rating (``满意 12 5``, ``12 满意 5``)."""
    given = ONE_NUMBER.findall(numbers)
    if len(given) >= 2 and given[-1] in "12345":
        return replace(
            command, numbers=tuple(dict.fromkeys(int(n) for n in given[:-1])), rating=int(given[-1])
        )
    match = re.match(r"([1-5])(?:分|星)?(?!\d)\s*", command.rest)
    if match and given:
        return replace(command, rating=int(match.group(1)), rest=command.rest[match.end() :])
    return command


def _natural(text: str) -> Command | None:
    """不是垃圾是小广告: a correction of the category, if both halves are names of categories."""
    match = _CORRECTION.match(text)
    if match and all(is_category_word(part) for part in match.groups()):
        return Command("改类", (), match.group(2))
    return None


def _one_edit(typed: str, word: str, *, loose: bool) -> bool:
    """One character replaced, dropped, added or swapped; unless loose, a replaced one must sound alike."""
    if typed == word:
        return False
    if len(typed) == len(word):
        wrong = [(a, b) for a, b in zip(typed, word, strict=True) if a != b]
        if len(wrong) == 1:
            return loose or confusable(*wrong[0])
        return len(wrong) == 2 and wrong[0] == wrong[1][::-1] and sorted(typed) == sorted(word)
    longer, shorter = (typed, word) if len(typed) > len(word) else (word, typed)
    if len(longer) - len(shorter) != 1 or len(shorter) < 2:
        return False
    return any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))
