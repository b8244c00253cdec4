"""Cards pay for checkouts, tries to pay are kept, and orders know what paid.

`0032` looks at the orders that stand.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("brand", "last4"):
        op.add_column("card_payments", sa.Column(name, sa.Text()), schema="banking")
    for name in ("payment_id", "refund_wallet_id"):
        op.add_column("order_group", sa.Column(name, sa.Uuid()), schema="marketplace")
    op.alter_column("order_group", "wallet_id", nullable=True, schema="marketplace")
    op.execute(
        "ALTER TABLE marketplace.order_group ADD CONSTRAINT ck_order_group_something_paid"
        " CHECK (wallet_id IS NOT NULL OR payment_id IS NOT NULL) NOT VALID"
    )
    op.create_table(
        "checkout_attempt",
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("checkout_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("wallet_minor", sa.BigInteger(), nullable=False),
        sa.Column("approval_id", sa.Uuid(), nullable=True),
        sa.Column("is_approved", sa.Boolean(), nullable=False),
        sa.Column("address", postgresql.JSONB(), nullable=False),
        sa.Column("parcels", postgresql.JSONB(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'placed', 'failed', 'given_up')",
            name=op.f("ck_checkout_attempt_state_known"),
        ),
        sa.CheckConstraint(
            "wallet_minor >= 0 AND wallet_minor < total_minor",
            name=op.f("ck_checkout_attempt_the_card_pays_something"),
        ),
        sa.ForeignKeyConstraint(
            ["checkout_id"],
            ["marketplace.checkout.id"],
            name=op.f("fk_checkout_attempt_checkout_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("payment_id", name=op.f("pk_checkout_attempt")),
        sa.UniqueConstraint(
            "checkout_id", "number", name=op.f("uq_checkout_attempt_checkout_id_number")
        ),
        schema="marketplace",
    )


def downgrade() -> None:
    op.drop_table("checkout_attempt", schema="marketplace")
    op.drop_column("order_group", "payment_id", schema="marketplace")
    op.drop_column("order_group", "refund_wallet_id", schema="marketplace")
    op.alter_column("order_group", "wallet_id", nullable=False, schema="marketplace")
    for name in ("last4", "brand"):
        op.drop_column("card_payments", name, schema="banking")
