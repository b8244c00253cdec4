"""Premiums and claims are written into registers beside their journals; months get reserves."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

_UUIDS = postgresql.ARRAY(sa.Uuid())


def upgrade() -> None:
    _add_premiums()
    _add_claims()
    for table in ("premium_moves", "claim_moves"):
        op.create_index(
            f"ix_{table}_insurer_key_at",
            table,
            ["insurer_key", "currency", "at"],
            schema="insurance",
        )
        op.create_index(f"ix_{table}_subject", table, ["subject"], schema="insurance")
    _add_months()


def _add_premiums() -> None:
    op.create_table(
        "premium_moves",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("cause_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("insurer_key", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("commission", sa.BigInteger(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=False),
        sa.Column("keys", _UUIDS, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "what IN ('written', 'added', 'returned')", name=op.f("ck_premium_moves_what_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_premium_moves")),
        sa.UniqueConstraint("cause_id", "what", name="uq_premium_moves_cause_id_what"),
        schema="insurance",
    )


def _add_claims() -> None:
    op.create_table(
        "claim_moves",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("cause_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("insurer_key", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("reserve_before", sa.BigInteger(), nullable=False),
        sa.Column("reserve", sa.BigInteger(), nullable=False),
        sa.Column("owed", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("recovered", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("keys", _UUIDS, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_moves")),
        sa.UniqueConstraint("cause_id", "what", name="uq_claim_moves_cause_id_what"),
        schema="insurance",
    )


def _add_months() -> None:
    op.create_table(
        "unreported_months",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("insurer_key", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("earned", sa.BigInteger(), nullable=False),
        sa.Column("expected_loss_ratio", sa.Numeric(), nullable=False),
        sa.Column("reported_share", sa.Numeric(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_unreported_months_amount_not_negative")),
        sa.CheckConstraint(
            "extract(day FROM month) = 1",
            name=op.f("ck_unreported_months_month_is_its_first_day"),
        ),
        sa.PrimaryKeyConstraint(
            "month", "insurer_key", "currency", "product", name=op.f("pk_unreported_months")
        ),
        schema="insurance",
    )


def downgrade() -> None:
    op.drop_table("unreported_months", schema="insurance")
    op.drop_table("claim_moves", schema="insurance")
    op.drop_table("premium_moves", schema="insurance")
