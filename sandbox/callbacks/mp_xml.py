"""公众号 payloads, XML: messages of followers, and their coming, scanning, tapping and leaving."""

from __future__ import annotations

from sandbox.callbacks.said import Said
from sandbox.callbacks.xml_parts import body, cdata, document, event, head, tag

ACCOUNT = "gh_sandbox00001"
"""The account's original id; the app id stands in the encrypted envelope only."""
EVENTS = {"follow": "subscribe", "scan": "SCAN", "unfollow": "unsubscribe", "click": "CLICK"}


def message(said: Said, openid: str, line: int = 0) -> str:
    """The body of one callback. Of events ``text`` is the scene of the code or the key of the menu. ``line``:
    it is a tap on this line of a menu message."""
    who = head(ACCOUNT, openid, said.at)
    if name := EVENTS.get(said.kind):
        scene = said.text
        key = f"qrscene_{scene}" if said.kind == "follow" and scene else scene
        ticket = cdata("Ticket", f"ticket-{scene}") if scene and said.kind in {"follow", "scan"} else ""
        return document(who + event(name, key) + ticket)
    tapped = tag("bizmsgmenuid", str(line)) if line else ""
    return document(who + body(said) + tag("MsgId", said.msgid) + tapped)


def envelope(encrypted: str) -> str:
    """The body of the POST in safe mode."""
    return document(cdata("ToUserName", ACCOUNT) + cdata("Encrypt", encrypted))
