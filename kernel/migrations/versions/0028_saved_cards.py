"""People may let the network keep a card, and pay with it again."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_cards",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("customer_ref", sa.Text(), nullable=False),
        sa.Column("method_ref", sa.Text(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("last4", sa.Text(), nullable=False),
        sa.Column("month", sa.SmallInteger(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "month BETWEEN 1 AND 12 AND last4 ~ '^[0-9]{4}$'",
            name=op.f("ck_saved_cards_looks_like_one"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_cards")),
        sa.UniqueConstraint("method_ref", name=op.f("uq_saved_cards_method_ref")),
        schema="banking",
    )
    op.create_index(
        "uq_saved_cards_owner_id_fingerprint",
        "saved_cards",
        ["owner_id", "fingerprint"],
        unique=True,
        schema="banking",
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.add_column(
        "card_payments",
        sa.Column("saves_card", sa.Boolean(), server_default="false", nullable=False),
        schema="banking",
    )
    for name in ("customer_ref", "method_ref"):
        op.add_column("card_payments", sa.Column(name, sa.Text()), schema="banking")


def downgrade() -> None:
    for name in ("method_ref", "customer_ref", "saves_card"):
        op.drop_column("card_payments", name, schema="banking")
    op.drop_table("saved_cards", schema="banking")
