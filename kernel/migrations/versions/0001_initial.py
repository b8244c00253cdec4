"""The house as it stood at its first release.

The DDL beside this file is written by `make schema` until then; afterwards it never changes.
"""

from pathlib import Path

from alembic import op

from kernel.schema import run_script

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    ddl = (Path(__file__).parent / "0001_initial.sql").read_text(encoding="utf-8")
    run_script(op.get_bind(), ddl)


def downgrade() -> None:
    for schema in ("marketplace", "search", "insurance", "banking", "kernel"):
        op.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
