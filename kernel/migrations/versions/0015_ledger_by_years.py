"""The ledger lies by years: what was booked until now becomes the first part.

The table is exchanged in one transaction, which reads no rows: the check of `0013` says what they
are, and their indexes stay.
"""

from alembic import op

from kernel.schema import run_beside

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None
exchanges = {"banking.entries": "banking.entries_before"}


def upgrade() -> None:
    run_beside(op.get_bind(), __file__, ".up.sql")


def downgrade() -> None:
    run_beside(op.get_bind(), __file__, ".down.sql")
