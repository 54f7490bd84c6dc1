"""Who may do what in the town, written out by hand; nothing here is read from the product."""

from __future__ import annotations

STREETS = {"益民路": "解放路街道", "大同路": "一马路街道", "钱塘路": "一马路街道", "二马路": "铭功路街道"}
GROUPS = {"g-yimin": {"益民路"}, "g-area": {"大同路", "钱塘路"}, "g-erma": {"二马路"}, "g-sup": set[str]()}
"""Chat → the streets whose problems everyone there may read."""

MERCHANTS = ("wujin", "huimian", "bianli", "chaguan")
SHOP_ON = {"wujin": "益民路", "huimian": "益民路", "bianli": "大同路", "chaguan": "二马路"}
SHOP_NAME = {"wujin": "益民五金店", "huimian": "益民烩面馆", "bianli": "大同便利店", "chaguan": "二马茶馆"}
STAFF = (
    "li", "bei", "wang", "zhao", "sun", "qian", "tang", "zhou", "feng", "dan", "shuang", "zhang", "guan",
)  # fmt: skip
STRANGER = "passer-by"
EVERYONE = (*MERCHANTS, *STAFF, STRANGER)

AT_WORK_ON = {
    "益民路": {"li", "bei", "wang", "zhao", "sun", "guan"},
    "大同路": {"qian", "zhou", "guan"},
    "钱塘路": {"tang", "zhou", "guan"},
    "二马路": {"feng", "dan", "shuang", "guan"},
    None: {"guan"},
}
"""Chiefs with a duty, their substitutes, leaders and supervisors of the subdistrict, the administrator."""

WATCHES = {
    "解放路街道": {"sun", "guan"},
    "一马路街道": {"zhou", "guan"},
    "铭功路街道": {"guan"},
    "": {"guan"},
}
SUPERVISORS = {"sun", "zhou", "guan"}
OFFICERS = {"zhang"}

OWNER_OF = {"益民路": {"li"}, "大同路": {"qian"}, "钱塘路": {"tang"}, "二马路": {"feng", "dan", "shuang"}}
"""Who is given a new problem there; on 二马路 the house number decides."""

ABOVE = {
    "益民路": {"li": "wang", "bei": "wang", "wang": "sun", "zhao": "sun", "sun": None, "*": "li"},
    "大同路": {"qian": "zhou", "zhou": None, "*": "qian"},
    "钱塘路": {"tang": "zhou", "zhou": None, "*": "tang"},
    "二马路": {"feng": None, "dan": "feng", "shuang": "feng", "*": "feng"},
}
"""Who gets what this owner returns; ``*``: one who has no level there, an officer or the administrator."""

NAMES = {
    "li": "李路", "bei": "备岗", "wang": "王二", "zhao": "赵一", "sun": "孙督", "qian": "钱大",
    "tang": "唐钱", "zhou": "周督", "feng": "冯三", "dan": "单四", "shuang": "双四",
    "zhang": "张三", "guan": "管理",
}  # fmt: skip
UNIT = {
    **dict.fromkeys(("li", "bei", "wang", "zhao", "sun"), "解放路街道"),
    **dict.fromkeys(("qian", "tang", "zhou"), "一马路街道"),
    **dict.fromkeys(("feng", "dan", "shuang"), "铭功路街道"),
}


def may_be_given(userid: str, area: str) -> bool:
    """Whether a problem of an area may be handed to a person."""
    return userid in OFFICERS or userid == "guan" or UNIT.get(userid) == area


def level_above(street: str | None, owner: str | None) -> str | None:
    if street is None:
        return None
    above = ABOVE[street]
    return above[owner] if owner in above else above["*"]
