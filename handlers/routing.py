"""From what is meant to whom it goes: each message becomes calls to addresses, cut to the platform's sizes.

An answer goes once, whole, through the address of its own message; everything else 1:1 by the app where the
person can be reached so, otherwise through the group's push robot with a mention.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from domain.clock import BusinessTime
from domain.message_size import split
from domain.messages import IncomingMessage
from domain.office import Office
from domain.outgoing import MAX_BYTES, Address, Draft, Outgoing, Purpose, ToCard, ToGroup, ToPerson, ToWriter
from domain.quiet import held_until as own_quiet_until
from domain.roster import Role
from handlers import sentences


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
            case ToPerson(userid, group):
                return self._to_person(outgoing, userid, group)
            case ToGroup(chat_id, mentions):
                return self._push(outgoing, chat_id, mentions)
            case ToCard():
                return self._on_card(outgoing)

    def _attached(self, outgoing: Outgoing) -> list[Draft]:
        """A picture or file: never through a reply address, which takes none; 1:1 only by the app, and what
        is for one person never goes to a group instead."""
        address: Address | None = None
        match outgoing.to:
            case ToGroup(chat_id, _):
                address = Address("webhook", chat_id)
            case ToPerson(userid, _):
                address = Address("app", userid)
            case ToWriter():
                address = self._chat_of_writer()
            case ToCard():
                pass
        if address is None or (address.route == "app" and not self.office.app):
            return []
        return [replace(self._draft(outgoing, address, outgoing.text), attachment=outgoing.attachment)]

    def _chat_of_writer(self) -> Address | None:
        if self.message is None:
            return None
        chat = self.message.chat
        return Address("webhook", chat.id) if chat.kind == "group" else Address("app", chat.id)

    def _on_card(self, outgoing: Outgoing) -> list[Draft]:
        """What stands on the pressed card instead of its buttons; the platform's handle is good for once."""
        message = self.message
        if message is None or message.button is None or not message.button.response_code:
            return []
        draft = self._draft(outgoing, Address("card", message.button.response_code), outgoing.text)
        return [replace(draft, mentions=(message.sender,))]

    def _answer(self, outgoing: Outgoing) -> list[Draft]:
        message, instead = self.message, self._chat_of_writer()
        if message is None or instead is None:
            return []
        in_group = message.chat.kind == "group"
        if in_group and not self.office.may_write_to(message.chat.id):
            return self._quietly(outgoing, message.sender)
        if message.reply_to is None:
            return self._elsewhere(outgoing, instead)
        first, *rest = split(outgoing.text, MAX_BYTES["reply"], _continued(outgoing.issue))
        reply = self._draft(outgoing, Address("reply", message.reply_to), first)
        more = (replace(outgoing, text=part) for part in rest)
        return [
            replace(reply, fallback=instead),
            *(draft for each in more for draft in self._elsewhere(each, instead)),
        ]

    def _quietly(self, outgoing: Outgoing, sender: str) -> list[Draft]:
        """In a group that is read only, administrators are answered 1:1; they are the ones who set it up."""
        person = self.office.roster.person(sender)
        known = person is not None and person.role is Role.ADMINISTRATOR and self.office.app
        return self._cut(outgoing, Address("app", person.userid)) if known and person else []

    def _elsewhere(self, outgoing: Outgoing, address: Address) -> list[Draft]:
        """An answer that cannot go through the address of its message."""
        pushed = address.route == "webhook"
        return self._cut(replace(outgoing, text=self.for_group(outgoing)) if pushed else outgoing, address)

    def _to_person(self, outgoing: Outgoing, userid: str, group: str | None) -> list[Draft]:
        if not self.office.app:
            return self._push(outgoing, group, (userid,)) if group else []
        fallback = Address("webhook", group) if group else None
        drafts = self._cut(outgoing, Address("app", userid))
        drafts[-1] = replace(drafts[-1], buttons=outgoing.buttons)
        return [replace(draft, fallback=fallback, mentions=(userid,)) for draft in drafts]

    def _push(self, outgoing: Outgoing, chat_id: str, mentions: tuple[str, ...]) -> list[Draft]:
        drafts = self._cut(replace(outgoing, text=self.for_group(outgoing)), Address("webhook", chat_id))
        footer = self._footer(outgoing) if len(drafts) == 1 else ""
        return [
            replace(draft, mentions=mentions if index == 0 else (), footer=footer)
            for index, draft in enumerate(drafts)
        ]

    def for_group(self, outgoing: Outgoing) -> str:
        """The text as a group sees it: how to answer, and that the push robot cannot hear."""
        return f"{outgoing.text}\n{self._footer(outgoing)}"

    def _footer(self, outgoing: Outgoing) -> str:
        return footer(self.office, outgoing.reply_with)

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


def footer(office: Office, reply_with: str) -> str:
    """What a message by the push robot ends with."""
    how = [sentences.how_to_reply(office, reply_with)] if reply_with else []
    return "\n".join([*how, sentences.no_reply_here(office)])


def _continued(issue: int | None) -> str:
    """The first line of every further part, so that each names its issue."""
    return f"#{issue} (续)" if issue is not None else ""


def written(office: Office, draft: Draft) -> Draft | None:
    """The draft as far as it may be written: no group outside the pilot, neither first nor as a fallback."""

    def forbidden(address: Address | None) -> bool:
        in_group = address is not None and address.route == "webhook"
        return in_group and address is not None and not office.may_write_to(address.target)

    if forbidden(draft.address):
        return None
    return replace(draft, fallback=None) if forbidden(draft.fallback) else draft


def fallen_back(office: Office, draft: Draft, instead: Address) -> list[Draft]:
    """The same word by another way, after its own address failed for good."""
    text, end = draft.text, ""
    if instead.route == "webhook":
        end = footer(office, draft.buttons[0].key if draft.buttons else "")
        text = f"{text}\n{end}"
    parts = split(text, MAX_BYTES[instead.route], _continued(draft.issue))
    whole = draft.whole and len(parts) == 1
    plain = replace(draft, address=instead, fallback=None, held_until=None, whole=whole)
    plain = replace(plain, footer=end if whole else "")
    if instead.route == "webhook":
        plain = replace(plain, buttons=())
    drafts = (
        replace(plain, text=part, mentions=draft.mentions if index == 0 else ())
        for index, part in enumerate(parts)
    )
    return [kept for each in drafts if (kept := written(office, each)) is not None]
