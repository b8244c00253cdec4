"""A checkout, a try to pay it and what was bought say for which business, if for any."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_TABLES = ("checkout", "checkout_attempt", "order_group")


def upgrade() -> None:
    for table in _TABLES:
        name = sa.Column("business_name", sa.Text(), nullable=True)
        op.add_column(table, name, schema="marketplace")


def downgrade() -> None:
    for table in _TABLES:
        op.drop_column(table, "business_name", schema="marketplace")
