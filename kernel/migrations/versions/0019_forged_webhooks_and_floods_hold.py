"""The counts that stand are looked at beside the work."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE kernel.refusal_count VALIDATE CONSTRAINT ck_refusal_count_kind_known")


def downgrade() -> None:
    pass
