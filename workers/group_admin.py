"""Groups on the command line: which there are, their push keys, the notice on privacy. Prints in Chinese."""

from __future__ import annotations

import sys
from getpass import getpass

from bot.roster.rules import push_key_in
from domain.errors import LuguanjiaError
from domain.office import Office
from domain.outgoing import Outgoing, Purpose, ToGroup
from domain.roster import Group
from domain.roster_binding import without_group
from handlers.binding import consent_slot
from handlers.routing import Router
from handlers.sentences import binding as say
from store import outbox
from store import roster as roster_store
from store.desk import DatabaseDesk
from workers.bootstrap import Parts, machine_now


class GroupError(LuguanjiaError):
    """Why nothing was done, as a sentence."""


def list_groups(parts: Parts) -> None:
    """Every group with its places, whether it has a key, and whether it is written to."""
    office = parts.office()
    with parts.database.read() as connection:
        keys = roster_store.push_key_ids(connection)
    if not office.roster.groups:
        print("还没有登记的群。请管理员在群里发:@机器人 绑定 路段名")
    for group in office.roster.groups:
        places = "、".join(group.sections) or group.subdistrict
        key = "有key" if group.chat_id in keys else "无key"
        pilot = "" if office.may_write_to(group.chat_id) else " 非试点(只收不发)"
        print(f"{group.chat_id}\t{group.kind}\t{group.name}\t{places}\t{key}{pilot}")
    for chat_id in sorted(keys - {group.chat_id for group in office.roster.groups}):
        print(f"{chat_id}\t(有key,但名册里没有这个群)")


def store_key(parts: Parts, chat_id: str) -> None:
    """Keep the push key of a group, read from the terminal without showing it, or from standard input. It is
    never shown again. Raises ``GroupError``."""
    said = getpass("推送 key 或 Webhook 地址(不会显示):") if sys.stdin.isatty() else sys.stdin.readline()
    key = push_key_in(said.strip())
    if key is None:
        raise GroupError("不是推送 key,没有保存。请从群「消息推送」的 Webhook 地址里复制 key= 后面的部分")
    group = parts.office().roster.group(chat_id)
    with parts.database.write() as connection:
        other = roster_store.group_with_key(connection, key)
        if other not in {None, chat_id}:
            raise GroupError(f"这个 key 已属于群 {other},没有保存。每个群有自己的推送 key,请核对")
        roster_store.set_push_key(connection, chat_id, key)
    print(f"已保存 {group.name if group else chat_id} 的推送 key(以后不再显示)。")
    if group is None:
        print("提醒:名册里还没有这个群,请管理员在群里发:@机器人 绑定 路段名")


def remove(parts: Parts, chat_id: str) -> None:
    """The group is no longer registered, and its key is forgotten. Raises ``GroupError``."""
    with parts.database.write() as connection:
        roster_store.take_turn(connection)
        current = roster_store.current(connection)
        if current is None or current[1].group(chat_id) is None:
            raise GroupError(f"名册里没有群 {chat_id}。可用 python -m bot group list 查看")
        version, roster = current
        source = f"取消登记群 {chat_id}"
        roster_store.amend(connection, version, without_group(roster, chat_id), source, machine_now())
        roster_store.forget_push_key(connection, chat_id)
    print("已取消登记,推送 key 已删除。名册文件里如有这一行,也请删去。")


def tell(parts: Parts, *, sure: bool) -> None:
    """Send the notice on privacy to every group that has not heard it; says where before it does."""
    office, now = parts.office(), machine_now()
    with parts.database.read() as connection:
        keys = roster_store.push_key_ids(connection)
    groups = [
        group
        for group in office.roster.groups
        if group.chat_id in keys and office.may_write_to(group.chat_id)
    ]
    print(f"将向还没有告知过的群各发一条隐私告知(最多 {len(groups)} 个群):\n{say.consent(office)}")
    if not sure and input("发送吗?(y/N) ").strip().lower() != "y":
        print("没有发送。")
        return
    with parts.database.write() as connection:
        desk = DatabaseDesk(connection, office, parts.business_now(connection, now), now)
        told = [group for group in groups if desk.once(consent_slot(office, group.chat_id))]
        drafts = Router(office, desk.now).drafts([_notice(office, group) for group in told])
        outbox.add(connection, drafts, now)
    print(f"已排队 {len(told)} 个群:{'、'.join(group.name for group in told) or '(都告知过了)'}")


def _notice(office: Office, group: Group) -> Outgoing:
    return Outgoing(ToGroup(group.chat_id), say.consent(office), Purpose.NOTICE)
