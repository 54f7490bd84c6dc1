"""The last look at what is about to leave: is it still true, may it be said now, what is said together."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from domain import gathering
from domain.clock import BusinessTime, MachineTime
from domain.gathering import Word
from domain.issues import Issue
from domain.office import Office
from domain.outgoing import TO_PERSON, Delivery, Purpose
from handlers import leaving
from handlers.leaving import Pushes
from store import issues, outbox
from store.outbox import Parcel
from workers.bootstrap import Parts, machine_now

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ready:
    """What is said now: one call, for one row or for several."""

    parcels: tuple[Parcel, ...]
    delivery: Delivery


def examined(parts: Parts, parcels: Sequence[Parcel]) -> Ready | None:
    """What is left to say of rows that leave together; the others are void or held, with a record."""
    if not parcels or all(parcel.draft.purpose is Purpose.ANSWER for parcel in parcels):
        return Ready(tuple(parcels), parcels[0].delivery) if parcels else None
    office = parts.office()
    with parts.database.write() as connection:
        look = _Look(connection, office, parts.business_now(connection, machine_now()), machine_now())
        return look.examine(parcels)


@dataclass(frozen=True)
class _Look:
    connection: Connection
    office: Office
    now: BusinessTime
    machine: MachineTime

    def examine(self, parcels: Sequence[Parcel]) -> Ready | None:
        found = issues.of_numbers(self.connection, {each.draft.issue for each in parcels if each.draft.issue})
        about = {each.id: found.get(each.draft.issue or 0) for each in parcels}
        refused = self._refused(parcels, about)
        kept = [each for each in parcels if each.id not in refused]
        if not kept:
            return None
        lead = replace(kept[0], joined=False)
        words = self._words(kept, about)
        anew = any(word.stale for word in words)
        if len(words) < len(kept) or (len(kept) == 1 and not anew):
            for other in kept[1:]:  # about an issue that is not there: each goes by itself
                outbox.put_back(self.connection, replace(other, joined=True), self.machine)
            return Ready((lead,), lead.delivery)
        said = leaving.message(self.office, words, self.now)
        delivery = replace(lead.delivery, text=said.text, mentions=said.mentions, buttons=said.buttons)
        return Ready((lead, *kept[1:]), delivery)

    def _refused(self, parcels: Sequence[Parcel], about: dict[int, Issue | None]) -> set[int]:
        """Rows that are not said now. One call was counted for all; it is taken back if none is said."""
        words = self._words(parcels, about)
        overtaken = gathering.overtaken(words)
        pushes = self._pushes(parcels[0])
        refused: dict[int, tuple[str, BusinessTime | None]] = {}
        for each in parcels:
            if verdict := self._verdict(each, about[each.id], overtaken, pushes):
                refused[each.id] = verdict
        rest = len(parcels) - len(refused)
        for index, each in enumerate(each for each in parcels if each.id in refused):
            counted = rest == 0 and index == 0
            self._refuse(replace(each, joined=not counted), *refused[each.id])
        return set(refused)

    def _verdict(
        self, parcel: Parcel, issue: Issue | None, overtaken: dict[int, int], pushes: Pushes
    ) -> tuple[str, BusinessTime | None] | None:
        """Why it is void, or until when it is held."""
        if reason := leaving.void(parcel.draft, issue, self.now, acted=self._acted(parcel, issue)):
            return reason, None
        if later := overtaken.get(parcel.id):
            return f"overtaken by outbox {later}", None
        until = leaving.held_until(self.office, parcel.draft, issue, self.now)
        digest = leaving.over_budget_until(self.office, parcel.draft, pushes, self.now)
        latest = max(until, digest or until)
        return ("held", latest) if latest > self.now else None

    def _acted(self, parcel: Parcel, issue: Issue | None) -> bool:
        """Whether the owner claimed it or gave word of it since this was written."""
        heard = [at for at in (issue.claimed_at, issue.progress_at) if at] if issue else []
        return bool(heard) and self.now - max(heard) < self.machine - parcel.written_at

    def _words(self, parcels: Sequence[Parcel], about: dict[int, Issue | None]) -> list[Word]:
        """The rows that may be merged. What was overtaken by time or deeds is worded anew."""
        found = []
        for each in parcels:
            issue = about[each.id]
            if issue is not None and each.draft.mergeable:
                late = each.draft.held_until is not None or self._acted(each, issue)
                stale = each.draft.purpose in gathering.REMINDS and late
                found.append(Word(each.id, each.draft, issue, stale=stale))
        return found

    def _refuse(self, parcel: Parcel, reason: str, until: BusinessTime | None) -> None:
        if until is None:
            outbox.void(self.connection, parcel, reason, self.machine)
            log.info("void outbox=%d issue=%s reason=%s", parcel.id, parcel.draft.issue, reason)
        else:
            outbox.hold(self.connection, parcel, until, self.machine)
            log.info("held outbox=%d issue=%s until=%s", parcel.id, parcel.draft.issue, until.isoformat())

    def _pushes(self, parcel: Parcel) -> Pushes:
        if parcel.delivery.route not in TO_PERSON:
            return Pushes()
        since = leaving.begin_of_day(self.office, self.now)
        return Pushes(*outbox.pushes(self.connection, parcel.delivery.target, since, self.now))
