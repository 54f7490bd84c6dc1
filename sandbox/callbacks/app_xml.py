"""自建应用 payloads, XML (DOC 90239 messages, 90240 events)."""

from __future__ import annotations

from sandbox.callbacks.said import Press, Said
from sandbox.callbacks.xml_parts import body, cdata, document, event, head, tag


def message(said: Said, corp_id: str, agent_id: int) -> str:
    """The decrypted body of one message callback; one picture at most, as the app has no mixed message."""
    who = head(corp_id, said.person, said.at)
    if said.kind == "enter":
        return document(who + event("enter_agent", "") + _agent(agent_id))
    app_type = cdata("AppType", "wxwork") if said.location else ""
    return document(who + body(said) + app_type + tag("MsgId", said.msgid) + _agent(agent_id))


def press(pressed: Press, corp_id: str, agent_id: int) -> str:
    """A press on a card's button; ``ResponseCode`` allows one update of the card."""
    fields = (
        event("template_card_event", pressed.key)
        + cdata("TaskId", pressed.task_id)
        + cdata("CardType", pressed.card_type)
        + cdata("ResponseCode", pressed.response_code)
    )
    return document(head(corp_id, pressed.person, pressed.at) + fields + _agent(agent_id))


def envelope(corp_id: str, agent_id: int, encrypted: str) -> str:
    """The body of the POST."""
    return document(
        cdata("ToUserName", corp_id) + cdata("AgentID", str(agent_id)) + cdata("Encrypt", encrypted)
    )


def _agent(agent_id: int) -> str:
    return tag("AgentID", str(agent_id))
