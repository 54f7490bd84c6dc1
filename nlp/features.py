"""What a text gives the weights to work on: concepts of the lexicon, their pairs, words, shape."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from nlp.lexicon import Hit

_CAP = 6.0
# right before a word it makes an appeal or a rule of what would be a report (别乱停, 请勿占道)
_FORBIDDEN = re.compile(r"(?:别|勿|不要|禁止|不准|不许|严禁|杜绝|不再|不得|不能|莫)$")
# around a thing's name these make it the place of something else (电线杆底下, 往树坑里倒, 挡住红绿灯)
_PLACE_AFTER = re.compile(
    r"(?:上(?!来|去|冻)|下(?!陷|沉|水)|里|旁|边|底下|后头|后面|跟前|门口|中间|之间|当中|当间|对面|附近|缝)"
)
_PLACE_BEFORE = re.compile(
    r"(?:在|往|朝|对着|冲着|靠着|挨着|沿着|贴着|挡|挡着|挡住|遮住|遮着|堵住|堵着|占着|占了|占用|占)$"
)
_CLAUSE = re.compile(r"[,。!?;、\s]+")
_ASKING = ("吗", "么", "没", "不", "没有", "不能", "不行", "呢")
_DONE = ("了", "好", "完", "毕", "净", "过", "啦")


def features(text: str, words: Sequence[str], hits: Iterable[Hit]) -> dict[str, float]:
    """Named features of a normalised text. Names are readable: they stand in weights.csv."""
    found: dict[str, float] = {"bias": 1.0}
    strength: dict[str, float] = defaultdict(float)
    kinds: dict[str, set[str]] = defaultdict(set)
    meant: dict[str, int] = defaultdict(int)
    counts: dict[str, int] = defaultdict(int)
    for hit in hits:
        entry = hit.entry
        if entry.category and entry.kind not in {"intent", "meant"} and is_forbidden(text, hit):
            found["forbidden"] = 1.0
            continue
        if entry.kind in {"clear", "meant"}:
            found[f"{entry.kind}:{entry.category}"] = 1.0
            continue
        if entry.kind == "object" and _is_where(text, hit):
            found[f"at:{entry.tag}"] = 1.0
            continue
        counts[entry.tag] += 1
        found[f"tag:{entry.tag}"] = 1.0
        if hit.start <= 1:
            found[f"head:{entry.tag}"] = 1.0
        found[f"word:{entry.word}"] = 1.0
        if entry.kind == "intent":
            meant[entry.category] += 1
        elif entry.category:
            strength[entry.category] += entry.weight
            kinds[entry.category].add(entry.kind)
    found.update(_categories(strength, kinds))
    found.update({f"many:{tag}": min(count - 1, 3) / 2 for tag, count in counts.items() if count > 1})
    if meant:
        found[f"lead:{max(meant, key=lambda intent: meant[intent])}"] = 1.0
    found.update({f"cut:{w}": 1.0 for w in words if w.isalnum() and f"word:{w}" not in found})
    if words:
        found[f"first:{words[0]}"] = 1.0
    found.update(_shape(text))
    return found


def is_forbidden(text: str, hit: Hit) -> bool:
    """True where a word is what somebody asks not to do (别乱停)."""
    return bool(_FORBIDDEN.search(text, max(0, hit.start - 4), hit.start))


def _is_where(text: str, hit: Hit) -> bool:
    return bool(
        _PLACE_AFTER.match(text, hit.end) or _PLACE_BEFORE.search(text, max(0, hit.start - 2), hit.start)
    )


def _categories(strength: dict[str, float], kinds: dict[str, set[str]]) -> dict[str, float]:
    """How much is said for each category, which leads, and where object and fault meet."""
    found = {f"sum:{category}": min(total, _CAP) / 3 for category, total in strength.items()}
    if strength:
        found[f"lead:{max(strength, key=lambda category: strength[category])}"] = 1.0
    for category, seen in kinds.items():
        if "problem" in seen or {"object", "fault"} <= seen:
            found[f"both:{category}"] = 1.0
    return found


def _shape(text: str) -> dict[str, float]:
    found: dict[str, float] = {}
    length = len(text)
    found[
        "shape:tiny"
        if length <= 6
        else "shape:short"
        if length <= 14
        else "shape:mid"
        if length <= 32
        else "shape:long"
    ] = 1.0
    head = text.lstrip("# ")
    if head[:1].isdigit():
        found["shape:number_first"] = 1.0
    if "#" in text:
        found["shape:hash"] = 1.0
    clauses = [clause for clause in _CLAUSE.split(text) if clause]
    asking = [clause.rstrip("呀啊哩哈的了") for clause in clauses]
    if asking and (asking[-1].endswith(_ASKING) or text.rstrip().endswith("?")):
        found["shape:asks_last"] = 1.0
    if any(clause.endswith(_ASKING) for clause in asking[:-1]):
        found["shape:asks_before"] = 1.0
    done = sum(clause.rstrip("哈啊呀").endswith(_DONE) for clause in clauses)
    if done:
        found["shape:done"] = min(done, 3) / 2
    if done and done == len(clauses):
        found["shape:all_done"] = 1.0
    if text.startswith("@"):
        found["shape:at"] = 1.0
    if "\n" in text:
        found["shape:lines"] = 1.0
    return found
