"""A fact says which request caused it, so that its deliveries can be told together."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("request_id", sa.Text()), schema="kernel")
    op.add_column("outbox", sa.Column("traceparent", sa.Text()), schema="kernel")


def downgrade() -> None:
    op.drop_column("outbox", "traceparent", schema="kernel")
    op.drop_column("outbox", "request_id", schema="kernel")
