"""Losses that were paid twice are asked about; approvals know of what goes back.

`0080` looks at the approvals that stand.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0079"
down_revision = "0078"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_BEFORE = (
    "'transfer', 'standing_order', 'purchase', 'card_refund', 'card_details', 'limits',"
    " 'trust_payee', 'unfreeze', 'payout_account', 'batch', 'close', 'cover_change', 'cover',"
    " 'cargo', 'open_cover'"
)


def upgrade() -> None:
    op.create_table(
        "overpayments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("policyholder_id", sa.Uuid(), nullable=False),
        sa.Column("came_from", sa.Text(), nullable=False),
        sa.Column("cause_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("came", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("reply", sa.Text(), server_default="", nullable=False),
        sa.Column("proposal", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("approval_id", sa.Uuid(), nullable=True),
        sa.Column("opened_at", _INSTANT, nullable=False),
        sa.Column("closed_at", _INSTANT, nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_overpayments_amount_is_positive")),
        sa.CheckConstraint(
            "came_from IN ('seller', 'carrier', 'card')",
            name=op.f("ck_overpayments_came_from_known"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'open', 'returned', 'dropped')",
            name=op.f("ck_overpayments_state_known"),
        ),
        sa.CheckConstraint(
            "(closed_at IS NOT NULL) = (state IN ('returned', 'dropped'))",
            name=op.f("ck_overpayments_closed_has_instant"),
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["insurance.claims.id"], name=op.f("fk_overpayments_claim_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overpayments")),
        sa.UniqueConstraint("ref", name=op.f("uq_overpayments_ref")),
        sa.UniqueConstraint(
            "claim_id", "came_from", "cause_id", name="uq_overpayments_claim_id_came_from_cause_id"
        ),
        schema="insurance",
    )
    op.create_index(
        "ix_overpayments_policyholder_id", "overpayments", ["policyholder_id"], schema="insurance"
    )
    op.create_index(
        "ix_overpayments_open",
        "overpayments",
        ["opened_at"],
        schema="insurance",
        postgresql_where=sa.text("state IN ('waiting', 'open')"),
    )
    _know(f"{_BEFORE}, 'indemnity_back'")
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS insurance.ix_policies_order_ref")
        op.execute(
            "CREATE INDEX CONCURRENTLY ix_policies_order_ref ON insurance.policies (order_ref)"
        )
        op.execute("SET lock_timeout = '1s'")


def downgrade() -> None:
    op.drop_table("overpayments", schema="insurance")
    op.drop_index("ix_policies_order_ref", "policies", schema="insurance")
    _know(_BEFORE)


def _know(acts: str) -> None:
    op.execute(
        "ALTER TABLE banking.approvals DROP CONSTRAINT ck_approvals_act_known,"
        f" ADD CONSTRAINT ck_approvals_act_known CHECK (act IN ({acts})) NOT VALID"
    )
