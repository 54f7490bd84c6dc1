"""Callbacks as nobody honest sends them: the platform's documents with anything in any place of them."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from tests.fuzz.harness import said
from tests.property.rights import EVERYONE, GROUPS

NAMES = (
    "msgid", "aibotid", "chatid", "chattype", "from", "userid", "msgtype", "text", "content", "mixed",
    "msg_item", "image", "url", "voice", "quote", "event", "eventtype", "template_card_event", "event_key",
    "task_id", "response_url", "location",
)  # fmt: skip
TYPES = ("text", "mixed", "image", "voice", "event", "file", "video", "stream", "hologram", "")
TAGS = (
    "FromUserName", "ToUserName", "MsgType", "Content", "MsgId", "AgentID", "CreateTime", "Event",
    "EventKey", "TaskId", "ResponseCode", "PicUrl", "MediaId", "Recognition", "Location_X", "Location_Y",
    "Label", "Scale",
)  # fmt: skip

Json = dict[str, Any]


def _anything() -> st.SearchStrategy[Any]:
    """Any JSON, made of names that mean something."""
    leaf = st.none() | st.booleans() | st.integers() | st.floats() | said()
    names = st.sampled_from(NAMES)
    return st.recursive(
        leaf,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4),
        max_leaves=6,
    )


def _bodies() -> st.SearchStrategy[Json]:
    words = st.builds(lambda text: {"msgtype": "text", "text": {"content": text}}, said())
    address = st.sampled_from(("http://127.0.0.1:1/media/x", "http://evil.example/x", "")) | said()
    picture = st.builds(lambda url: {"msgtype": "image", "image": {"url": url}}, address)
    voice = st.builds(lambda text: {"msgtype": "voice", "voice": {"content": text}}, said())
    press = st.builds(
        lambda key, task: {
            "msgtype": "event",
            "event": {
                "eventtype": "template_card_event",
                "template_card_event": {"event_key": key, "task_id": task},
            },
        },
        said(),
        said(),
    )
    items = st.lists(words | picture | _anything(), max_size=4)
    mixed = st.builds(lambda parts: {"msgtype": "mixed", "mixed": {"msg_item": parts}}, items)
    strange = st.builds(
        lambda kind, inside: {"msgtype": kind, kind: inside}, st.sampled_from(TYPES), _anything()
    )
    return st.one_of(words, words, picture, voice, press, mixed, strange)


def robot() -> st.SearchStrategy[str]:
    """The robot's JSON: honest but for what its people say, or with anything in the place of some fields."""
    people = st.sampled_from((*EVERYONE, "stranger"))
    base = st.builds(
        lambda msgid, who, chat, body: {
            "msgid": f"f{msgid}",
            "aibotid": "aib",
            "chattype": "group" if chat else "single",
            **({"chatid": chat} if chat else {}),
            "from": {"userid": who},
            "response_url": f"http://127.0.0.1:1/cgi-bin/aibot/response?response_code={msgid}",
            **body,
        },
        st.integers(0, 10**18),
        people,
        st.sampled_from((None, *sorted(GROUPS))),
        _bodies(),
    )
    spoilt = st.builds(
        lambda document, changes: document | changes,
        base,
        st.dictionaries(st.sampled_from(NAMES), _anything(), max_size=3),
    )
    return st.one_of(
        base.map(json.dumps),
        spoilt.map(json.dumps),
        _anything().map(json.dumps),
        st.builds(_cut, base.map(json.dumps), st.floats(0, 1)),
        said(),
    )


def app() -> st.SearchStrategy[str]:
    """The app's XML: any tags with any content, in CDATA or bare."""
    text = said() | st.sampled_from(("text", "image", "event", "voice", "location", "li", "wujin", "1000002"))
    field = st.builds(_field, st.sampled_from(TAGS), text, st.booleans())
    honest = st.builds(
        lambda who, kind, content, number: "".join(
            _field(name, value, True)
            for name, value in (
                ("ToUserName", "corp"), ("FromUserName", who), ("MsgType", kind), ("Content", content),
                ("MsgId", str(number)), ("AgentID", "1"), ("CreateTime", "1"),
            )
        ),
        st.sampled_from(EVERYONE),
        st.sampled_from(("text", "text", "voice", "event", "image", "location")),
        said(),
        st.integers(0, 10**18),
    )  # fmt: skip
    fields = st.lists(field, max_size=6).map("".join)
    inside = st.builds(lambda one, other: one + other, honest, fields) | fields
    whole = inside.map(lambda text: f"<xml>{text}</xml>")
    return st.one_of(whole, whole, st.builds(_cut, whole, st.floats(0, 1)), said())


def _field(name: str, value: str, wrapped: bool) -> str:
    return f"<{name}><![CDATA[{value}]]></{name}>" if wrapped else f"<{name}>{value}</{name}>"


def _cut(text: str, share: float) -> str:
    return text[: int(len(text) * share)]
