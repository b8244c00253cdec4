"""Letters that ask insurers for claims money are kept as they were sent."""

import sqlalchemy as sa
from alembic import op

revision = "0091"
down_revision = "0090"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "float_calls",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("insurer_key", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("pay_by", sa.Date(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_float_calls_asks_for_something")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_float_calls")),
        sa.UniqueConstraint("ref", name=op.f("uq_float_calls_ref")),
        schema="insurance",
    )
    op.create_index(
        "ix_float_calls_insurer_key_currency_sent_at",
        "float_calls",
        ["insurer_key", "currency", "sent_at"],
        schema="insurance",
    )
    op.execute(
        "CREATE OR REPLACE TRIGGER float_calls_are_evidence"
        " BEFORE UPDATE OR DELETE OR TRUNCATE ON insurance.float_calls"
        " FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change()"
    )


def downgrade() -> None:
    op.drop_table("float_calls", schema="insurance")
