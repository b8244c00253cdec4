"""The rows of the log of safety that stand are looked at beside the work."""

from alembic import op

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE kernel.safety_log VALIDATE CONSTRAINT ck_safety_log_kind_known")


def downgrade() -> None:
    pass
