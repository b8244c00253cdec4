"""Holders of cargo cover appeal once against a refusal."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None


def upgrade() -> None:
    appeal = sa.Column("appeal", postgresql.JSONB(astext_type=sa.Text()), nullable=True)
    op.add_column("cargo_claims", appeal, schema="insurance")


def downgrade() -> None:
    op.drop_column("cargo_claims", "appeal", schema="insurance")
