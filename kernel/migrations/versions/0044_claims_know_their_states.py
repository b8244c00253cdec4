"""Claims that stand are looked at beside the work."""

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("claims", "claim_entries"):
        op.execute(f"ALTER TABLE insurance.{table} VALIDATE CONSTRAINT ck_{table}_state_known")


def downgrade() -> None:
    pass
