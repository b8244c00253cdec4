"""An order knows when customs said that it may not enter."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "vendor_order", sa.Column("refused_at", sa.DateTime(timezone=True)), schema="marketplace"
    )


def downgrade() -> None:
    op.drop_column("vendor_order", "refused_at", schema="marketplace")
