"""Policies name the shop that sold their parcel, as it was known when they were concluded."""

import sqlalchemy as sa
from alembic import op

revision = "0084"
down_revision = "0083"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "policies", sa.Column("seller_id", sa.BigInteger(), nullable=True), schema="insurance"
    )
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS insurance.ix_policies_seller_id")
        op.execute(
            "CREATE INDEX CONCURRENTLY ix_policies_seller_id ON insurance.policies (seller_id)"
        )
        op.execute("SET lock_timeout = '1s'")


def downgrade() -> None:
    op.drop_column("policies", "seller_id", schema="insurance")
