"""Returns of premium tax that insurers owe to states, with every line."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0090"
down_revision = "0088"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "tax_returns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("insurer_key", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("after", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("prepared_by", sa.Uuid(), nullable=False),
        sa.Column("prepared_at", _INSTANT, nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("paid_at", _INSTANT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("prepared_by <> confirmed_by", name=op.f("ck_tax_returns_two_people")),
        sa.CheckConstraint(
            "(state = 'paid') = (paid_at IS NOT NULL)"
            " AND (paid_at IS NULL) = (confirmed_by IS NULL)",
            name=op.f("ck_tax_returns_paid_by_somebody"),
        ),
        sa.CheckConstraint(
            "first < after AND extract(day FROM first) = 1",
            name=op.f("ck_tax_returns_spans_months"),
        ),
        sa.CheckConstraint(
            "state IN ('prepared', 'sent_back', 'paid')", name=op.f("ck_tax_returns_state_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tax_returns")),
        schema="insurance",
    )
    op.create_index(
        "uq_tax_returns_insurer_key_country_currency_first",
        "tax_returns",
        ["insurer_key", "country", "currency", "first"],
        unique=True,
        schema="insurance",
        postgresql_where=sa.text("state <> 'sent_back'"),
    )
    _lines()


def _lines() -> None:
    op.create_table(
        "tax_return_lines",
        sa.Column("return_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("rate", sa.Text(), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=False),
        sa.Column("journals", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.ForeignKeyConstraint(
            ["return_id"], ["insurance.tax_returns.id"], name=op.f("fk_tax_return_lines_return_id")
        ),
        sa.PrimaryKeyConstraint("return_id", "number", name=op.f("pk_tax_return_lines")),
        schema="insurance",
    )
    op.execute(
        "CREATE OR REPLACE TRIGGER tax_return_lines_are_evidence"
        " BEFORE UPDATE OR DELETE OR TRUNCATE ON insurance.tax_return_lines"
        " FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change()"
    )


def downgrade() -> None:
    op.drop_table("tax_return_lines", schema="insurance")
    op.drop_table("tax_returns", schema="insurance")
