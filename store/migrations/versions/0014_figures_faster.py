"""Indexes for the figures of a month: what happened in a time without its rows, and what was taken back."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

UNDO = text("action = '撤销'")
WINDING = text(
    "action IN ('退回', '转派', '缓办', '恢复', '不予受理', '合并', '撤回', '不满意', '重开', "
    "'认领过期', '撤销', '更正', '协办', '协办到时', '转外部', '核查', '拆分')"
)


def upgrade() -> None:
    op.drop_index("ix_events_at", "events")
    op.create_index("ix_events_at", "events", ["at", "action", "number"])
    op.create_index(
        "ix_events_undo", "events", ["action", "number"], sqlite_where=UNDO, postgresql_where=UNDO
    )
    op.create_index(
        "ix_events_winding", "events", ["number", "action"], sqlite_where=WINDING, postgresql_where=WINDING
    )


def downgrade() -> None:
    op.drop_index("ix_events_winding", "events")
    op.drop_index("ix_events_undo", "events")
    op.drop_index("ix_events_at", "events")
    op.create_index("ix_events_at", "events", ["at", "action"])
