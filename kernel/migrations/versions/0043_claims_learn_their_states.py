"""Claims learn the states of questions, of silence, of a hold and of being taken back.

`0044` looks at the rows that stand.
"""

from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

_BEFORE = (
    "'submitted', 'in_review', 'recommended', 'approved', 'waiting_for_funds', 'paid', 'refused'"
)
_NOW = (
    "'pre_opened', 'submitted', 'on_hold', 'in_review', 'info_needed', 'lapsed', 'recommended',"
    " 'approved', 'waiting_for_funds', 'paid', 'refused', 'withdrawn'"
)


def upgrade() -> None:
    _know(_NOW)


def downgrade() -> None:
    _know(_BEFORE)


def _know(states: str) -> None:
    for table in ("claims", "claim_entries"):
        op.execute(
            f"ALTER TABLE insurance.{table} DROP CONSTRAINT ck_{table}_state_known,"
            f" ADD CONSTRAINT ck_{table}_state_known CHECK (state IN ({states})) NOT VALID"
        )
