"""From what is meant to whom it goes: each message becomes calls to addresses, cut to the platform's sizes.

An answer goes once, whole, through the address of its own message; everything else to a person 1:1 where he
can be reached so, otherwise to the group with a mention (``ways``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from domain.clock import BusinessTime
from domain.dispatching import CHANNEL as DISPATCH
from domain.dispatching import source_of
from domain.followers import openid_of
from domain.message_size import split
from domain.messages import IncomingMessage
from domain.office import Office
from domain.outgoing import (
    CONNECTED,
    MAX_ATTACHED,
    MAX_BYTES,
    Address,
    Draft,
    Outgoing,
    Purpose,
    RouteKind,
    ToCard,
    ToGroup,
    ToPerson,
    ToWriter,
    look_buttons,
)
from domain.quiet import held_until as own_quiet_until
from domain.roster import Role
from handlers import sentences


def group_address(office: Office, chat_id: str) -> Address:
    """The group's push robot, which can mention people; where it has none, the robot's own connection."""
    itself = office.reach.connect and chat_id not in office.reach.keyed
    return Address("chat" if itself else "webhook", chat_id)


def ways(office: Office, to: ToPerson) -> tuple[Address, ...]:
    """All ways to a person, the best first: the 公众号 where he wrote lately; the app; the robot 1:1, where
    he has spoken to it; the group, with a mention; at last the 公众号, when he next writes there. What he
    said in private is told in no group where there is a private way."""
    who = to.userid
    if source_of(who) is not None:
        return ()  # another system hears by its own webhook, or asks
    member, openid, spoken = office.member_id(who), office.openid(who), office.spoken_as(who)
    found: list[Address] = []
    if openid and openid in office.reach.talking:
        found.append(Address("mp", openid))
    if office.app and member:
        found.append(Address("app", member))
    elif spoken:
        found.append(Address("direct", spoken))
    if to.group and member and not (to.private and (openid or found)):
        found.append(group_address(office, to.group))
    if openid and (to.private or not member):
        found.append(Address("mp", openid))
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Router:
    """Routes what is said at one business time; ``message`` is the one being answered, if any."""

    office: Office
    now: BusinessTime
    message: IncomingMessage | None = None

    def drafts(self, messages: Iterable[Outgoing]) -> list[Draft]:
        """The calls to make, in order. What can reach nobody makes none, and nothing goes into a group that
        is not part of the pilot."""
        drafts = (draft for outgoing in messages for draft in self._one(outgoing))
        return [kept for draft in drafts if (kept := written(self.office, draft)) is not None]

    def _one(self, outgoing: Outgoing) -> list[Draft]:
        if outgoing.attachment is not None:
            return self._attached(outgoing)
        match outgoing.to:
            case ToWriter():
                return self._answer(outgoing)
            case ToPerson():
                return self._to_person(outgoing, outgoing.to)
            case ToGroup(chat_id, mentions):
                return self._push(outgoing, chat_id, mentions)
            case ToCard():
                return self._on_card(outgoing)

    def _attached(self, outgoing: Outgoing) -> list[Draft]:
        """A picture or file: never through a reply address, which takes none; what is for one person never
        goes to a group instead."""
        addresses: tuple[Address, ...] = ()
        match outgoing.to:
            case ToGroup(chat_id, _):
                addresses = (group_address(self.office, chat_id),)
            case ToPerson(userid):
                addresses = ways(self.office, ToPerson(userid, None))
            case ToWriter():
                addresses = self._where_it_was_said()
            case ToCard():
                pass
        kind = outgoing.attachment.kind if outgoing.attachment else "file"
        address = next((each for each in addresses if (each.route, kind) in MAX_ATTACHED), None)
        if address is None:
            return []
        return [replace(self._draft(outgoing, address, outgoing.text), attachment=outgoing.attachment)]

    def _chat_of_writer(self) -> Address | None:
        """Where an answer goes that cannot go through the address of its message."""
        if self.message is None or self.message.channel == DISPATCH:
            return None
        chat, connected = self.message.chat, self.message.reply_by in CONNECTED
        if chat.kind == "group":
            return group_address(self.office, chat.id)
        if openid := openid_of(chat.id):
            return Address("mp", openid)
        return Address("direct" if connected and self.office.reach.connect else "app", chat.id)

    def _where_it_was_said(self) -> tuple[Address, ...]:
        """The same, for a file: there, else by another way to its writer; nothing where there is none."""
        address = self._chat_of_writer()
        if self.message is None or address is None:
            return ()
        missing = address.route == "app" and not self.office.app
        others = () if address.in_group else ways(self.office, ToPerson(self.message.sender, None))
        return others if missing else (address, *others)

    def _on_card(self, outgoing: Outgoing) -> list[Draft]:
        """What stands on the pressed card instead of its buttons; the platform's handle is good for once."""
        message = self.message
        if message is None or message.button is None or not message.button.response_code:
            return []
        by_robot = message.reply_by == "update"
        address = Address("update" if by_robot else "card", message.button.response_code)
        draft = replace(self._draft(outgoing, address, outgoing.text), mentions=(message.sender,))
        return [replace(draft, buttons=look_buttons(outgoing.issue)) if by_robot else draft]

    def _answer(self, outgoing: Outgoing) -> list[Draft]:
        message, instead = self.message, self._chat_of_writer()
        if message is None or instead is None:
            return []
        in_group = message.chat.kind == "group"
        if in_group and not self.office.may_write_to(message.chat.id):
            return self._quietly(outgoing, message.sender)
        if not in_group:
            outgoing = replace(outgoing, text=_without_at(self.office, outgoing.text))
        if message.reply_to is None:
            said, *further = self._elsewhere(outgoing, instead)
            return [replace(said, mentions=self._writer() if in_group else ()), *further]
        address = Address(message.reply_by, message.reply_to)
        first, *rest = split(outgoing.text, MAX_BYTES[address.route], _continued(outgoing.issue))
        reply = replace(self._draft(outgoing, address, first), payer=_payer(message))
        more = (replace(outgoing, text=part) for part in rest)
        return [
            replace(reply, fallback=instead if address.route != "welcome" else None),
            *(draft for each in more for draft in self._elsewhere(each, instead)),
        ]

    def _writer(self) -> tuple[str, ...]:
        """Whom an answer is for that cannot quote his message, as far as he can be mentioned."""
        sender, roster = self.message.sender if self.message else "", self.office.roster
        known = roster.person(sender) is not None or roster.shop_of(sender) is not None
        member = self.office.member_id(sender) if known else None
        return (member,) if member else ()

    def _quietly(self, outgoing: Outgoing, sender: str) -> list[Draft]:
        """In a group that is read only, administrators are answered 1:1; they are the ones who set it up."""
        person = self.office.roster.person(sender)
        if person is None or person.role is not Role.ADMINISTRATOR:
            return []
        return [
            draft
            for way in ways(self.office, ToPerson(sender, None))[:1]
            for draft in self._cut(outgoing, way)
        ]

    def _elsewhere(self, outgoing: Outgoing, address: Address) -> list[Draft]:
        """An answer that cannot go through the address of its message."""
        return self._cut(
            replace(outgoing, text=self.for_group(outgoing, address.route)) if address.in_group else outgoing,
            address,
        )

    def _to_person(self, outgoing: Outgoing, to: ToPerson) -> list[Draft]:
        first, fallback = (*ways(self.office, to), None, None)[:2]
        if first is None:
            return []
        mentions = (self.office.member_id(to.userid) or to.userid,)
        if first.in_group:
            return self._push(outgoing, first.target, mentions)
        drafts = self._cut(outgoing, first)
        drafts[-1] = replace(drafts[-1], buttons=outgoing.buttons)
        return [replace(draft, fallback=fallback, mentions=mentions) for draft in drafts]

    def _push(self, outgoing: Outgoing, chat_id: str, mentions: tuple[str, ...]) -> list[Draft]:
        address = group_address(self.office, chat_id)
        drafts = self._cut(replace(outgoing, text=self.for_group(outgoing, address.route)), address)
        end = footer(self.office, address.route, outgoing.reply_with) if len(drafts) == 1 else ""
        return [
            replace(draft, mentions=mentions if index == 0 else (), footer=end)
            for index, draft in enumerate(drafts)
        ]

    def for_group(self, outgoing: Outgoing, route: RouteKind) -> str:
        """The text as a group sees it: how to answer, and that the push robot cannot hear."""
        return with_footer(outgoing.text, footer(self.office, route, outgoing.reply_with))

    def _cut(self, outgoing: Outgoing, address: Address) -> list[Draft]:
        parts = split(outgoing.text, MAX_BYTES[address.route], _continued(outgoing.issue))
        return [replace(self._draft(outgoing, address, part), whole=len(parts) == 1) for part in parts]

    def _draft(self, outgoing: Outgoing, address: Address, text: str) -> Draft:
        return Draft(
            address,
            text,
            outgoing.purpose,
            outgoing.danger,
            issue=outgoing.issue,
            held_until=self._held_until(outgoing),
        )

    def _held_until(self, outgoing: Outgoing) -> BusinessTime | None:
        """The end of the quiet hours of whoever is addressed; answers and danger are never held."""
        if outgoing.purpose is Purpose.ANSWER or outgoing.danger:
            return None
        earliest = max(self.now, outgoing.not_before or self.now)
        chat_id, userid = _whom(outgoing)
        until = quiet_until(self.office, chat_id, userid, earliest)
        return until if until > self.now else None


def _whom(outgoing: Outgoing) -> tuple[str | None, str | None]:
    """The chat and the person who are addressed."""
    if isinstance(outgoing.to, ToPerson):
        return outgoing.to.group, outgoing.to.userid
    return (outgoing.to.chat_id if isinstance(outgoing.to, ToGroup) else None), None


def quiet_until(office: Office, chat_id: str | None, userid: str | None, t: BusinessTime) -> BusinessTime:
    """``t``, or the end of the quiet hours of whoever is addressed. Whose duty (值班) decides: that of the
    group, else of the person's own unit. Somebody's own quiet hours (免打扰) are added to them."""
    group = office.roster.group(chat_id) if chat_id else None
    person = office.roster.person(userid) if userid and chat_id is None else None
    subdistrict = person.unit if person else group.subdistrict if group else ""
    quiet = office.clocks(subdistrict).quiet
    own = office.own_quiet.get(userid) if userid else None
    until = quiet.held_until(t)
    if own is not None:
        for _ in range(2):  # the one may end within the other
            until = quiet.held_until(own_quiet_until(until, own, office.rules.timezone))
    return until


def _without_at(office: Office, text: str) -> str:
    """1:1 nobody has to name the robot for his answer to be heard."""
    return text.replace(f"(@{office.bot_name})", "")


def _payer(message: IncomingMessage) -> Address | None:
    """An answer to a frame counts with everything else that is said in its chat."""
    if message.reply_by not in CONNECTED:
        return None
    return Address("chat" if message.chat.kind == "group" else "direct", message.chat.id)


def footer(office: Office, route: RouteKind, reply_with: str) -> str:
    """What a message to a group ends with: how to answer, and that the push robot cannot hear."""
    how = [sentences.how_to_reply(office, reply_with)] if reply_with else []
    deaf = [sentences.no_reply_here(office)] if route == "webhook" and not office.archive else []
    return "\n".join([*how, *deaf])


def with_footer(text: str, end: str) -> str:
    """``text``, and below it how it ends."""
    return f"{text}\n{end}" if end else text


def _continued(issue: int | None) -> str:
    """The first line of every further part, so that each names its issue."""
    return f"#{issue} (续)" if issue is not None else ""


def written(office: Office, draft: Draft) -> Draft | None:
    """The draft as far as it may be written: no group outside the pilot, neither first nor as a fallback."""

    def forbidden(address: Address | None) -> bool:
        return address is not None and address.in_group and not office.may_write_to(address.target)

    if forbidden(draft.address):
        return None
    return replace(draft, fallback=None) if forbidden(draft.fallback) else draft


def open_way(office: Office, address: Address) -> Address | None:
    """The way that leads now where an address led when it was chosen: meanwhile a push key may have come or
    gone, or the robot may have changed between callback and connection (AIBOT_MODE). None: there is none."""
    if address.in_group:
        return group_address(office, address.target)
    if address.route == "direct" and not office.reach.connect:
        member = office.member_id(address.target)
        return Address("app", member) if office.app and member else None
    if address.route == "app" and not office.app:
        spoken = office.spoken_as(address.target)
        return Address("direct", spoken) if spoken else None
    return address


def fallen_back(office: Office, draft: Draft, instead: Address) -> list[Draft]:
    """The same word by another way, after its own address failed for good."""
    text, end = draft.text, ""
    if instead.in_group:
        end = footer(office, instead.route, draft.buttons[0].key if draft.buttons else "")
        text = with_footer(text, end)
    parts = split(text, MAX_BYTES[instead.route], _continued(draft.issue))
    whole = draft.whole and len(parts) == 1
    plain = replace(draft, address=instead, fallback=None, held_until=None, whole=whole, payer=None)
    plain = replace(plain, footer=end if whole else "")
    if instead.in_group:
        plain = replace(plain, buttons=())
    drafts = (
        replace(plain, text=part, mentions=draft.mentions if index == 0 else ())
        for index, part in enumerate(parts)
    )
    return [kept for each in drafts if (kept := written(office, each)) is not None]
