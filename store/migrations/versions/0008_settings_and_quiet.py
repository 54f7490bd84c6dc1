"""Versions of the settings file, findings of the auditor, quiet hours that people ask for themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "settings_versions",
        sa.Column("version", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("imported_at", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_settings_versions")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "findings",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_findings")),
    )
    op.create_table(
        "own_quiet",
        sa.Column("userid", sa.String(length=128), nullable=False),
        sa.Column("start", sa.String(length=5), nullable=False),
        sa.Column("end", sa.String(length=5), nullable=False),
        sa.PrimaryKeyConstraint("userid", name=op.f("pk_own_quiet")),
    )


def downgrade() -> None:
    op.drop_table("own_quiet")
    op.drop_table("findings")
    op.drop_table("settings_versions")
