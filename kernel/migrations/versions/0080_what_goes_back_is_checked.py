"""The approvals that stand are looked at beside the work."""

from alembic import op

revision = "0080"
down_revision = "0079"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE banking.approvals VALIDATE CONSTRAINT ck_approvals_act_known")


def downgrade() -> None:
    pass
