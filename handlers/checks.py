"""The day's random check: a share of what was resolved in the last 24 hours goes to the supervisors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from domain.clock import BusinessTime
from domain.issues import Issue
from domain.office import Office
from domain.outgoing import Outgoing, Purpose
from domain.roster import Subdistrict
from domain.sampling import drawn
from handlers import summary
from handlers.sentences import supervisor as say

CHECK_AT = time(16)
DAY = timedelta(days=1)


def last_due(office: Office, now: BusinessTime) -> BusinessTime:
    """The newest time of the check that is not after ``now``."""
    tz = office.rules.timezone
    local = now.astimezone(tz)
    at = datetime.combine(local.date(), CHECK_AT, tz)
    return BusinessTime(at if at <= local else at - DAY)


def messages(
    office: Office, subdistrict: Subdistrict, until: BusinessTime, resolved: Sequence[Issue]
) -> list[Outgoing]:
    """The list for one subdistrict; nothing where nothing was resolved."""
    day = until.astimezone(office.rules.timezone).date()
    numbers = set(drawn((issue.number for issue in resolved), day))
    chosen = [issue for issue in resolved if issue.number in numbers]
    if not chosen:
        return []
    text = say.to_check(office, subdistrict.name, until, chosen, len(resolved))
    reply_with = f"核查 {chosen[0].number} 通过"
    return [
        Outgoing(to, text, Purpose.SUMMARY, reply_with=reply_with)
        for to in summary.audiences(office, subdistrict)
    ]
