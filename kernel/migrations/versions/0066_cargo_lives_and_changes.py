"""Policies of cargo go on risk, end and are changed."""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None


_STATES = "'bound', 'attached', 'completed', 'cancelled', 'exhausted'"
_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _let_policies_live()
    _add_changes()


def _let_policies_live() -> None:
    op.add_column(
        "cargo_quotes", sa.Column("policy_id", sa.Uuid(), nullable=True), schema="insurance"
    )
    for column in (
        sa.Column("terms_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), server_default="bound", nullable=False),
        sa.Column("attached_at", _AT, nullable=True),
        sa.Column("discharged_on", sa.Date(), nullable=True),
        sa.Column("arrived_on", sa.Date(), nullable=True),
        sa.Column("ended_at", _AT, nullable=True),
        sa.Column("is_claim_notified", sa.Boolean(), server_default="false", nullable=False),
    ):
        op.add_column("cargo_policies", column, schema="insurance")
    op.execute(
        "ALTER TABLE insurance.cargo_policies ADD CONSTRAINT ck_cargo_policies_state_known"
        f" CHECK (state IN ({_STATES})) NOT VALID"
    )
    op.execute(
        "ALTER TABLE insurance.cargo_policies ADD CONSTRAINT fk_cargo_policies_terms_id"
        " FOREIGN KEY (terms_id) REFERENCES insurance.cargo_quotes (id) NOT VALID"
    )


def _add_changes() -> None:
    op.create_table(
        "cargo_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("policy_id", sa.Uuid(), nullable=False),
        sa.Column("on_revision", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("terms_id", sa.Uuid(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in ("net", "tax", "commission", "kept_net", "kept_commission")
        ),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("approval_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("valid_until", _AT, nullable=False),
        sa.Column("executed_at", _AT, nullable=True),
        sa.CheckConstraint(
            "kind IN ('endorse', 'assign', 'cancel')", name=op.f("ck_cargo_changes_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["insurance.cargo_policies.id"], name=op.f("fk_cargo_changes_policy_id")
        ),
        sa.ForeignKeyConstraint(
            ["terms_id"], ["insurance.cargo_quotes.id"], name=op.f("fk_cargo_changes_terms_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cargo_changes")),
        sa.UniqueConstraint("ref", name=op.f("uq_cargo_changes_ref")),
        schema="insurance",
    )
    op.create_index(
        "uq_cargo_changes_policy_id_on_revision",
        "cargo_changes",
        ["policy_id", "on_revision"],
        unique=True,
        postgresql_where=sa.text("executed_at IS NOT NULL"),
        schema="insurance",
    )
    op.create_index(
        "ix_cargo_changes_policy_id_created_at",
        "cargo_changes",
        ["policy_id", "created_at"],
        schema="insurance",
    )


def downgrade() -> None:
    op.drop_table("cargo_changes", schema="insurance")
    op.drop_column("cargo_quotes", "policy_id", schema="insurance")
    for name in (
        "is_claim_notified",
        "ended_at",
        "arrived_on",
        "discharged_on",
        "attached_at",
        "state",
        "terms_id",
    ):
        op.drop_column("cargo_policies", name, schema="insurance")
