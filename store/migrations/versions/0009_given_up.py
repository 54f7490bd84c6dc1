"""Indexes of what was given up, so that an operator's figures cost what is wrong and not what there is."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

PARKED = text("state = 'parked'")
FAILED = text("state = 'failed'")


def upgrade() -> None:
    op.create_index("ix_inbox_parked", "inbox", ["id"], sqlite_where=PARKED, postgresql_where=PARKED)
    op.create_index(
        "ix_outbox_failed", "outbox", ["settled_at"], sqlite_where=FAILED, postgresql_where=FAILED
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_failed", "outbox")
    op.drop_index("ix_inbox_parked", "inbox")
