"""Shipments of traders get prices and policies of their own."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cargo_quotes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("asked", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("outcome", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("tariff_version", sa.Text(), nullable=False),
        sa.Column("wish", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("approval_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("valid_until > created_at", name=op.f("ck_cargo_quotes_lives_a_while")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cargo_quotes")),
        sa.UniqueConstraint("ref", name=op.f("uq_cargo_quotes_ref")),
        schema="insurance",
    )
    op.create_index(
        "ix_cargo_quotes_owner_id_created_at",
        "cargo_quotes",
        ["owner_id", "created_at"],
        schema="insurance",
    )
    op.create_table(
        "cargo_policies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("quote_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("wallet_id", sa.Uuid(), nullable=False),
        sa.Column("insurer_key", sa.Text(), nullable=False),
        sa.Column("voyage", sa.Text(), nullable=False),
        sa.Column("departs_on", sa.Date(), nullable=False),
        sa.Column("insured_eur", sa.Numeric(precision=20, scale=2), nullable=False),
        sa.Column("demands", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("insured_eur > 0", name=op.f("ck_cargo_policies_insures_something")),
        sa.ForeignKeyConstraint(
            ["quote_id"],
            ["insurance.cargo_quotes.id"],
            name=op.f("fk_cargo_policies_quote_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cargo_policies")),
        sa.UniqueConstraint("number", name=op.f("uq_cargo_policies_number")),
        sa.UniqueConstraint("quote_id", name=op.f("uq_cargo_policies_quote_id")),
        schema="insurance",
    )
    op.create_index("ix_cargo_policies_voyage", "cargo_policies", ["voyage"], schema="insurance")
    op.create_index(
        "ix_cargo_policies_owner_id_bound_at",
        "cargo_policies",
        ["owner_id", "bound_at"],
        schema="insurance",
    )


def downgrade() -> None:
    op.drop_table("cargo_policies", schema="insurance")
    op.drop_table("cargo_quotes", schema="insurance")
