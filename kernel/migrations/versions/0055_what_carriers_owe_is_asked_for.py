"""What carriers owe for a loss is asked for, answered and booked."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

_STATES = (
    "state IN ('none', 'notice_sent', 'claimed', 'accepted', 'denied', 'received', 'closed',"
    " 'waived')"
)


def upgrade() -> None:
    _add_claims()
    _add_entries()
    _add_desk()


def _add_claims() -> None:
    op.create_table("carrier_claims", *_columns(), *_constraints(), schema="insurance")
    op.create_index(
        "ix_carrier_claims_open",
        "carrier_claims",
        ["suit_by"],
        unique=False,
        schema="insurance",
        postgresql_where=sa.text("state NOT IN ('closed', 'waived')"),
    )


def _columns() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("insurer_key", sa.Text(), nullable=False),
        sa.Column("parcel_ref", sa.Text(), nullable=False),
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("tracking_number", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("regime", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("asked", sa.BigInteger(), nullable=False),
        sa.Column("limit_sdr", sa.Numeric(), nullable=True),
        sa.Column("limit", sa.BigInteger(), nullable=True),
        sa.Column("accepted", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("received", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("notice_by", sa.Date(), nullable=False),
        sa.Column("suit_by", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("waiver", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("notice_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
    ]


def _constraints() -> list[sa.Constraint]:
    return [
        sa.CheckConstraint(
            "(closed_at IS NOT NULL) = (state IN ('closed', 'waived'))",
            name=op.f("ck_carrier_claims_ended_has_instant"),
        ),
        sa.CheckConstraint(
            "state IN ('none', 'waived') OR notice_sent_at IS NOT NULL",
            name=op.f("ck_carrier_claims_notice_comes_first"),
        ),
        sa.CheckConstraint(
            "asked >= 0 AND accepted <= asked",
            name=op.f("ck_carrier_claims_accepts_what_was_asked"),
        ),
        sa.CheckConstraint(
            "received BETWEEN 0 AND accepted", name=op.f("ck_carrier_claims_pays_what_was_accepted")
        ),
        sa.CheckConstraint(_STATES, name=op.f("ck_carrier_claims_state_known")),
        sa.CheckConstraint(
            "cause IN ('lost', 'delay', 'damage', 'theft', 'missing')",
            name=op.f("ck_carrier_claims_cause_known"),
        ),
        sa.CheckConstraint(
            "regime IN ('montreal', 'cmr', 'hague_visby')",
            name=op.f("ck_carrier_claims_regime_known"),
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["insurance.claims.id"], name=op.f("fk_carrier_claims_claim_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carrier_claims")),
        sa.UniqueConstraint("claim_id", name=op.f("uq_carrier_claims_claim_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_carrier_claims_ref")),
    ]


def _add_entries() -> None:
    op.create_table(
        "carrier_claim_entries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("carrier_claim_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.Column("answer_id", sa.Text(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(_STATES, name=op.f("ck_carrier_claim_entries_state_known")),
        sa.ForeignKeyConstraint(
            ["carrier_claim_id"],
            ["insurance.carrier_claims.id"],
            name=op.f("fk_carrier_claim_entries_carrier_claim_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carrier_claim_entries")),
        sa.UniqueConstraint("answer_id", name=op.f("uq_carrier_claim_entries_answer_id")),
        schema="insurance",
    )
    op.create_index(
        "ix_carrier_claim_entries_carrier_claim_id_id",
        "carrier_claim_entries",
        ["carrier_claim_id", "id"],
        unique=False,
        schema="insurance",
    )
    op.execute(
        "CREATE OR REPLACE TRIGGER carrier_claim_entries_are_evidence"
        " BEFORE UPDATE OR DELETE OR TRUNCATE ON insurance.carrier_claim_entries"
        " FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change()"
    )


def _add_desk() -> None:
    op.create_table(
        "carrier_desk_letters",
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("asked", sa.BigInteger(), nullable=False),
        sa.Column("most", sa.BigInteger(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("mood", sa.Text(), server_default="", nullable=False),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('notice', 'claim', 'reminder')",
            name=op.f("ck_carrier_desk_letters_kind_known"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_carrier_desk_letters")),
        schema="insurance",
    )
    op.create_index(
        op.f("ix_carrier_desk_letters_ref"),
        "carrier_desk_letters",
        ["ref"],
        unique=False,
        schema="insurance",
    )
    op.create_table(
        "carrier_desk_mischief",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("remaining", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('timeout', 'duplicate', 'deny', 'part', 'silent')",
            name=op.f("ck_carrier_desk_mischief_kind_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carrier_desk_mischief")),
        schema="insurance",
    )


def downgrade() -> None:
    op.drop_table("carrier_claim_entries", schema="insurance")
    op.drop_table("carrier_claims", schema="insurance")
    op.drop_table("carrier_desk_mischief", schema="insurance")
    op.drop_table("carrier_desk_letters", schema="insurance")
