"""Premium of policies on risk is earned by the day."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "earning_plans",
        sa.Column("policy_id", sa.Uuid(), nullable=False),
        sa.Column("insurer_key", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("commission", sa.BigInteger(), nullable=False),
        sa.Column("planned_days", sa.Integer(), nullable=False),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.Column("earned_days", sa.Integer(), server_default="0", nullable=False),
        sa.Column("earned_net", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("earned_commission", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint("planned_days > 0", name=op.f("ck_earning_plans_lasts_a_day")),
        sa.CheckConstraint(
            "earned_days BETWEEN 0 AND planned_days",
            name=op.f("ck_earning_plans_earns_planned_days"),
        ),
        sa.PrimaryKeyConstraint("policy_id", name=op.f("pk_earning_plans")),
        schema="insurance",
        postgresql_with={"fillfactor": 70},
    )
    op.create_index(
        "ix_earning_plans_running",
        "earning_plans",
        ["attached_at"],
        schema="insurance",
        postgresql_where=sa.text("ended_on IS NULL AND NOT waits AND earned_days < planned_days"),
    )
    op.create_table(
        "earned_days",
        sa.Column("policy_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("insurer_key", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("commission", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("policy_id", "day", name=op.f("pk_earned_days")),
        schema="insurance",
    )
    op.create_index("ix_earned_days_day", "earned_days", ["day"], schema="insurance")


def downgrade() -> None:
    op.drop_table("earned_days", schema="insurance")
    op.drop_table("earning_plans", schema="insurance")
