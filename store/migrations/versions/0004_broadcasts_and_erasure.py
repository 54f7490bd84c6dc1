"""通知 with its replies, and picture files to be taken off the disk."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "broadcasts",
        sa.Column("number", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=128), nullable=False),
        sa.Column("subdistrict", sa.String(length=60), nullable=False),
        sa.Column("groups", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_broadcasts")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "broadcast_replies",
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("userid", sa.String(length=128), nullable=False),
        sa.Column("chat_id", sa.String(length=128), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", "userid", name=op.f("pk_broadcast_replies")),
    )
    op.create_table(
        "discards",
        sa.Column("file", sa.String(length=100), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("file", name=op.f("pk_discards")),
    )


def downgrade() -> None:
    op.drop_table("discards")
    op.drop_table("broadcast_replies")
    op.drop_table("broadcasts")
