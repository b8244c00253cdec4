"""Questions are reported, decided on and objected to as listings and reviews are.

Their reports and removals move into the tables of moderation; a letter that still waits leads on.
"""

from alembic import op

from kernel.schema import run_beside

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_beside(op.get_bind(), __file__, ".up.sql")


def downgrade() -> None:
    run_beside(op.get_bind(), __file__, ".down.sql")
