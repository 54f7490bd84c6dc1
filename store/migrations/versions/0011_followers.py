"""Followers of the 公众号, and what waits for their next word."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.columns import Moment

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ASLEEP = sa.text("state = 'asleep'")


def upgrade() -> None:
    op.create_table(
        "followers",
        sa.Column("openid", sa.String(64), primary_key=True),
        sa.Column("follows", sa.Boolean(), nullable=False, server_default=sa.text("true")),
        sa.Column("spoke_at", Moment()),
        sa.Column("tapped_at", Moment()),
        sa.Column("section", sa.String(60)),
        sa.Column("scanned_at", Moment()),
    )
    op.create_index("ix_followers_spoke_at", "followers", ["spoke_at"])
    op.create_index("ix_outbox_asleep", "outbox", ["target"], sqlite_where=ASLEEP, postgresql_where=ASLEEP)


def downgrade() -> None:
    op.drop_index("ix_outbox_asleep", "outbox")
    op.drop_table("followers")
