"""Leaves that begin later than now: several of one person, each from when until when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "leaves",
        sa.Column("userid", sa.String(length=128), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("userid", "since", name=op.f("pk_leaves")),
    )
    op.execute("INSERT INTO leaves (userid, since, until) SELECT userid, 0, until FROM absences")
    op.drop_table("absences")


def downgrade() -> None:
    op.create_table(
        "absences",
        sa.Column("userid", sa.String(length=128), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("userid", name=op.f("pk_absences")),
    )
    op.execute(
        "INSERT INTO absences (userid, until) SELECT userid, "
        "CASE WHEN COUNT(*) > COUNT(until) THEN NULL ELSE MAX(until) END FROM leaves GROUP BY userid"
    )
    op.drop_table("leaves")
