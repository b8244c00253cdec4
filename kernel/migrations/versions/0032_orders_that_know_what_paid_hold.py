"""Orders that stand are looked at beside the work."""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE marketplace.order_group VALIDATE CONSTRAINT ck_order_group_something_paid"
    )


def downgrade() -> None:
    pass
