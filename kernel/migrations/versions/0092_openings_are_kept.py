"""What was opened before cover is bought is kept with what is bought: which document, and when."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0092"
down_revision = "0091"
branch_labels = None
depends_on = None

_KEPT = (
    ("marketplace", "checkout"),
    ("insurance", "shipments"),
    ("insurance", "cargo_quotes"),
)


def upgrade() -> None:
    # Empty where something was begun before openings were kept by their document.
    for schema, table in _KEPT:
        op.add_column(table, sa.Column("opened", postgresql.JSONB(), nullable=True), schema=schema)


def downgrade() -> None:
    for schema, table in _KEPT:
        op.drop_column(table, "opened", schema=schema)
