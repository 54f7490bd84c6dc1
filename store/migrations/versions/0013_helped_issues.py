"""An index of what somebody co-handles: few, among all that is open."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

HELPED = text("state NOT IN ('closed', 'rejected', 'merged') AND helpers <> ''")


def upgrade() -> None:
    op.create_index(
        "ix_issues_helped_open", "issues", ["deadline"], sqlite_where=HELPED, postgresql_where=HELPED
    )


def downgrade() -> None:
    op.drop_index("ix_issues_helped_open", "issues")
