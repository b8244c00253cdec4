"""A policy says which causes it pays for."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "policies", sa.Column("perils", postgresql.JSONB(), nullable=True), schema="insurance"
    )


def downgrade() -> None:
    op.drop_column("policies", "perils", schema="insurance")
