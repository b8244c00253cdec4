"""Settled months say who settles the tax of their premiums with each state."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0085"
down_revision = "0084"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "settlements",
        sa.Column("payers", JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        schema="insurance",
    )


def downgrade() -> None:
    op.drop_column("settlements", "payers", schema="insurance")
