"""Outbox rows may carry a picture or a file."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("attachment", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("outbox", "attachment")
