"""A carrier's silence is told once."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "silences",
        sa.Column("policy_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["insurance.policies.id"], name=op.f("fk_silences_policy_id")
        ),
        sa.PrimaryKeyConstraint("policy_id", "since", name=op.f("pk_silences")),
        schema="insurance",
    )


def downgrade() -> None:
    op.drop_table("silences", schema="insurance")
