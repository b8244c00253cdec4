"""What a claims officer may approve is a dated row for each currency."""

import sqlalchemy as sa
from alembic import op

revision = "0088"
down_revision = "0087"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "claim_authorities",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("most", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("maker_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("most >= 0", name=op.f("ck_claim_authorities_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_authorities")),
        schema="insurance",
    )
    op.create_index(
        "ix_claim_authorities_officer_id_currency",
        "claim_authorities",
        ["officer_id", "currency"],
        schema="insurance",
    )


def downgrade() -> None:
    op.drop_table("claim_authorities", schema="insurance")
