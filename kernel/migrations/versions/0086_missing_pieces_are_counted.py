"""Claims keep which pieces were missing, and drafts of notices what was typed for their cause."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0086"
down_revision = "0085"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "claim_items",
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("of_pieces", sa.Integer(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "pieces BETWEEN 1 AND of_pieces", name=op.f("ck_claim_items_pieces_were_in_it")
        ),
        sa.CheckConstraint("item >= 0 AND value >= 0", name=op.f("ck_claim_items_not_negative")),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["insurance.claims.id"], name=op.f("fk_claim_items_claim_id")
        ),
        sa.PrimaryKeyConstraint("claim_id", "item", name=op.f("pk_claim_items")),
        schema="insurance",
    )
    op.add_column(
        "notice_drafts",
        sa.Column("more", JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        schema="insurance",
    )


def downgrade() -> None:
    op.drop_column("notice_drafts", "more", schema="insurance")
    op.drop_table("claim_items", schema="insurance")
