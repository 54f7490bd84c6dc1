"""One word, two ways: what somebody says to the robot in a group also stands in the archive of that group.

The ids differ, so the words themselves tell: the same chat, person and text within minutes. Whichever comes
first acts; the other is recorded and does nothing. What is said twice is meant twice.
"""

from __future__ import annotations

import hashlib

from handlers.visit import Result, Visit, silence

CHANNELS = frozenset({"aibot", "relay"})
HEARD = "heard_already"


def heard_already(visit: Visit) -> Result | None:
    """The outcome if this message came by the other channel before."""
    message = visit.message
    twofold = visit.office.archive and message.chat.kind == "group" and message.channel in CHANNELS
    if not twofold or not message.mentioned or message.button is not None or not message.text:
        return None
    words = "".join(message.text.split())
    key = hashlib.sha256("\n".join((message.chat.id, visit.userid, words)).encode("utf-8", "replace"))
    return silence(HEARD) if visit.desk.said_elsewhere(key.hexdigest()) else None
