"""Every table, in the order of the flow: inbox → issues and events → outbox; then people and the small ones.

Times are stored as UTC epoch microseconds (``Moment``): exact, ordered and the same on SQLite and
PostgreSQL. Inbox, media, outbox and leases live by the machine clock; issues, events and steps by the
business clock; a comment says so where a table holds both.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    text,
)

from store import paper_tables  # noqa: F401 - the same metadata
from store.columns import (
    ASLEEP,
    FAILED,
    HELPED,
    MOVING,
    OPEN,
    PARKED,
    UNDO,
    UNUSED,
    WAITING,
    WINDING,
    BigId,
    Moment,
    where,
)
from store.columns import metadata as metadata  # noqa: PLC0414 - what this file is imported for

# --- inbox: what the platform gave us, committed before it is acknowledged ------------------------------
inbox = Table(
    "inbox",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("dedupe_key", String(200), nullable=False, unique=True),
    Column("chat_key", String(200), nullable=False),
    Column("document", Text, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("said_at", Moment, nullable=False),  # business time of acceptance
    Column("state", String(10), nullable=False, server_default="waiting"),  # waiting | done | parked
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("outcome", String(40)),
    Column("detail", Text),
    Column("handled_at", Moment),
    Index("ix_inbox_waiting", "id", **where(WAITING)),
    Index("ix_inbox_parked", "id", **where(PARKED)),
    sqlite_autoincrement=True,
)

nonces = Table(
    "nonces",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("nonce", String(128), primary_key=True),
    Column("payload_hash", LargeBinary(32), nullable=False),
    Column("seen_at", Moment, nullable=False, index=True),
)

chats = Table(  # who may handle a chat's messages: a lease with a fencing number
    "chats",
    metadata,
    Column("chat_key", String(200), primary_key=True),
    Column("fence", BigInteger, nullable=False, server_default="0"),
    Column("leased_until", Moment),
    Index("ix_chats_leased", "leased_until", **where("leased_until IS NOT NULL")),
)

media = Table(
    "media",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("inbox_id", BigInteger, nullable=False, index=True),
    Column("channel", String(20), nullable=False),
    Column("ref", Text, nullable=False),
    Column("state", String(10), nullable=False, server_default="waiting"),  # waiting | stored | lost
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_at", Moment, nullable=False),
    Column("fence", BigInteger, nullable=False, server_default="0"),
    Column("file", String(100)),
    Column("mime", String(40)),
    Column("reason", Text),
    Column("issue", BigInteger, index=True),  # the issue it belongs to, once known
    Column("proof", Boolean, nullable=False, server_default=text("false")),  # shows the street after 办结
    Index("ix_media_waiting", "next_at", **where(WAITING)),
    Index("ix_media_unused", "next_at", **where(UNUSED)),
    sqlite_autoincrement=True,
)

# --- issues and their append-only history (business times) ----------------------------------------------
issues = Table(
    "issues",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    Column("category", String(30), nullable=False),
    Column("sub", String(30), nullable=False),
    Column("subdistrict", String(60), nullable=False),
    Column("section", String(60)),
    Column("text", Text, nullable=False),
    Column("reporter", String(128), nullable=False),
    Column("owner", String(128)),
    Column("chat_id", String(128)),
    Column("house_number", Integer),
    Column("shop", String(100)),
    Column("landmark", String(100)),
    Column("danger", Boolean, nullable=False),
    Column("pending", String(60), nullable=False),
    Column("reported_at", Moment, nullable=False),
    Column("assigned_at", Moment, nullable=False),
    Column("duration_s", Integer, nullable=False),
    Column("working_clock", Boolean, nullable=False),
    Column("deadline", Moment, nullable=False),
    Column("claimed_at", Moment),
    Column("progress_at", Moment),
    Column("resolved_at", Moment),
    Column("resolved_by", String(128)),
    Column("on_time", Boolean),
    Column("closed_at", Moment),
    Column("close_reason", String(12)),
    Column("reopened", Integer, nullable=False),
    Column("paused_at", Moment),
    Column("state_before", String(10)),
    Column("review_at", Moment),
    Column("external", String(200), nullable=False),
    Column("muted_until", Moment),
    Column("supervised_at", Moment),
    Column("extensions", Integer, nullable=False),
    Column("helpers", Text, nullable=False),  # userids between commas: ,a,b,
    Column("verified", Boolean),
    Column("merged_into", BigInteger),
    Column("recurrence_of", BigInteger),
    Column("self_found", Boolean, nullable=False),
    Column("cycle", Integer, nullable=False),
    Column("next_step_at", Moment),  # when the ladder wants to be looked at again; None: never
    Index("ix_issues_next_step", "next_step_at", **where("next_step_at IS NOT NULL")),
    Index("ix_issues_owner_open", "owner", "state", **where(OPEN)),
    Index("ix_issues_section_open", "section", "state", **where(OPEN)),
    Index("ix_issues_subdistrict_open", "subdistrict", "deadline", **where(OPEN)),
    Index("ix_issues_helped_open", "deadline", **where(f"{OPEN} AND {HELPED}")),
    Index("ix_issues_reported", "reported_at"),
    Index("ix_issues_deadline", "deadline"),
    Index("ix_issues_closed", "closed_at"),
    Index("ix_issues_section_closed", "section", "closed_at"),
)

events = Table(
    "events",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("number", BigInteger, nullable=False),
    Column("action", String(20), nullable=False),
    Column("actor", String(128), nullable=False),
    Column("actor_name", String(100), nullable=False),
    Column("at", Moment, nullable=False),  # business time
    Column("recorded_at", Moment, nullable=False),  # machine time
    Column("before", String(10), nullable=False),
    Column("after", String(10), nullable=False),
    Column("reason", Text, nullable=False),
    Column("data", Text, nullable=False),
    Column("inbox_id", BigInteger),
    Column("snapshot", Text),  # the issue before, for 撤销
    Index("ix_events_number", "number", "id"),
    Index("ix_events_actor", "actor", "id"),
    Index("ix_events_at", "at", "action", "number"),
    Index("ix_events_undo", "action", "number", **where(UNDO)),
    Index("ix_events_winding", "number", "action", **where(WINDING)),
    sqlite_autoincrement=True,
)

reporters = Table(  # everyone who reported the same problem, the first one included
    "reporters",
    metadata,
    Column("userid", String(128), primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("anonymous", Boolean, nullable=False, server_default=text("false")),
    Column("chat_id", String(128)),  # the group it was said in, None for 1:1
    Index("ix_reporters_number", "number"),
)

steps = Table(  # one durable slot per step of an issue's ladder: never twice, never forgotten
    "steps",
    metadata,
    Column("number", BigInteger, primary_key=True),
    Column("cycle", Integer, primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("outcome", String(12), nullable=False),  # sent | superseded
    Column("at", Moment, nullable=False),
)

# --- outbox: what we owe the platform; delivery has its own state, count, reason and time ------------------
outbox = Table(
    "outbox",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("route", String(10), nullable=False),  # domain.outgoing.RouteKind
    Column("target", Text, nullable=False),
    Column("fallback", String(200)),  # route:target that gets the word when this address fails for good
    Column("purpose", String(12), nullable=False),
    Column("rank", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("mentions", Text, nullable=False),
    Column("buttons", Text, nullable=False),
    Column("attachment", Text),  # kind, path under MEDIA_DIR and name of a picture or file
    Column(
        "footer", Text, nullable=False, server_default=text("''")
    ),  # the end of text, said once in a merged one
    Column("whole", Boolean, nullable=False, server_default=text("true")),  # false: a part of a longer text
    Column("issue", BigInteger),
    Column("inbox_id", BigInteger),
    Column("created_at", Moment, nullable=False),
    Column("held_until", Moment),  # business time: quiet hours
    # waiting | sending | asleep (until its follower's next word) | sent | failed | void
    Column("state", String(10), nullable=False, server_default="waiting"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_at", Moment, nullable=False),
    Column("fence", BigInteger, nullable=False, server_default="0"),
    Column("uncertain", Boolean, nullable=False, server_default=text("false")),
    Column("code", Integer),
    Column("reason", Text),
    Column("settled_at", Moment),
    Column("merged_into", BigInteger),  # the row with whose message this one was said
    Column("said", Text),  # the message as it went out, where it stood for several
    Column("pushed_at", Moment),  # business time of a push that was no answer
    Column("payer", String(200)),  # route:target whose budget it costs, where that is another address
    Index("ix_outbox_waiting", "next_at", **where(MOVING)),
    Index("ix_outbox_address", "route", "target", **where(MOVING)),
    Index("ix_outbox_pushed", "target", "pushed_at", **where("pushed_at IS NOT NULL")),
    Index("ix_outbox_asleep", "target", **where(ASLEEP)),
    Index("ix_outbox_failed", "settled_at", **where(FAILED)),
    Index("ix_outbox_issue", "issue"),
    Index("ix_outbox_inbox", "inbox_id"),
    sqlite_autoincrement=True,
)

sendings = Table(  # attempts, as far as a platform limit looks back (store/outbox.py)
    "sendings",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("route", String(10), nullable=False),
    Column("target", String(200), nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_sendings_target", "route", "target", "at"),
    Index("ix_sendings_at", "at"),
    sqlite_autoincrement=True,
)

# --- the 公众号 (machine times) --------------------------------------------------------------------
followers = Table(  # what may be said to them, and which street they came by
    "followers",
    metadata,
    Column("openid", String(64), primary_key=True),
    Column("follows", Boolean, nullable=False, server_default=text("true")),
    Column("spoke_at", Moment, index=True),  # his last word
    Column("tapped_at", Moment),  # his last tap: menu, QR code, following
    Column("section", String(60)),  # by the scene of the QR code he scanned
    Column("scanned_at", Moment),  # business time
)

# --- the robot's long connection (machine times) ----------------------------------------------------------
leases = Table(  # who may hold the one connection of a bot: a lease with a fencing number
    "leases",
    metadata,
    Column("name", String(160), primary_key=True),
    Column("holder", String(80), nullable=False),
    Column("fence", BigInteger, nullable=False),
    Column("until", Moment, nullable=False),
    Column("state", String(200), nullable=False, server_default=text("''")),  # for doctor: how it goes
    Column("state_since", Moment, nullable=False),
)

spoken = Table(  # chats in which somebody has spoken to the robot: only there it may push by itself
    "spoken",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("chat_id", String(128), nullable=False, unique=True),  # a group's id, or a userid 1:1
    sqlite_autoincrement=True,
)

# --- conversation: what was asked, and what is said once only (business times) ---------------------------
questions = Table(  # the open question to one person in one chat
    "questions",
    metadata,
    Column("chat_key", String(200), primary_key=True),
    Column("userid", String(128), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("document", Text, nullable=False),
    Column("asked_at", Moment, nullable=False),
)

examples = Table(  # corrections in chat: labelled examples for the lexicon
    "examples",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("issue", BigInteger, nullable=False),
    Column("userid", String(128), nullable=False),
    Column("at", Moment, nullable=False),
    Column("text", Text, nullable=False),
    Column("intent", String(20), nullable=False),
    Column("category", String(30), nullable=False),
    Column("sub", String(30), nullable=False),
    Column("section", String(60), nullable=False),
    sqlite_autoincrement=True,
)

slots = Table(  # something that happens once: a summary of one day, a hint in one hour, a registration note
    "slots",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("at", Moment, nullable=False),
)

broadcasts = Table(  # 通知 of the supervisors to groups
    "broadcasts",
    metadata,
    Column("number", BigId, primary_key=True, autoincrement=True),
    Column("text", Text, nullable=False),
    Column("author", String(128), nullable=False),
    Column("subdistrict", String(60), nullable=False),
    Column("groups", Text, nullable=False),
    Column("at", Moment, nullable=False),
    sqlite_autoincrement=True,
)

broadcast_replies = Table(
    "broadcast_replies",
    metadata,
    Column("number", BigInteger, primary_key=True),
    Column("userid", String(128), primary_key=True),
    Column("chat_id", String(128)),
    Column("at", Moment, nullable=False),
)

doubts = Table(  # what was overheard and may be a report, for a day (business times)
    "doubts",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("owner", String(128), nullable=False),
    Column("sender", String(128), nullable=False),
    Column("inbox_id", BigInteger, nullable=False),
    Column("document", Text, nullable=False),
    Column("reading", Text, nullable=False),
    Column("likely", Integer, nullable=False),  # in thousandths
    Column("said_at", Moment, nullable=False),
    Column("position", Integer, nullable=False, server_default="0"),  # 0: not shown yet
    Column("issue", BigInteger),
    Index("ix_doubts_owner", "owner", "position"),
    sqlite_autoincrement=True,
)

echoes = Table(  # words to the bot that may come by the robot and by the archive (machine times)
    "echoes",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("key", String(64), nullable=False),  # a hash of chat, sender and words
    Column("channel", String(20), nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_echoes_key", "key"),
    sqlite_autoincrement=True,
)

dispatches = Table(  # what other systems handed over: their name for it, and our number
    "dispatches",
    metadata,
    Column("source", String(32), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("number", BigInteger, nullable=False),
    Index("ix_dispatches_number", "number"),
)

erasures = Table(  # 清除 that was confirmed and is still to be done (machine time)
    "erasures",
    metadata,
    Column("userid", String(128), primary_key=True),
    Column("asked_by", String(128), nullable=False),
    Column("at", Moment, nullable=False),
)

discards = Table(  # picture files that nothing needs any more, until they are off the disk (machine time)
    "discards",
    metadata,
    Column("file", String(100), primary_key=True),
    Column("at", Moment, nullable=False),
)

# --- the small ones ---------------------------------------------------------------------------------------
counters = Table(
    "counters",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("value", BigInteger, nullable=False),
)

business_clock = Table(  # one row: how far the business clock is from the machine clock
    "business_clock",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("offset_us", BigInteger, nullable=False),
    Column("moves", BigInteger, nullable=False),  # grows with every move, so that a tick can say it saw it
)

findings = Table(  # what the last audit found, by check (machine time)
    "findings",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("at", Moment, nullable=False),
)

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("beat_at", Moment, nullable=False),
    Column("moves", BigInteger, nullable=False, server_default="0"),
)

# --- people and places: whole versions, the newest one is in force -------------------------------------
roster_versions = Table(
    "roster_versions",
    metadata,
    Column("version", BigId, primary_key=True, autoincrement=True),
    Column("imported_at", Moment, nullable=False),
    Column("source", String(200), nullable=False),
    Column("document", Text, nullable=False),
    sqlite_autoincrement=True,
)

own_quiet = Table(  # 免打扰: quiet hours that a person asked for himself, HH:MM
    "own_quiet",
    metadata,
    Column("userid", String(128), primary_key=True),
    Column("start", String(5), nullable=False),
    Column("end", String(5), nullable=False),
)

settings_versions = Table(  # the settings file, whole; the newest is in force
    "settings_versions",
    metadata,
    Column("version", BigId, primary_key=True, autoincrement=True),
    Column("imported_at", Moment, nullable=False),
    Column("document", Text, nullable=False),
    sqlite_autoincrement=True,
)

push_keys = Table(
    "push_keys",
    metadata,
    Column("chat_id", String(128), primary_key=True),
    Column("key", String(128), nullable=False),
)

leaves = Table(  # who is away from when until when (business times)
    "leaves",
    metadata,
    Column("userid", String(128), primary_key=True),
    Column("since", Moment, primary_key=True, autoincrement=False),
    Column("until", Moment),  # None: until he says he is back
)
