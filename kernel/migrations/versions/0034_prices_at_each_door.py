"""What cards show at each door is kept beside them, for search to filter and order by."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "card_dues",
        sa.Column(
            "shown", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
        schema="marketplace",
    )
    op.add_column(
        "card_dues",
        sa.Column("stamp", sa.BigInteger(), server_default="0", nullable=False),
        schema="marketplace",
    )


def downgrade() -> None:
    for name in ("stamp", "shown"):
        op.drop_column("card_dues", name, schema="marketplace")
