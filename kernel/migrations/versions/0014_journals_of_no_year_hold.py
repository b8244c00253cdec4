"""The rows that stand are looked at beside the work."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE banking.entries VALIDATE CONSTRAINT ck_entries_before_years")


def downgrade() -> None:
    pass
