"""Policies can be changed: each change is stored with its price, and approved where it costs.

`0042` looks at the approvals that stand.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_BEFORE = (
    "'transfer', 'standing_order', 'purchase', 'card_refund', 'card_details', 'limits',"
    " 'trust_payee', 'unfreeze', 'payout_account', 'batch', 'close'"
)


def upgrade() -> None:
    for column in (
        sa.Column("revised_at", _INSTANT, nullable=True),
        sa.Column("insured_name", sa.Text(), nullable=True),
        sa.Column("assignor_id", sa.Uuid(), nullable=True),
    ):
        op.add_column("policies", column, schema="insurance")
    _add_changes()
    _know(f"{_BEFORE}, 'cover_change'")


def _add_changes() -> None:
    op.create_table(
        "changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("policy_id", sa.Uuid(), nullable=False),
        sa.Column("on_revision", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("outcome", postgresql.JSONB(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("back", sa.BigInteger(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("taker_id", sa.Uuid(), nullable=True),
        sa.Column("approval_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("valid_until", _INSTANT, nullable=False),
        sa.Column("offered_at", _INSTANT, nullable=True),
        sa.Column("declined_at", _INSTANT, nullable=True),
        sa.Column("executed_at", _INSTANT, nullable=True),
        sa.CheckConstraint(
            "kind IN ('endorse', 'assign', 'withdraw', 'cancel')",
            name=op.f("ck_changes_kind_known"),
        ),
        sa.CheckConstraint("due >= 0 AND back >= 0", name=op.f("ck_changes_sums_are_positive")),
        sa.ForeignKeyConstraint(
            ["policy_id"],
            ["insurance.policies.id"],
            name=op.f("fk_changes_policy_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
        sa.UniqueConstraint("ref", name=op.f("uq_changes_ref")),
        schema="insurance",
    )
    op.create_index(
        "uq_changes_policy_id_on_revision",
        "changes",
        ["policy_id", "on_revision"],
        unique=True,
        schema="insurance",
        postgresql_where=sa.text("executed_at IS NOT NULL"),
    )
    op.create_index(
        "ix_changes_policy_id_created_at",
        "changes",
        ["policy_id", "created_at"],
        schema="insurance",
    )
    op.create_index(
        "ix_changes_taker_id",
        "changes",
        ["taker_id"],
        schema="insurance",
        postgresql_where=sa.text("taker_id IS NOT NULL"),
    )


def downgrade() -> None:
    _know(_BEFORE)
    op.drop_table("changes", schema="insurance")
    for name in ("assignor_id", "insured_name", "revised_at"):
        op.drop_column("policies", name, schema="insurance")


def _know(acts: str) -> None:
    op.execute(
        "ALTER TABLE banking.approvals DROP CONSTRAINT ck_approvals_act_known,"
        f" ADD CONSTRAINT ck_approvals_act_known CHECK (act IN ({acts})) NOT VALID"
    )
