"""Policies of cargo count what their certificates have stated."""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0063"
branch_labels = None
depends_on = None

_WHERE = {"schema": "insurance"}


def upgrade() -> None:
    revision_of = sa.Column("revision", sa.Integer(), server_default="1", nullable=False)
    op.add_column("cargo_policies", revision_of, **_WHERE)
    revised_at = sa.Column("revised_at", sa.DateTime(timezone=True), nullable=True)
    op.add_column("cargo_policies", revised_at, **_WHERE)


def downgrade() -> None:
    op.drop_column("cargo_policies", "revised_at", **_WHERE)
    op.drop_column("cargo_policies", "revision", **_WHERE)
