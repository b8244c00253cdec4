"""A week of news goes only when nobody can publish into it any more."""

from alembic import op

from kernel.schema import run_beside

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_beside(op.get_bind(), __file__, ".up.sql")


def downgrade() -> None:
    run_beside(op.get_bind(), __file__, ".down.sql")
