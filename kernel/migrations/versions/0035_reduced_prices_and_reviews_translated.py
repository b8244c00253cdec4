"""Reduced prices stand beside cards, and reviews are kept in the languages of their readers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "price_drop",
        sa.Column("product_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("lowest_minor", sa.BigInteger(), nullable=False),
        sa.Column("reduced_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("product_id", "currency", name=op.f("pk_price_drop")),
        schema="marketplace",
    )
    op.create_index(
        "ix_price_drop_reduced",
        "price_drop",
        ["currency", sa.literal_column("reduced_at DESC"), sa.literal_column("product_id DESC")],
        unique=False,
        schema="marketplace",
    )
    for table in ("review", "review_answer"):
        op.add_column(
            table,
            sa.Column("translated", postgresql.JSONB(), server_default="{}", nullable=False),
            schema="marketplace",
        )


def downgrade() -> None:
    for table in ("review_answer", "review"):
        op.drop_column(table, "translated", schema="marketplace")
    op.drop_index("ix_price_drop_reduced", table_name="price_drop", schema="marketplace")
    op.drop_table("price_drop", schema="marketplace")
