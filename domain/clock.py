"""Two clocks, two types, so that they cannot be mixed up.

The business clock is what people live by: deadlines, reminders, quiet hours, summaries, event times. A
sandbox may move it in either direction. The machine clock is never moved: leases, back-off, budgets,
nonces, tokens. Both hold aware datetimes; business times are shown in the district's time zone.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NewType

BusinessTime = NewType("BusinessTime", datetime)
MachineTime = NewType("MachineTime", datetime)


def business_at(machine: MachineTime, offset: timedelta) -> BusinessTime:
    """The business time at a moment of the machine clock, given the stored offset between the two."""
    return BusinessTime(machine + offset)
