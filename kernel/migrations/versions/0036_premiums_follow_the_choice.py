"""A policy knows the wallet that its holder prefers for what comes back."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "policies", sa.Column("refund_wallet_id", sa.Uuid(), nullable=True), schema="insurance"
    )


def downgrade() -> None:
    op.drop_column("policies", "refund_wallet_id", schema="insurance")
