"""Policies of cargo count what their certificates have stated."""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    revision_of = sa.Column("revision", sa.Integer(), server_default="1", nullable=False)
    op.add_column("cargo_policies", revision_of, schema="insurance")
    revised_at = sa.Column("revised_at", sa.DateTime(timezone=True), nullable=True)
    op.add_column("cargo_policies", revised_at, schema="insurance")


def downgrade() -> None:
    op.drop_column("cargo_policies", "revised_at", schema="insurance")
    op.drop_column("cargo_policies", "revision", schema="insurance")
