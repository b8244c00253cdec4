"""Shipments can be insured in the bank: described, priced for two days, approved where due.

`0052` looks at the rows that stand.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_BEFORE = (
    "'transfer', 'standing_order', 'purchase', 'card_refund', 'card_details', 'limits',"
    " 'trust_payee', 'unfreeze', 'payout_account', 'batch', 'close', 'cover_change'"
)


def upgrade() -> None:
    for column in (
        sa.Column("kind", sa.Text(), server_default="cart", nullable=False),
        sa.Column("tax_rules", postgresql.JSONB(), nullable=True),
    ):
        op.add_column("quotes", column, schema="insurance")
    op.execute(
        "ALTER TABLE insurance.quotes ADD CONSTRAINT ck_quotes_kind_known"
        " CHECK (kind IN ('cart', 'bank')) NOT VALID"
    )
    op.create_table(
        "shipments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("parcel_ref", sa.Text(), nullable=False),
        sa.Column("order_ref", sa.Text(), nullable=False),
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("tracking_number", sa.Text(), nullable=False),
        sa.Column("weight_g", sa.Integer(), nullable=False),
        sa.Column("quote_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", _INSTANT, nullable=False),
        sa.Column("looked_at", _INSTANT, nullable=True),
        sa.Column("scanned_at", _INSTANT, nullable=True),
        sa.Column("informed_at", _INSTANT, nullable=True),
        sa.Column("choice", postgresql.JSONB(), nullable=True),
        sa.Column("approval_id", sa.Uuid(), nullable=True),
        sa.Column("policy_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("weight_g > 0", name=op.f("ck_shipments_weighs_something")),
        sa.CheckConstraint(
            "order_ref <> '' OR tracking_number <> ''", name=op.f("ck_shipments_can_be_found")
        ),
        sa.ForeignKeyConstraint(
            ["quote_id"], ["insurance.quotes.id"], name=op.f("fk_shipments_quote_id")
        ),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["insurance.policies.id"], name=op.f("fk_shipments_policy_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipments")),
        sa.UniqueConstraint("ref", name=op.f("uq_shipments_ref")),
        schema="insurance",
    )
    op.create_index(
        "ix_shipments_owner_id_asked_at", "shipments", ["owner_id", "asked_at"], schema="insurance"
    )
    op.create_index("ix_shipments_parcel_ref", "shipments", ["parcel_ref"], schema="insurance")
    _know(f"{_BEFORE}, 'cover', 'cargo'")


def downgrade() -> None:
    _know(_BEFORE)
    op.drop_table("shipments", schema="insurance")
    for name in ("tax_rules", "kind"):
        op.drop_column("quotes", name, schema="insurance")


def _know(acts: str) -> None:
    op.execute(
        "ALTER TABLE banking.approvals DROP CONSTRAINT ck_approvals_act_known,"
        f" ADD CONSTRAINT ck_approvals_act_known CHECK (act IN ({acts})) NOT VALID"
    )
