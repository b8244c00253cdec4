"""The approvals that stand are looked at beside the work."""

from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE banking.approvals VALIDATE CONSTRAINT ck_approvals_act_known")


def downgrade() -> None:
    pass
