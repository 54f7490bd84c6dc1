"""Routes for the sandbox page (with SANDBOX=1, for this machine alone): the clock, and what lies behind."""

from __future__ import annotations

import ipaddress
import re
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from flask import Blueprint, abort, jsonify, request
from flask.typing import ResponseReturnValue

from bot.upcoming import upcoming
from bot.wake import Waker, Work
from config import Settings
from domain.clock import MachineTime
from domain.issues import STATE_NAMES
from domain.roster import GroupKind, Roster
from store import clock, events, inbox, issues, media, outbox
from store import roster as roster_store
from store.database import Database

TICK_WITHIN_S: Final = 30.0
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2099
_SPAN: Final = re.compile(r"(?:(\d{1,4})d)?(?:(\d{1,5})h)?(?:(\d{1,6})m)?(?:(\d{1,7})s)?")


def blueprint(database: Database, waker: Waker, settings: Settings) -> Blueprint:
    """The routes of design contract §4.3 that exist in a sandbox alone."""
    routes = Blueprint("sandbox", __name__, url_prefix="/sandbox")
    back = _LookBehind(database, settings)
    routes.before_request(_loopback_only)
    routes.add_url_rule("/clock", view_func=_clock_view(database, waker, settings), methods=["POST"])
    routes.add_url_rule("/messages/<path:msgid>", view_func=back.message)
    routes.add_url_rule("/issues/<int:number>", view_func=back.issue)
    routes.add_url_rule("/upcoming", view_func=back.upcoming)
    routes.add_url_rule("/roster", view_func=back.roster)
    return routes


def _loopback_only() -> None:
    """A proxy in front would make every caller look local, so a forwarded request is refused as well."""
    address = request.remote_addr or ""
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    try:
        local = ipaddress.ip_address(address).is_loopback
    except ValueError:
        local = False
    if forwarded or not local:
        abort(403)


def _clock_view(database: Database, waker: Waker, settings: Settings) -> Callable[[], ResponseReturnValue]:
    def move_clock() -> ResponseReturnValue:
        now = MachineTime(datetime.now(UTC))
        with database.write() as connection:
            present = clock.now(connection, now)
            target = _target(request.get_json(force=True, silent=True), present)
            if target is None:
                return jsonify(
                    error='expected {"advance":"1h30m"} or {"set":"2026-11-23T09:00:00+08:00"}'
                ), 400
            move = clock.move(connection, target - now)
        ticked = _wait_for_tick(database, waker, move)
        with database.read() as connection:
            moved = clock.now(connection, MachineTime(datetime.now(UTC)))
        return jsonify(now=moved.astimezone(settings.timezone).isoformat(), ticked=ticked)

    return move_clock


def _target(document: Any, present: datetime) -> datetime | None:
    """The asked-for business time, or None if the request does not say one that can be lived."""
    match document:
        case {"advance": str(text)}:
            target = _advanced(text.strip(), present)
        case {"set": str(text)}:
            target = _moment(text)
        case _:
            target = None
    return target if target is not None and FIRST_YEAR <= target.year <= LAST_YEAR else None


def _advanced(span: str, present: datetime) -> datetime | None:
    match_ = _SPAN.fullmatch(span)
    if match_ is None or not any(match_.groups()):
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in match_.groups())
    try:
        return present + timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError:
        return None


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _wait_for_tick(database: Database, waker: Waker, move: int) -> bool:
    """Whether a tick that saw this move of the clock ran to its end in time."""
    until = time.monotonic() + TICK_WITHIN_S
    while time.monotonic() < until:
        waker.wake(Work.TICK)
        time.sleep(0.05)
        with database.read() as connection:
            beat = clock.last_beat(connection, "tick")
        if beat is not None and beat[1] >= move:
            return True
    return False


class _LookBehind:
    """What the sandbox page shows behind a message or an issue."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings

    def message(self, msgid: str) -> ResponseReturnValue:
        """The decrypted message, how it was understood, and what was sent because of it."""
        with self._database.read() as connection:
            record = inbox.find_by_msgid(connection, msgid)
            if record is None:
                return jsonify(error="unknown message"), 404
            sent = outbox.of_message(connection, record.id)
        return jsonify(
            message=asdict(record.message),
            state=record.state,
            outcome=record.outcome,
            reading=record.detail,
            outbox=sent,
        )

    def issue(self, number: int) -> ResponseReturnValue:
        """The issue, its history, its pictures, and what was sent about it."""
        with self._database.read() as connection:
            issue = issues.get(connection, number)
            if issue is None:
                return jsonify(error="unknown issue"), 404
            history = events.history(connection, number)
            pictures = media.of_issue(connection, number)
            sent = outbox.of_issue(connection, number)
        return jsonify(
            issue=_jsonable(asdict(issue)) | {"state_zh": STATE_NAMES[issue.state]},
            history=[_jsonable(asdict(event)) for event in history],
            pictures=[asdict(picture) for picture in pictures],
            outbox=sent,
        )

    def upcoming(self) -> ResponseReturnValue:
        """What happens next, the soonest first (``bot.upcoming``)."""
        with self._database.read() as connection:
            now = clock.now(connection, MachineTime(datetime.now(UTC)))
        steps = upcoming(self._database, self._settings, now)
        quiet = [f"{moment:%H:%M}" for moment in self._settings.quiet_hours]
        return jsonify(now=now.isoformat(), quiet_hours=quiet, steps=steps)

    def roster(self) -> ResponseReturnValue:
        """Groups (with push keys: this is a sandbox), people, shops and sections."""
        with self._database.read() as connection:
            current = roster_store.current(connection)
            roster = current[1] if current else Roster()
            keys = {
                group.chat_id: roster_store.push_key(connection, group.chat_id) for group in roster.groups
            }
        return jsonify(_roster_document(roster, keys))


def _roster_document(roster: Roster, keys: dict[str, str | None]) -> dict[str, Any]:
    return {
        "groups": [
            {
                "chat_id": group.chat_id,
                "name": group.name,
                "kind": "street" if group.kind is GroupKind.STREET else "supervisor",
                "sections": list(group.sections),
                "subdistrict": group.subdistrict,
                "push_key": keys[group.chat_id],
            }
            for group in roster.groups
        ],
        "people": [
            {
                "userid": person.userid,
                "name": person.name,
                "role": person.role.value,
                "level": person.level,
                "unit": person.unit,
                "substitute": person.substitute,
                "sections": list(dict.fromkeys(duty.section for duty in roster.duties_held(person.userid))),
            }
            for person in roster.people
        ],
        "shops": [
            {
                "name": shop.name,
                "section": shop.section,
                "house_number": shop.house_number,
                "userid": shop.userid,
                "short_name": shop.short_name,
            }
            for shop in roster.shops
        ],
        "sections": [
            {"name": section.name, "subdistrict": section.subdistrict} for section in roster.sections
        ],
    }


def _jsonable(values: dict[str, Any]) -> dict[str, Any]:
    def plain(value: Any) -> Any:
        if isinstance(value, datetime):
            return value.isoformat()
        if isinstance(value, timedelta):
            return value.total_seconds()
        if isinstance(value, frozenset):
            return sorted(value)
        return value

    return {name: plain(value) for name, value in values.items()}
