"""What others paid for a loss is kept, and taken off its claim."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "claim_offsets",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("paid_by", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_claim_offsets_amount_is_positive")),
        sa.CheckConstraint(
            "paid_by IN ('carrier', 'seller', 'insurance')",
            name=op.f("ck_claim_offsets_paid_by_known"),
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["insurance.claims.id"], name=op.f("fk_claim_offsets_claim_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_offsets")),
        schema="insurance",
    )
    op.create_index(
        "uq_claim_offsets_standing",
        "claim_offsets",
        ["claim_id", "paid_by", "amount", "words", sa.literal_column("coalesce(item, -1)")],
        unique=True,
        schema="insurance",
        postgresql_where=sa.text("removed_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("claim_offsets", schema="insurance")
