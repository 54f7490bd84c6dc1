"""How the platform writes XML: app and 公众号 alike."""

from __future__ import annotations

import re

from sandbox.callbacks.said import Said

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def document(inside: str) -> str:
    return f"<xml>{inside}</xml>"


def tag(name: str, value: str) -> str:
    return f"<{name}>{value}</{name}>"


def cdata(name: str, value: str) -> str:
    clean = NOT_XML.sub("\ufffd", value).replace("]]>", "]]]]><![CDATA[>")
    return f"<{name}><![CDATA[{clean}]]></{name}>"


def head(to: str, sender: str, at: int) -> str:
    return cdata("ToUserName", to) + cdata("FromUserName", sender) + tag("CreateTime", str(at))


def event(name: str, key: str) -> str:
    return cdata("MsgType", "event") + cdata("Event", name) + cdata("EventKey", key)


def body(said: Said) -> str:
    """One picture at most, as there is no mixed message."""
    if said.location:
        place = said.location
        return (
            cdata("MsgType", "location")
            + tag("Location_X", f"{place.latitude:.6f}")
            + tag("Location_Y", f"{place.longitude:.6f}")
            + tag("Scale", "16")
            + cdata("Label", place.label)
        )
    if said.kind == "voice":
        transcript = cdata("Recognition", said.text) if said.text else ""
        file = cdata("MediaId", said.msgid) + cdata("Format", "amr")
        return cdata("MsgType", "voice") + file + transcript
    if said.pictures:
        picture = said.pictures[0]
        urls = cdata("PicUrl", picture.url) + cdata("MediaId", picture.media_id)
        return cdata("MsgType", "image") + urls
    return cdata("MsgType", "text") + cdata("Content", said.text)
