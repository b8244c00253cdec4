"""Losses of cargo are claimed, surveyed, decided by two officers and paid."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)
_JSON = postgresql.JSONB(astext_type=sa.Text())
_STATES = (
    "'submitted', 'guaranteed', 'surveyed', 'recommended', 'approved', 'waiting_for_funds', "
    "'paid', 'refused', 'withdrawn'"
)
_PERILS = (
    "'fire', 'stranding', 'overturning', 'collision', 'port_of_distress', 'sacrifice', "
    "'jettison', 'general_average', 'earthquake', 'washed_overboard', 'seawater', "
    "'dropped_overboard', 'rain', 'breakage', 'theft', 'malice', 'war', 'mine', 'strikes', "
    "'terrorism', 'delay', 'packing', 'leakage', 'inherent_vice', 'wilful'"
)


def upgrade() -> None:
    _add_claims()
    _add_looks()
    _add_entries()


def _add_claims() -> None:
    op.create_table(
        "cargo_claims",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("policy_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("peril", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("claimed", sa.BigInteger(), nullable=False),
        sa.Column("reserve", sa.BigInteger(), nullable=False),
        sa.Column("payable", sa.BigInteger(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("survey", _JSON, nullable=True),
        sa.Column("proposal", _JSON, nullable=True),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.Column("maker_id", sa.Uuid(), nullable=True),
        sa.Column("checker_id", sa.Uuid(), nullable=True),
        sa.Column("loss_on", sa.Date(), nullable=False),
        sa.Column("opened_at", _AT, nullable=False),
        sa.Column("guaranteed_at", _AT, nullable=True),
        sa.Column("decided_at", _AT, nullable=True),
        sa.Column("paid_at", _AT, nullable=True),
        sa.CheckConstraint(
            "claimed > 0 AND reserve >= 0 AND payable >= 0",
            name=op.f("ck_cargo_claims_not_negative"),
        ),
        sa.CheckConstraint(
            "(paid_at IS NOT NULL) = (state = 'paid')",
            name=op.f("ck_cargo_claims_paid_has_instant"),
        ),
        sa.CheckConstraint(
            "maker_id IS NULL OR checker_id IS NULL OR maker_id <> checker_id",
            name=op.f("ck_cargo_claims_maker_is_not_checker"),
        ),
        sa.CheckConstraint(
            "kind IN ('damage', 'total_loss', 'general_average')",
            name=op.f("ck_cargo_claims_kind_known"),
        ),
        sa.CheckConstraint(f"peril IN ({_PERILS})", name=op.f("ck_cargo_claims_peril_known")),
        sa.CheckConstraint(f"state IN ({_STATES})", name=op.f("ck_cargo_claims_state_known")),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["insurance.cargo_policies.id"], name=op.f("fk_cargo_claims_policy_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cargo_claims")),
        sa.UniqueConstraint("ref", name=op.f("uq_cargo_claims_ref")),
        schema="insurance",
    )


def _add_looks() -> None:
    for name, columns in (
        ("ix_cargo_claims_policy_id", ["policy_id"]),
        ("ix_cargo_claims_owner_id_opened_at", ["owner_id", "opened_at"]),
    ):
        op.create_index(name, "cargo_claims", columns, schema="insurance")
    op.create_index(
        "ix_cargo_claims_open",
        "cargo_claims",
        ["opened_at"],
        postgresql_where=sa.text("state NOT IN ('paid', 'refused', 'withdrawn')"),
        schema="insurance",
    )


def _add_entries() -> None:
    op.create_table(
        "cargo_claim_entries",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("facts", _JSON, nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("at", _AT, nullable=False),
        sa.CheckConstraint(
            f"state IN ({_STATES})", name=op.f("ck_cargo_claim_entries_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"],
            ["insurance.cargo_claims.id"],
            name=op.f("fk_cargo_claim_entries_claim_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cargo_claim_entries")),
        schema="insurance",
    )
    op.create_index(
        "ix_cargo_claim_entries_claim_id_id",
        "cargo_claim_entries",
        ["claim_id", "id"],
        schema="insurance",
    )
    op.execute(
        "CREATE OR REPLACE TRIGGER cargo_claim_entries_are_evidence"
        " BEFORE UPDATE OR DELETE OR TRUNCATE ON insurance.cargo_claim_entries"
        " FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change()"
    )


def downgrade() -> None:
    op.drop_table("cargo_claim_entries", schema="insurance")
    op.drop_table("cargo_claims", schema="insurance")
