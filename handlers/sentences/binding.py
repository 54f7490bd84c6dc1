"""What is said when groups and people are bound: 绑定, 本群, 我是谁, 我是, and the notice on privacy."""

from __future__ import annotations

from collections.abc import Sequence

from domain.followers import UNNAMED, openid_of
from domain.office import Office
from domain.roster import LEVELS, Duty, Group, GroupKind, Person, Role, Shop
from domain.safe_text import plain
from handlers.sentences.parts import SAFE_ID


def shown_id(userid: str) -> str:
    """An id as it may be copied."""
    return userid if SAFE_ID.fullmatch(userid) else plain(userid, 120)


def only_administrators(names: Sequence[str]) -> str:
    who = f"管理员({'、'.join(names[:3])})" if names else "管理员(名册里还没有,请先在「人员」表添加)"
    return f"只有{who}可以这样做。"


def bind_in_group(office: Office) -> str:
    return f"请在要登记的群里发:@{office.bot_name} 绑定 路段名"


def ask_in_group(office: Office) -> str:
    return f"请在群里发:@{office.bot_name} 本群"


def bind_what(office: Office) -> str:
    sections = [section.name for section in office.roster.sections][:1] or ["益民路"]
    subdistricts = [row.name for row in office.roster.subdistricts][:1] or ["天成街道"]
    return f"请写本群管哪条路,例如:绑定 {sections[0]};几条路用、隔开。督导群请写:绑定 督导 {subdistricts[0]}"


def unknown_sections(names: Sequence[str], likely: Sequence[str]) -> str:
    said = "、".join(plain(name, 20) for name in names)
    return f"名册里没有路段「{said}」,没有登记。{_likely(likely)}请写名册里的路段名。"


def unknown_subdistrict(name: str, likely: Sequence[str]) -> str:
    example = next(iter(likely), "天成街道")
    return f"名册里没有街道「{plain(name, 20)}」,没有登记。{_likely(likely)}例如:绑定 督导 {example}"


def _likely(names: Sequence[str]) -> str:
    return f"是不是:{'、'.join(names[:3])}?" if names else ""


def bound(office: Office, group: Group, *, has_key: bool) -> str:
    """What the group is now, and what is still missing for it."""
    if group.kind is GroupKind.SUPERVISOR:
        lines = [f"本群已登记为督导群:{group.subdistrict}"]
    else:
        lines = [f"本群已登记为路段群:{'、'.join(group.sections)}"]
        without = [name for name in group.sections if office.roster.chief(name, 3) is None]
        lines += [f"⚠ 名册里还没有三级路长:{'、'.join(without)}"] if without else []
    if not has_key and not office.reach.connect:
        lines.append(
            "⚠ 还没有推送 key,不能主动提醒:请在群里添加「消息推送」,再到服务器运行 "
            f"python -m bot group key {shown_id(group.chat_id)}"
        )
    return "\n".join(lines)


def consent(office: Office) -> str:
    """What is recorded, who sees it, how long, and how it is erased; said once in every group."""
    recorded = (
        "【告知】本群消息经会话内容存档交路管家识别街面问题;与此无关的,识别后立即删除原文。"
        if office.archive
        else f"【告知】路管家只记录@{office.bot_name} 的消息和照片,用于办理街面问题。"
    )
    return (
        f"{recorded}"
        "本路段路长、督导、协办部门和管理员可看;电话、车牌、证件号对外一律打码。"
        f"{kept_how_long(office)}不想留名请加「匿名」;"
        "要删除本人的姓名、文字和照片,请告诉管理员。"
    )


def kept_how_long(office: Office) -> str:
    pictures, texts = office.rules.keep_pictures.days, _years(office.rules.keep_texts.days)
    return f"照片保存{pictures}天,文字保存{texts}。"


def _years(days: int) -> str:
    return f"{days // 365}年" if days % 365 == 0 else f"{days}天"


def unknown_group(office: Office, chat_id: str) -> str:
    return f"群编号:{shown_id(chat_id)}\n还没有登记。管理员可在本群发:@{office.bot_name} 绑定 路段名"


def this_group(
    office: Office, group: Group, chiefs: Sequence[tuple[str, Person | None]], *, has_key: bool
) -> str:
    lines = [f"{group.name}({group.kind})", f"群编号:{shown_id(group.chat_id)}"]
    if group.subdistrict:
        lines.append(f"街道:{group.subdistrict}")
    lines += [f"{name}:三级路长 {chief.title if chief else '(空缺)'}" for name, chief in chiefs]
    without = "未登记(由机器人自己推送)" if office.reach.connect else "未登记(不能主动提醒)"
    lines.append(f"推送 key:{'已登记' if has_key else without}")
    if office.pilot:
        lines.append("试点群" if office.may_write_to(group.chat_id) else "非试点群:只收不发")
    return "\n".join(lines)


def who_you_are(office: Office, person: Person, sent_as: str, duties: Sequence[Duty]) -> str:
    level = LEVELS[person.level] if person.level else ""
    lines = [f"{person.title} · {level}{person.role}{'·' + person.unit if person.unit else ''}"]
    lines.append(f"编号:{shown_id(person.userid)}")
    if sent_as.casefold() != person.userid.casefold():
        lines.append(f"本次以另一个编号发来:{shown_id(sent_as)}")
    if duties:
        parts = (f"{duty.section}({LEVELS[duty.level]}{_part(duty)})" for duty in duties)
        lines.append(f"负责:{'、'.join(parts)}")
    substitute = office.roster.person(person.substitute) if person.substitute else None
    if person.role is Role.CHIEF:
        lines.append(f"备岗:{substitute.title if substitute else '(没有)'}")
    if person.userid in office.absent:
        lines.append("请假中,回来请发:销假")
    lines += [f"店铺:{shop.address} {shop.name}" for shop in office.roster.shops_of(person.userid)]
    return "\n".join(lines)


def _part(duty: Duty) -> str:
    return f" {duty.house_numbers}" if str(duty.house_numbers) else ""


def who_a_merchant_is(userid: str, shops: Sequence[Shop]) -> str:
    lines = [f"商户:{shop.address} {shop.name}" for shop in shops]
    return "\n".join([*lines, f"编号:{shown_id(userid)}"])


def who_knows(office: Office, userid: str) -> str:
    return (
        f"编号:{shown_id(userid)}\n名册里还没有您。商户请发:{how_to_say(office)}\n"
        "路长、督导请把编号告诉管理员,填到名册的「别名userid」一列。"
    )


def how_to_say(office: Office) -> str:
    """The example of 我是, with a shop's road of this roster."""
    roads = [section.name for section in office.roster.sections][:1] or ["益民路"]
    return f"我是 {roads[0]}28号 五金店"


def who_are_you(office: Office) -> str:
    """Under the first receipt of somebody unknown, once."""
    return f"请问您是哪家店?回复:{how_to_say(office)},以后不用再写地址(@{office.bot_name})"


def say_where(office: Office) -> str:
    return f"请写清路名、门牌和店名,例如:{how_to_say(office)}"


def is_yours_already(shop: Shop) -> str:
    return f"您已经绑定 {shop.address} {shop.name},不用再绑。"


def known_already(person: Person) -> str:
    return f"您在名册里是 {person.title},不用再绑。要改请告诉管理员。"


def several_of_that_name(name: str) -> str:
    return f"名册里没有唯一的「{plain(name, 20)}」。请把「我是谁」里的编号告诉管理员。"


def asked(where: str, approver: str) -> str:
    return f"已请 {approver} 确认您是 {where},确认后告诉您。这期间照样可以上报。"


def nobody_to_ask(where: str) -> str:
    return f"{where} 现在没有路长可以确认,请联系管理员。"


def asks_shop(where: str, userid: str, before: str) -> str:
    also = f"\n⚠ 该店已绑定{_known_as(before)},同意后两个账号都算该店。" if before else ""
    return f"有商户说自己是 {where}({_known_as(userid)})。是本人吗?{also}"


def asks_person(name: str, userid: str) -> str:
    return f"有人说自己是 {name}({_known_as(userid)})。是本人吗?同意后该账号与 {name} 视为一人。"


def _known_as(userid: str) -> str:
    """By what an approver may know an account; a follower's id tells him nothing."""
    return UNNAMED if openid_of(userid) else f"编号 {shown_id(userid)}"


def agreed(where: str) -> str:
    return f"已绑定:{where}"


def agreed_to_you(where: str) -> str:
    return f"已确认您是 {where}。以后上报不用再写地址。"


def refused(where: str) -> str:
    return f"已答复:不是 {where},没有绑定。"


def refused_to_you(where: str) -> str:
    return f"对方答复您不是 {where},没有绑定。如有误请联系管理员。"


def nothing_to_agree() -> str:
    return "没有等您确认的绑定。"


def which_binding(rows: Sequence[str]) -> str:
    return "\n".join(["同意哪一个?请带店名或编号,例如:同意绑定 五金店", *rows])


def taken_meanwhile(where: str) -> str:
    return f"{where} 的情况有变(路段或人员已不在名册),没有绑定,请对方重发「我是 …」。"
