"""Reports, decisions and objections of every kind stand in one set of tables.

Listings and reviews had one each. Rows keep ids and references; letters and addresses lead on.
"""

from alembic import op

from kernel.schema import run_beside

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_beside(op.get_bind(), __file__, ".up.sql")


def downgrade() -> None:
    run_beside(op.get_bind(), __file__, ".down.sql")
