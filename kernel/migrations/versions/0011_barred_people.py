"""An operator keeps somebody out: from then on nobody signs in with that account."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "person",
        sa.Column("barred_at", sa.DateTime(timezone=True), nullable=True),
        schema="kernel",
    )


def downgrade() -> None:
    op.drop_column("person", "barred_at", schema="kernel")
