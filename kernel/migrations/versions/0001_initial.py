"""The house as it stood at its first release; neither this nor the DDL beside it ever changes."""

from alembic import op

from kernel.schema import run_beside

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_beside(op.get_bind(), __file__, ".sql")


def downgrade() -> None:
    for schema in ("marketplace", "search", "insurance", "banking", "kernel"):
        op.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
