"""Whoever serves is told how far copies of the database are behind, by the rights of its owner."""

from alembic import op

from kernel.schema import run_beside

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_beside(op.get_bind(), __file__, ".up.sql")


def downgrade() -> None:
    op.execute("DROP FUNCTION kernel.copies()")
