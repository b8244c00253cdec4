"""People keep lists of goods they like, share them, and hear of what became of the goods."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wish_list",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("share_token", sa.Text(), nullable=True),
        sa.Column("shown_name", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish_list")),
        schema="marketplace",
    )
    op.create_index(
        "uq_wish_list_name", "wish_list", ["person_id", "name"], unique=True, schema="marketplace"
    )
    op.create_index(
        "uq_wish_list_share_token",
        "wish_list",
        ["share_token"],
        unique=True,
        schema="marketplace",
    )
    op.create_table(
        "wish",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("list_id", sa.BigInteger(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_minor", sa.BigInteger(), nullable=True),
        sa.Column("seen_currency", sa.Text(), nullable=True),
        sa.Column("seen_country", sa.Text(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("out_since", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "num_nulls(seen_minor, seen_currency, seen_country) IN (0, 3)",
            name=op.f("ck_wish_seen_is_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["list_id"],
            ["marketplace.wish_list.id"],
            name=op.f("fk_wish_list_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["marketplace.product.id"], name=op.f("fk_wish_product_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish")),
        schema="marketplace",
    )
    op.create_index(
        "ix_wish_product_id", "wish", ["product_id"], unique=False, schema="marketplace"
    )
    op.create_index(
        "uq_wish_once", "wish", ["list_id", "product_id"], unique=True, schema="marketplace"
    )


def downgrade() -> None:
    op.drop_table("wish", schema="marketplace")
    op.drop_table("wish_list", schema="marketplace")
