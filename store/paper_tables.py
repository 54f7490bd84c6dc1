"""Tables of what supervisors ask for and keep: ordered papers, what was announced, flags, appeals, the diary.

Orders live by the machine clock, as the outbox does; everything else by the business clock.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from store.columns import WAITING, BigId, Moment, metadata, where

orders = Table(  # papers to be made outside the order of the chat: summaries, pictures, workbooks
    "orders",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("kind", String(20), nullable=False),
    Column("document", Text, nullable=False),
    Column("slot", String(120)),  # of the waiting ones with the same slot only the newest is made
    Column("inbox_id", BigInteger),  # the message that asked, to be answered
    Column("ordered_at", Moment, nullable=False),  # business time
    Column("state", String(10), nullable=False, server_default="waiting"),  # waiting | done | failed | void
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_at", Moment, nullable=False),
    Column("fence", BigInteger, nullable=False, server_default="0"),
    Column("reason", Text),
    Column("settled_at", Moment),
    Index("ix_orders_waiting", "next_at", **where(WAITING)),
    sqlite_autoincrement=True,
)

announcements = Table(  # the figures as they were announced, with which a correction is compared
    "announcements",
    metadata,
    Column("kind", String(10), primary_key=True),
    Column("subdistrict", String(60), primary_key=True),
    Column("until", Moment, primary_key=True),
    Column("document", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

flags = Table(  # official 红黑旗 as entered; the newest row of a month and section is in force
    "flags",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("month", String(7), nullable=False),
    Column("section", String(60), nullable=False),
    Column("colour", String(6), nullable=False),  # red | black | none
    Column("userid", String(128), nullable=False),
    Column("name", String(100), nullable=False),
    Column("at", Moment, nullable=False),
    Column("note", Text, nullable=False),
    Index("ix_flags_section", "section", "month", "id"),
    sqlite_autoincrement=True,
)

appeals = Table(  # 申诉 against a flag of a month and section, or against counting one issue
    "appeals",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("subdistrict", String(60), nullable=False),
    Column("month", String(7)),
    Column("section", String(60)),
    Column("number", BigInteger),
    Column("userid", String(128), nullable=False),
    Column("name", String(100), nullable=False),
    Column("at", Moment, nullable=False),
    Column("reason", Text, nullable=False),
    Column("upheld", Integer),  # 1: 成立, 0: 不成立, NULL: to be decided
    Column("decided_by", String(128)),
    Column("decided_at", Moment),
    Column("answer", Text),
    Index("ix_appeals_number", "number"),
    Index("ix_appeals_section", "section", "month"),
    sqlite_autoincrement=True,
)

diary = Table(  # 签到, 日志 and 纪要: what is not about one issue
    "diary",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("kind", String(10), nullable=False),  # sign_in | note | minutes
    Column("subdistrict", String(60), nullable=False),
    Column("section", String(60)),
    Column("userid", String(128), nullable=False),
    Column("name", String(100), nullable=False),
    Column("at", Moment, nullable=False),
    Column("text", Text, nullable=False),
    Index("ix_diary_section", "section", "at"),
    Index("ix_diary_subdistrict", "subdistrict", "at"),
    sqlite_autoincrement=True,
)
