"""Rows of the outbox that leave in one message, and the daily budget of pushes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOVING = sa.text("state IN ('waiting', 'sending')")
PUSHED = sa.text("pushed_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("outbox", sa.Column("footer", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column("outbox", sa.Column("whole", sa.Boolean(), server_default=sa.text("true"), nullable=False))
    op.add_column("outbox", sa.Column("merged_into", sa.BigInteger(), nullable=True))
    op.add_column("outbox", sa.Column("said", sa.Text(), nullable=True))
    op.add_column("outbox", sa.Column("pushed_at", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_outbox_address", "outbox", ["route", "target"], sqlite_where=MOVING, postgresql_where=MOVING
    )
    op.create_index(
        "ix_outbox_pushed", "outbox", ["target", "pushed_at"], sqlite_where=PUSHED, postgresql_where=PUSHED
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_pushed", "outbox")
    op.drop_index("ix_outbox_address", "outbox")
    for name in ("pushed_at", "said", "merged_into", "whole", "footer"):
        op.drop_column("outbox", name)
