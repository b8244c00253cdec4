"""Cards pay for purchases without a wallet, and orders know who paid and which are disputed.

`0026` looks at the rows that stand.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _purchases()
    _orders()
    _columns()


def _orders() -> None:
    op.create_table(
        "escrow_payers",
        sa.Column("order_ref", sa.Text(), nullable=False),
        sa.Column("payer_id", sa.Uuid(), nullable=False),
        sa.Column("is_card", sa.Boolean(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("funded", sa.BigInteger(), nullable=False),
        sa.Column("refunded", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("funded > 0", name=op.f("ck_escrow_payers_funded_positive")),
        sa.CheckConstraint("refunded >= 0", name=op.f("ck_escrow_payers_not_negative")),
        sa.ForeignKeyConstraint(
            ["order_ref"], ["banking.escrows.order_ref"], name=op.f("fk_escrow_payers_order_ref")
        ),
        sa.PrimaryKeyConstraint("order_ref", "payer_id", name=op.f("pk_escrow_payers")),
        schema="banking",
    )
    op.create_index(
        "ix_escrow_payers_payer_id", "escrow_payers", ["payer_id"], unique=False, schema="banking"
    )


def _purchases() -> None:
    op.create_table(
        "card_purchases",
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("placed_key", sa.Uuid(), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(outcome = 'placed') = (placed_key IS NOT NULL)"
            " AND (outcome = 'open') = (ended_at IS NULL)",
            name=op.f("ck_card_purchases_ended_has_instant"),
        ),
        sa.CheckConstraint(
            "outcome IN ('open', 'placed', 'given_up')",
            name=op.f("ck_card_purchases_known_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["banking.card_payments.id"], name=op.f("fk_card_purchases_payment_id")
        ),
        sa.PrimaryKeyConstraint("payment_id", name=op.f("pk_card_purchases")),
        schema="banking",
    )
    op.create_index(
        "ix_card_purchases_open",
        "card_purchases",
        ["begun_at"],
        unique=False,
        schema="banking",
        postgresql_where=sa.text("outcome = 'open'"),
    )
    op.create_index(
        "ix_card_purchases_subject", "card_purchases", ["subject"], unique=False, schema="banking"
    )
    _credits()


def _credits() -> None:
    op.create_table(
        "purchase_credits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=True),
        sa.Column("link_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("letters", sa.Integer(), server_default="0", nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'waiting') = (ended_at IS NULL)",
            name=op.f("ck_purchase_credits_ended_has_instant"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'to_card', 'to_wallet', 'taken')",
            name=op.f("ck_purchase_credits_known_state"),
        ),
        sa.CheckConstraint(
            "why IN ('not_taken', 'more_than_charged', 'too_late', 'disputed')",
            name=op.f("ck_purchase_credits_known_why"),
        ),
        sa.CheckConstraint(
            "(token_digest IS NULL OR link_until IS NOT NULL) AND letters >= 0",
            name=op.f("ck_purchase_credits_link_ends"),
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_purchase_credits_amount_positive")),
        sa.ForeignKeyConstraint(
            ["payment_id"],
            ["banking.card_payments.id"],
            name=op.f("fk_purchase_credits_payment_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_credits")),
        sa.UniqueConstraint("ref", name=op.f("uq_purchase_credits_ref")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_purchase_credits_token_digest")),
        schema="banking",
    )
    op.create_index(
        "ix_purchase_credits_payment_id",
        "purchase_credits",
        ["payment_id"],
        unique=False,
        schema="banking",
    )
    op.create_index(
        "ix_purchase_credits_waiting",
        "purchase_credits",
        ["arrived_at"],
        unique=False,
        schema="banking",
        postgresql_where=sa.text("state = 'waiting'"),
    )
    _questions()


def _questions() -> None:
    op.create_table(
        "escrow_questions",
        sa.Column("dispute_id", sa.Uuid(), nullable=False),
        sa.Column("order_ref", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("taken", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "amount > 0 AND taken >= 0", name=op.f("ck_escrow_questions_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["dispute_id"],
            ["banking.card_disputes.id"],
            name=op.f("fk_escrow_questions_dispute_id"),
        ),
        sa.ForeignKeyConstraint(
            ["order_ref"], ["banking.escrows.order_ref"], name=op.f("fk_escrow_questions_order_ref")
        ),
        sa.PrimaryKeyConstraint("dispute_id", "order_ref", name=op.f("pk_escrow_questions")),
        schema="banking",
    )
    op.create_index(
        "ix_escrow_questions_order_ref",
        "escrow_questions",
        ["order_ref"],
        unique=False,
        schema="banking",
    )


def _columns() -> None:
    op.add_column(
        "card_disputes",
        sa.Column("house_loss_minor", sa.BigInteger(), server_default="0", nullable=False),
        schema="banking",
    )
    op.add_column(
        "card_disputes",
        sa.Column("borne_at", sa.DateTime(timezone=True), nullable=True),
        schema="banking",
    )
    op.alter_column(
        "card_disputes", "wallet_id", existing_type=sa.UUID(), nullable=True, schema="banking"
    )
    op.alter_column(
        "card_disputes", "owner_id", existing_type=sa.UUID(), nullable=True, schema="banking"
    )
    op.add_column(
        "card_payments",
        sa.Column("purpose", sa.Text(), server_default="top_up", nullable=False),
        schema="banking",
    )
    op.add_column("card_payments", sa.Column("subject", sa.Text(), nullable=True), schema="banking")
    op.alter_column(
        "card_payments", "wallet_id", existing_type=sa.UUID(), nullable=True, schema="banking"
    )
    op.alter_column(
        "card_payments", "owner_id", existing_type=sa.UUID(), nullable=True, schema="banking"
    )
    op.alter_column(
        "card_refunds", "wallet_id", existing_type=sa.UUID(), nullable=True, schema="banking"
    )
    op.alter_column(
        "card_refunds", "owner_id", existing_type=sa.UUID(), nullable=True, schema="banking"
    )
    op.add_column(
        "escrows",
        sa.Column("questioned", sa.BigInteger(), server_default="0", nullable=False),
        schema="banking",
    )
    op.alter_column(
        "escrows", "payer_wallet_id", existing_type=sa.UUID(), nullable=True, schema="banking"
    )
    _check("card_payments", "known_purpose", "purpose IN ('top_up', 'purchase')")
    _check(
        "card_payments",
        "purpose_has_its_own",
        "(purpose = 'top_up') = (wallet_id IS NOT NULL)"
        " AND (purpose = 'purchase' OR owner_id IS NOT NULL)"
        " AND (purpose = 'purchase') = (subject IS NOT NULL)",
    )
    _check("escrows", "questioned_not_negative", "questioned >= 0")


def _check(table: str, name: str, rule: str) -> None:
    op.execute(
        f"ALTER TABLE banking.{table} ADD CONSTRAINT ck_{table}_{name} CHECK ({rule}) NOT VALID"
    )


def downgrade() -> None:
    op.alter_column(
        "escrows", "payer_wallet_id", existing_type=sa.UUID(), nullable=False, schema="banking"
    )
    op.drop_column("escrows", "questioned", schema="banking")
    op.alter_column(
        "card_refunds", "owner_id", existing_type=sa.UUID(), nullable=False, schema="banking"
    )
    op.alter_column(
        "card_refunds", "wallet_id", existing_type=sa.UUID(), nullable=False, schema="banking"
    )
    op.alter_column(
        "card_payments", "owner_id", existing_type=sa.UUID(), nullable=False, schema="banking"
    )
    op.alter_column(
        "card_payments", "wallet_id", existing_type=sa.UUID(), nullable=False, schema="banking"
    )
    op.drop_column("card_payments", "subject", schema="banking")
    op.drop_column("card_payments", "purpose", schema="banking")
    op.alter_column(
        "card_disputes", "owner_id", existing_type=sa.UUID(), nullable=False, schema="banking"
    )
    op.alter_column(
        "card_disputes", "wallet_id", existing_type=sa.UUID(), nullable=False, schema="banking"
    )
    op.drop_column("card_disputes", "borne_at", schema="banking")
    op.drop_column("card_disputes", "house_loss_minor", schema="banking")
    op.drop_index("ix_escrow_questions_order_ref", table_name="escrow_questions", schema="banking")
    op.drop_table("escrow_questions", schema="banking")
    op.drop_index(
        "ix_purchase_credits_waiting",
        table_name="purchase_credits",
        schema="banking",
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.drop_index("ix_purchase_credits_payment_id", table_name="purchase_credits", schema="banking")
    op.drop_table("purchase_credits", schema="banking")
    op.drop_index("ix_card_purchases_subject", table_name="card_purchases", schema="banking")
    op.drop_index(
        "ix_card_purchases_open",
        table_name="card_purchases",
        schema="banking",
        postgresql_where=sa.text("outcome = 'open'"),
    )
    op.drop_table("card_purchases", schema="banking")
    op.drop_index("ix_escrow_payers_payer_id", table_name="escrow_payers", schema="banking")
    op.drop_table("escrow_payers", schema="banking")
