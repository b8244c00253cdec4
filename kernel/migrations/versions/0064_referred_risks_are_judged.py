"""Risks that the gate refers are asked of underwriters and answered once."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None

_STATES = "state IN ('asked', 'quoted', 'declined', 'lapsed')"
_REFUSED = (
    "refusal IN ('sum', 'goods', 'route', 'value', 'time', 'no_price', 'other', 'unanswered')"
)


def upgrade() -> None:
    op.create_table("referrals", *_columns(), *_constraints(), schema="insurance")
    op.create_index(
        "ix_referrals_asked",
        "referrals",
        ["answer_by"],
        schema="insurance",
        postgresql_where=sa.text("state = 'asked'"),
    )
    op.create_index(
        "ix_referrals_quoted",
        "referrals",
        ["valid_until"],
        schema="insurance",
        postgresql_where=sa.text("state = 'quoted'"),
    )
    op.create_index("ix_referrals_owner_id", "referrals", ["owner_id"], schema="insurance")
    _history()


def _columns() -> list[sa.Column[Any]]:
    instant = sa.DateTime(timezone=True)
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_ref", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("parties", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", instant, nullable=False),
        sa.Column("answer_by", instant, nullable=False),
        sa.Column("proposal", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("surcharge_pct", sa.Integer(), nullable=True),
        sa.Column("deductible", sa.Text(), nullable=True),
        sa.Column("offered_ref", sa.Text(), nullable=True),
        sa.Column("valid_until", instant, nullable=True),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.Column("refusal_words", sa.Text(), nullable=False),
        sa.Column("is_bought", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", instant, nullable=True),
    ]


def _constraints() -> list[sa.Constraint]:
    return [
        sa.CheckConstraint(
            "(state = 'asked') = (answered_at IS NULL)",
            name=op.f("ck_referrals_answered_has_instant"),
        ),
        sa.CheckConstraint(
            "(state IN ('quoted', 'lapsed')) = (offered_ref IS NOT NULL)",
            name=op.f("ck_referrals_price_has_place"),
        ),
        sa.CheckConstraint(
            "(offered_ref IS NULL) = (valid_until IS NULL)",
            name=op.f("ck_referrals_price_has_an_end"),
        ),
        sa.CheckConstraint(
            "(state = 'declined') = (refusal IS NOT NULL)",
            name=op.f("ck_referrals_no_has_a_reason"),
        ),
        sa.CheckConstraint("kind IN ('parcel', 'cargo')", name=op.f("ck_referrals_kind_known")),
        sa.CheckConstraint(_STATES, name=op.f("ck_referrals_state_known")),
        sa.CheckConstraint(_REFUSED, name=op.f("ck_referrals_refusal_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
        sa.UniqueConstraint("ref", name=op.f("uq_referrals_ref")),
        sa.UniqueConstraint("subject_ref", name=op.f("uq_referrals_subject_ref")),
    ]


def _history() -> None:
    op.create_table(
        "referral_entries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(_STATES, name=op.f("ck_referral_entries_state_known")),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["insurance.referrals.id"],
            name=op.f("fk_referral_entries_referral_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_entries")),
        schema="insurance",
    )
    op.create_index(
        "ix_referral_entries_referral_id_id",
        "referral_entries",
        ["referral_id", "id"],
        schema="insurance",
    )
    op.execute(
        "CREATE OR REPLACE TRIGGER referral_entries_are_evidence"
        " BEFORE UPDATE OR DELETE OR TRUNCATE ON insurance.referral_entries"
        " FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change()"
    )


def downgrade() -> None:
    op.drop_table("referral_entries", schema="insurance")
    op.drop_table("referrals", schema="insurance")
