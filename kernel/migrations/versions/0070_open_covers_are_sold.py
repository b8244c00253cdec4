"""Open covers: a year of shipments under signed terms, with a deposit; approvals know of them.

`0071` looks at the approvals that stand.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_BEFORE = (
    "'transfer', 'standing_order', 'purchase', 'card_refund', 'card_details', 'limits',"
    " 'trust_payee', 'unfreeze', 'payout_account', 'batch', 'close', 'cover_change', 'cover',"
    " 'cargo'"
)


def upgrade() -> None:
    op.add_column(
        "cargo_policies", sa.Column("open_cover", sa.Text(), nullable=True), schema="insurance"
    )
    _covers()
    _history()
    _declarations()
    for table in ("open_cover_entries", "open_cover_moves"):
        op.execute(
            f"CREATE OR REPLACE TRIGGER {table}_are_evidence"
            f" BEFORE UPDATE OR DELETE OR TRUNCATE ON insurance.{table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change()"
        )
    _know(f"{_BEFORE}, 'open_cover'")


def _covers() -> None:
    op.create_table(
        "open_covers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("asked", postgresql.JSONB(), nullable=False),
        sa.Column("terms", postgresql.JSONB(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("signed_by", sa.Uuid(), nullable=True),
        sa.Column("signed_at", _INSTANT, nullable=True),
        sa.Column("approval_id", sa.Uuid(), nullable=True),
        sa.Column("accepted_at", _INSTANT, nullable=True),
        sa.Column("wallet_id", sa.Uuid(), nullable=True),
        sa.Column("insurer_key", sa.Text(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("war_until", sa.Date(), nullable=True),
        sa.Column("deposit", sa.BigInteger(), nullable=False),
        sa.Column("owed", sa.BigInteger(), nullable=False),
        sa.Column("told_until", sa.Date(), nullable=True),
        sa.Column("turnover", sa.BigInteger(), nullable=True),
        sa.Column("adjusted_at", _INSTANT, nullable=True),
        sa.Column("orders_from", sa.BigInteger(), nullable=True),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'active', 'suspended', 'ended')",
            name=op.f("ck_open_covers_state_known"),
        ),
        sa.CheckConstraint("deposit >= 0 AND owed >= 0", name=op.f("ck_open_covers_has_floors")),
        sa.CheckConstraint(
            "(terms IS NULL) = (sha256 IS NULL) AND (terms IS NULL) = (signed_by IS NULL)",
            name=op.f("ck_open_covers_terms_are_signed"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'ended') OR (accepted_at IS NOT NULL AND wallet_id IS NOT NULL)",
            name=op.f("ck_open_covers_running_is_accepted"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_covers")),
        sa.UniqueConstraint("ref", name=op.f("uq_open_covers_ref")),
        schema="insurance",
    )
    for columns in (["owner_id", "created_at"], ["state", "created_at"]):
        op.create_index(
            f"ix_open_covers_{'_'.join(columns)}", "open_covers", columns, schema="insurance"
        )


def _history() -> None:
    _of_cover(
        "open_cover_entries",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("open_cover_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("data", postgresql.JSONB(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        by="id",
    )
    _of_cover(
        "open_cover_moves",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("open_cover_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("deposit", sa.BigInteger(), nullable=False),
        sa.Column("owed", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("at", _INSTANT, nullable=False),
        by="id",
    )
    _of_cover(
        "declaration_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("open_cover_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("lines", postgresql.JSONB(), nullable=False),
        sa.Column("sent_at", _INSTANT, nullable=False),
        sa.UniqueConstraint("ref", name=op.f("uq_declaration_files_ref")),
        by="sent_at",
    )


def _declarations() -> None:
    _of_cover(
        "declarations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("open_cover_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("seal", sa.Text(), nullable=False),
        sa.Column("policy_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("goods", sa.Text(), nullable=False),
        sa.Column("voyage", sa.Text(), nullable=False),
        sa.Column("places", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("departs_on", sa.Date(), nullable=False),
        sa.Column("cif", sa.BigInteger(), nullable=False),
        sa.Column("sum_insured", sa.BigInteger(), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=False),
        sa.Column("from_deposit", sa.BigInteger(), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.CheckConstraint(
            "source IN ('form', 'file', 'order', 'api')", name=op.f("ck_declarations_source_known")
        ),
        sa.CheckConstraint(
            "from_deposit >= 0 AND from_deposit <= net + tax",
            name=op.f("ck_declarations_draws_its_premium"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id"],
            ["insurance.cargo_policies.id"],
            name=op.f("fk_declarations_policy_id"),
        ),
        sa.UniqueConstraint("policy_id", name=op.f("uq_declarations_policy_id")),
        sa.UniqueConstraint(
            "open_cover_id", "reference", name=op.f("uq_declarations_open_cover_id_reference")
        ),
        by="at",
    )


def _of_cover(table: str, *parts: "sa.schema.SchemaItem", by: str) -> None:
    """Create a table of things of an open cover, read in an order."""
    op.create_table(
        table,
        *parts,
        sa.ForeignKeyConstraint(
            ["open_cover_id"],
            ["insurance.open_covers.id"],
            name=op.f(f"fk_{table}_open_cover_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        schema="insurance",
    )
    op.create_index(
        f"ix_{table}_open_cover_id_{by}", table, ["open_cover_id", by], schema="insurance"
    )


def downgrade() -> None:
    _know(_BEFORE)
    for table in (
        "declarations",
        "declaration_files",
        "open_cover_moves",
        "open_cover_entries",
        "open_covers",
    ):
        op.drop_table(table, schema="insurance")
    op.drop_column("cargo_policies", "open_cover", schema="insurance")


def _know(acts: str) -> None:
    op.execute(
        "ALTER TABLE banking.approvals DROP CONSTRAINT ck_approvals_act_known,"
        f" ADD CONSTRAINT ck_approvals_act_known CHECK (act IN ({acts})) NOT VALID"
    )
