"""The approvals and quotes that stand are looked at beside the work."""

from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE banking.approvals VALIDATE CONSTRAINT ck_approvals_act_known")
    op.execute("ALTER TABLE insurance.quotes VALIDATE CONSTRAINT ck_quotes_kind_known")


def downgrade() -> None:
    pass
