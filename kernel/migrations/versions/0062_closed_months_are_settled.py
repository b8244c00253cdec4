"""What was paid for a closed month is kept."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "settlements",
        sa.Column("month_id", sa.Uuid(), nullable=False),
        sa.Column("premium", sa.BigInteger(), nullable=False),
        sa.Column("taxes", postgresql.JSONB(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["month_id"], ["insurance.bordereau_months.id"], name=op.f("fk_settlements_month_id")
        ),
        sa.PrimaryKeyConstraint("month_id", name=op.f("pk_settlements")),
        schema="insurance",
    )


def downgrade() -> None:
    op.drop_table("settlements", schema="insurance")
