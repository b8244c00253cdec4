"""Shops insure their parcels by rules, with their history."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "seller_rules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("least", sa.BigInteger(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("active_from", sa.Date(), nullable=False),
        sa.Column("active_until", sa.Date(), nullable=True),
        sa.Column("information", sa.Text(), nullable=False),
        sa.Column("informed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "active_until IS NULL OR active_until >= active_from",
            name=op.f("ck_seller_rules_days_in_order"),
        ),
        sa.CheckConstraint("least > 0", name=op.f("ck_seller_rules_least_is_positive")),
        sa.CheckConstraint(
            "level IN ('TL', 'STD', 'PLUS')", name=op.f("ck_seller_rules_level_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seller_rules")),
        sa.UniqueConstraint("ref", name=op.f("uq_seller_rules_ref")),
        schema="insurance",
    )
    op.create_index(
        "uq_seller_rules_organisation_id_country",
        "seller_rules",
        ["organisation_id", "country"],
        unique=True,
        schema="insurance",
        postgresql_where=sa.text("stopped_at IS NULL"),
    )
    op.create_table(
        "seller_rule_entries",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("rule_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("terms", postgresql.JSONB(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["rule_id"],
            ["insurance.seller_rules.id"],
            name=op.f("fk_seller_rule_entries_rule_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seller_rule_entries")),
        schema="insurance",
    )
    op.create_index(
        "ix_seller_rule_entries_rule_id_id",
        "seller_rule_entries",
        ["rule_id", "id"],
        schema="insurance",
    )


def downgrade() -> None:
    op.drop_table("seller_rule_entries", schema="insurance")
    op.drop_table("seller_rules", schema="insurance")
