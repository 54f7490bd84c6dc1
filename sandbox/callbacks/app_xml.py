"""自建应用 payloads, XML (DOC 90239 messages, 90240 events)."""

from __future__ import annotations

import re

from sandbox.callbacks.said import Press, Said

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def message(said: Said, corp_id: str, agent_id: int) -> str:
    """The decrypted body of one message callback; one picture at most, as the app has no mixed message."""
    head = _head(corp_id, said.person, said.at)
    if said.kind == "enter":
        return _xml(head + _event("enter_agent", "") + _agent(agent_id))
    return _xml(head + _body(said) + _tag("MsgId", said.msgid) + _agent(agent_id))


def press(pressed: Press, corp_id: str, agent_id: int) -> str:
    """A press on a card's button; ``ResponseCode`` allows one update of the card."""
    fields = (
        _event("template_card_event", pressed.key)
        + _cdata("TaskId", pressed.task_id)
        + _cdata("CardType", pressed.card_type)
        + _cdata("ResponseCode", pressed.response_code)
    )
    return _xml(_head(corp_id, pressed.person, pressed.at) + fields + _agent(agent_id))


def envelope(corp_id: str, agent_id: int, encrypted: str) -> str:
    """The body of the POST."""
    head = _cdata("ToUserName", corp_id) + _cdata("AgentID", str(agent_id))
    return _xml(head + _cdata("Encrypt", encrypted))


def _body(said: Said) -> str:
    if said.location:
        place = said.location
        return (
            _cdata("MsgType", "location")
            + _tag("Location_X", f"{place.latitude:.6f}")
            + _tag("Location_Y", f"{place.longitude:.6f}")
            + _tag("Scale", "16")
            + _cdata("Label", place.label)
            + _cdata("AppType", "wxwork")
        )
    if said.kind == "voice":
        transcript = _cdata("Recognition", said.text) if said.text else ""
        file = _cdata("MediaId", said.msgid) + _cdata("Format", "amr")
        return _cdata("MsgType", "voice") + file + transcript
    if said.pictures:
        picture = said.pictures[0]
        urls = _cdata("PicUrl", picture.url) + _cdata("MediaId", picture.media_id)
        return _cdata("MsgType", "image") + urls
    return _cdata("MsgType", "text") + _cdata("Content", said.text)


def _head(corp_id: str, person: str, at: int) -> str:
    return _cdata("ToUserName", corp_id) + _cdata("FromUserName", person) + _tag("CreateTime", str(at))


def _event(name: str, key: str) -> str:
    return _cdata("MsgType", "event") + _cdata("Event", name) + _cdata("EventKey", key)


def _agent(agent_id: int) -> str:
    return _tag("AgentID", str(agent_id))


def _xml(inside: str) -> str:
    return f"<xml>{inside}</xml>"


def _tag(name: str, value: str) -> str:
    return f"<{name}>{value}</{name}>"


def _cdata(name: str, value: str) -> str:
    clean = NOT_XML.sub("\ufffd", value).replace("]]>", "]]]]><![CDATA[>")
    return f"<{name}><![CDATA[{clean}]]></{name}>"
