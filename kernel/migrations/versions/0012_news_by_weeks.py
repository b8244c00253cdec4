"""News lies by weeks: what was there becomes the rest, each week to come has a table of its own.

The two tables are exchanged in one transaction, which reads what is there once (a second for ten
million rows); their indexes stay, but for the one that is built beside the work before.
"""

from alembic import op

from kernel.schema import run_beside

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None
exchanges = {"kernel.outbox": "kernel.outbox_rest", "kernel.delivery": "kernel.delivery_rest"}


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")  # it waits for transactions, and nobody for it
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS kernel.ix_outbox_rest_seq")
        op.execute("CREATE INDEX CONCURRENTLY ix_outbox_rest_seq ON kernel.outbox (seq)")
        op.execute("SET lock_timeout = '1s'")
    run_beside(op.get_bind(), __file__, ".up.sql")


def downgrade() -> None:
    run_beside(op.get_bind(), __file__, ".down.sql")
