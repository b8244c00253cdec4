"""Refusals are counted by kind and hour, so that an operator hears of too many."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "refusal_count",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("alarmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('password', 'code', 'passkey', 'link', 'forbidden', 'too_many')",
            name=op.f("ck_refusal_count_kind_known"),
        ),
        sa.PrimaryKeyConstraint("kind", "hour", name=op.f("pk_refusal_count")),
        schema="kernel",
    )


def downgrade() -> None:
    op.drop_table("refusal_count", schema="kernel")
