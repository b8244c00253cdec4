"""Shares of premiums and claims are ceded to reinsurers, line by line."""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cessions",
        sa.Column("treaty_key", sa.Text(), nullable=False),
        sa.Column("register", sa.Text(), nullable=False),
        sa.Column("move_id", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("commission", sa.BigInteger(), nullable=False),
        sa.Column("ceded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "register IN ('premium', 'claims')", name=op.f("ck_cessions_register_known")
        ),
        sa.PrimaryKeyConstraint("treaty_key", "register", "move_id", name=op.f("pk_cessions")),
        schema="insurance",
    )
    op.create_index(
        "ix_cessions_treaty_key_ceded_at",
        "cessions",
        ["treaty_key", "ceded_at"],
        schema="insurance",
    )


def downgrade() -> None:
    op.drop_table("cessions", schema="insurance")
