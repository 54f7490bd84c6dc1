"""What was overheard in groups, what came by two channels, what other systems handed over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

UNUSED = sa.text("state = 'stored' AND issue IS NULL")


def upgrade() -> None:
    op.create_table(
        "doubts",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("owner", sa.String(length=128), nullable=False),
        sa.Column("sender", sa.String(length=128), nullable=False),
        sa.Column("inbox_id", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("reading", sa.Text(), nullable=False),
        sa.Column("likely", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("issue", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doubts")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_doubts_owner", "doubts", ["owner", "position"])
    op.create_table(
        "echoes",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_echoes")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_echoes_key", "echoes", ["key"])
    op.create_table(
        "dispatches",
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("source", "key", name=op.f("pk_dispatches")),
    )
    op.create_index("ix_dispatches_number", "dispatches", ["number"])
    op.create_index("ix_media_unused", "media", ["next_at"], sqlite_where=UNUSED, postgresql_where=UNUSED)


def downgrade() -> None:
    op.drop_index("ix_media_unused", "media")
    op.drop_table("dispatches")
    op.drop_table("echoes")
    op.drop_table("doubts")
