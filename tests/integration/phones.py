"""Followers of the 公众号 with their phones, beside the group of their street: what each gets to see.

Their messages come as the platform posts them and pass the real callback; what goes out is kept by recording
senders. Nothing is sent by the clock: a word is said, handled, and all that may leave leaves.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

from sqlalchemy import insert, select, update

from bot.mp.callback import MpCallback
from domain.clock import BusinessTime
from domain.errors import SendError
from domain.messages import Chat, IncomingMessage
from domain.outgoing import MAX_BYTES, Delivery
from store import clock, condition, followers
from store.acceptor import Acceptor
from store.arrivals import Acceptance, Arrival
from store.database import Database
from store.tables import followers as follower_rows
from store.tables import inbox as inbox_rows
from store.tables import outbox as outbox_rows
from store.tables import sendings
from tests.integration.office_work import share_language
from tests.integration.world import RecordingSender, parts, put_roster_in_force
from tests.unit.handlers.town import MORNING
from workers import bootstrap, deliver_outbox, process_inbox, run_tick
from workers.bootstrap import Parts, machine_now

GROUP = "g-yimin"


class Street:
    """The town of ``tests.unit.handlers.town``: without the app, so that chiefs are told in the group."""

    def __init__(self, database: Database, media: Path, *, app: bool = False) -> None:
        put_roster_in_force(database)
        self.database = database
        made, self.senders = parts(database, app=app, mp=True, sandbox=True, media=media)
        self.parts: Parts = made
        share_language(self.parts)
        assert made.settings.mp is not None
        self._callback = MpCallback(made.settings.mp)
        self._token = made.settings.mp.token
        self._acceptor = Acceptor(database, 1000, lambda _: None, sandbox=True)
        self._numbers = count(1)
        self.at(MORNING)

    def at(self, moment: BusinessTime) -> None:
        """The business clock is moved."""
        with self.database.write() as connection:
            clock.move(connection, timedelta(seconds=moment.timestamp() - machine_now().timestamp()))

    # --- what people do -----------------------------------------------------------------------------------

    def writes(self, openid: str, text: str, **fields: str) -> list[str]:
        """A follower writes; what his phone shows then."""
        return self._post(openid, MsgType="text", Content=text, MsgId=str(next(self._numbers)), **fields)

    def arrives(self, openid: str, text: str) -> None:
        """The same, while something is being sent; what is said then waits."""
        number = str(next(self._numbers))
        message = IncomingMessage(
            "mp", f"mp:{number}", Chat("single", f"mp:{openid}"), f"mp:{openid}", "text", text
        )
        self._accept(message, number)

    def taps(self, openid: str, line: str) -> list[str]:
        """He taps a line of a message."""
        return self.writes(openid, line, bizmsgmenuid="1")

    def event(self, openid: str, name: str, key: str = "") -> list[str]:
        """He follows, scans, leaves, or presses the menu."""
        return self._post(openid, MsgType="event", Event=name, EventKey=key, Ticket=str(next(self._numbers)))

    def posts(self, openid: str, **fields: str) -> list[str]:
        """Any other message of his."""
        return self._post(openid, MsgId=str(next(self._numbers)), **fields)

    def says(self, who: str, text: str, group: str | None = GROUP) -> str:
        """A member speaks in the group, or 1:1 by the app; what he is answered."""
        key = f"aibot:b:{next(self._numbers)}"
        chat = Chat("group", group) if group else Chat("single", who)
        channel, reply_to = ("aibot", f"https://reply/{key}") if group else ("app_channel", None)
        message = IncomingMessage(channel, key, chat, who, "text", text, reply_to=reply_to)
        self._take(message, key)
        return "\n".join(self._news("reply" if group else "app", reply_to or who))

    def tick(self) -> None:
        """What is due by the business clock is said."""
        run_tick.tick(self.parts)
        deliver_outbox.deliver(self.parts)

    # --- what they see ------------------------------------------------------------------------------------

    def phone(self, openid: str) -> list[str]:
        """What a follower's phone shows since the last look."""
        return self._news("mp", openid)

    def shown(self, openid: str) -> list[Delivery]:
        """All that his phone ever showed."""
        return [each for each in self.senders["mp"].sent if each.target == openid]

    def in_group(self, group: str = GROUP) -> str:
        """What the push robot said since the last look."""
        return "\n".join(self._news("webhook", group))

    def rows(self, openid: str) -> list[tuple[str, str]]:
        """State and first line of everything written for a follower."""
        mine = select(outbox_rows).where(outbox_rows.c.target == openid).order_by(outbox_rows.c.id)
        with self.database.read() as connection:
            return [(row.state, row.text.partition("\n")[0]) for row in connection.execute(mine)]

    def outcome(self) -> str | None:
        """What the last message came to."""
        with self.database.read() as connection:
            last = select(inbox_rows.c.outcome).order_by(inbox_rows.c.id.desc()).limit(1)
            return connection.execute(last).scalar()

    # --- what happens to them -----------------------------------------------------------------------------

    def two_days_pass(self, openid: str) -> None:
        """As if his last word were 48 h old by the machine clock, on which the platform counts."""
        ago = {"spoke_at": machine_now() - timedelta(hours=48), "tapped_at": None}
        mine = follower_rows.c.openid == openid
        with self.database.write() as connection:
            connection.execute(update(follower_rows).where(mine).values(**ago))

    def used_up(self, openid: str) -> None:
        """As if his five messages were sent."""
        with self.database.write() as connection:
            spent = {"route": "mp", "target": openid, "at": machine_now()}
            connection.execute(insert(sendings), [spent] * 5)

    def ages(self, openid: str, span: timedelta) -> None:
        """As if what was written for him were so old."""
        mine = outbox_rows.c.target == openid
        with self.database.write() as connection:
            connection.execute(update(outbox_rows).where(mine).values(created_at=machine_now() - span))

    def platform_says(self, error: SendError | None) -> None:
        """Every call for followers is refused so; None: taken again."""
        self.senders["mp"].fault = lambda _: error

    def template(self) -> RecordingSender:
        """From now on there is a template for 订阅通知; what is sent by it."""
        knocks = RecordingSender(MAX_BYTES["mp_notice"])
        self.senders["mp_notice"] = knocks
        return knocks

    def deliver(self) -> None:
        deliver_outbox.deliver(self.parts)

    def room(self, openid: str) -> int:
        with self.database.read() as connection:
            return followers.room(connection, openid, machine_now())

    def figure(self, name: str) -> float:
        """What an operator sees."""
        found = condition.look(self.database, machine_now()).figures
        return next(value for each, _, value in found if each == name)

    # --- how it is done -----------------------------------------------------------------------------------

    def _post(self, openid: str, **fields: str) -> list[str]:
        frame = {"ToUserName": "gh_office", "FromUserName": openid, "CreateTime": "1795424400"}
        whole = {**frame, **fields}.items()
        body = f"<xml>{''.join(f'<{name}><![CDATA[{value}]]></{name}>' for name, value in whole)}</xml>"
        stamp, nonce = str(int(machine_now().timestamp())), f"n{next(self._numbers)}"
        signed = "".join(sorted([self._token, stamp, nonce])).encode()
        signature = hashlib.sha1(signed, usedforsecurity=False).hexdigest()
        query = {"signature": [signature], "timestamp": [stamp], "nonce": [nonce]}
        received = self._callback.receive(query, body.encode(), bootstrap.machine_now())
        self._take(received.message, nonce)
        return self.phone(openid)

    def _take(self, message: IncomingMessage, nonce: str) -> None:
        self._accept(message, nonce)
        deliver_outbox.deliver(self.parts)

    def _accept(self, message: IncomingMessage, nonce: str) -> None:
        arrival = Arrival(message, nonce, nonce.encode().ljust(32))
        assert self._acceptor.accept(arrival) is Acceptance.NEW
        process_inbox.drain(self.parts)

    def _news(self, route: str, target: str) -> list[str]:
        sender = self.senders[route]  # type: ignore[index]
        mine = [each for each in sender.sent if each.target == target]
        sender.sent = [replace(each, key="seen") if each in mine else each for each in sender.sent]
        return [each.text for each in mine if each.key != "seen"]
