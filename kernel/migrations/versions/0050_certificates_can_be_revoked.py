"""Keys and certificates can be revoked, each with its reason."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "certificate_revocations",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "reason IN ('stolen', 'lost', 'error', 'fraud')",
            name=op.f("ck_certificate_revocations_reason_known"),
        ),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_certificate_revocations")),
        schema="insurance",
    )


def downgrade() -> None:
    op.drop_table("certificate_revocations", schema="insurance")
