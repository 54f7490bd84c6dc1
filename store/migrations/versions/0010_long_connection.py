"""The robot's long connection: who holds it, where it may push, and whose budget an answer costs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("holder", sa.String(length=80), nullable=False),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=200), nullable=False, server_default=sa.text("''")),
        sa.Column("state_since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "spoken",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("chat_id", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spoken")),
        sa.UniqueConstraint("chat_id", name=op.f("uq_spoken_chat_id")),
        sqlite_autoincrement=True,
    )
    op.add_column("outbox", sa.Column("payer", sa.String(length=200)))


def downgrade() -> None:
    op.drop_column("outbox", "payer")
    op.drop_table("spoken")
    op.drop_table("leases")
