"""The orders that stand are looked at beside the work."""

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("vendor_order", "order_step"):
        op.execute(f"ALTER TABLE marketplace.{table} VALIDATE CONSTRAINT ck_{table}_state_known")


def downgrade() -> None:
    pass
