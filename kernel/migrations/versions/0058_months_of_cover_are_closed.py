"""Bordereaux of an insurer's month are kept as they were closed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

_NUMBERS = postgresql.ARRAY(sa.BigInteger())


def upgrade() -> None:
    op.create_table(
        "bordereau_months",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("insurer_key", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("totals", postgresql.JSONB(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "extract(day FROM month) = 1",
            name=op.f("ck_bordereau_months_month_is_its_first_day"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bordereau_months")),
        sa.UniqueConstraint("month", "insurer_key", "currency", name="uq_bordereau_months_month"),
        schema="insurance",
    )
    op.create_table(
        "bordereau_lines",
        sa.Column("month_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("cells", postgresql.JSONB(), nullable=False),
        sa.Column("journals", _NUMBERS, nullable=False),
        sa.Column("moves", _NUMBERS, nullable=False),
        sa.CheckConstraint(
            "kind IN ('premium', 'tax', 'claims')", name=op.f("ck_bordereau_lines_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["month_id"],
            ["insurance.bordereau_months.id"],
            name=op.f("fk_bordereau_lines_month_id"),
        ),
        sa.PrimaryKeyConstraint("month_id", "kind", "number", name=op.f("pk_bordereau_lines")),
        schema="insurance",
    )
    op.create_table(
        "closed_moves",
        sa.Column("register", sa.Text(), nullable=False),
        sa.Column("move_id", sa.BigInteger(), nullable=False),
        sa.Column("month_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["month_id"],
            ["insurance.bordereau_months.id"],
            name=op.f("fk_closed_moves_month_id"),
        ),
        sa.PrimaryKeyConstraint("register", "move_id", name=op.f("pk_closed_moves")),
        schema="insurance",
    )


def downgrade() -> None:
    op.drop_table("closed_moves", schema="insurance")
    op.drop_table("bordereau_lines", schema="insurance")
    op.drop_table("bordereau_months", schema="insurance")
