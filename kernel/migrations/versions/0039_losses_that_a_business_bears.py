"""An order of a business may end with a loss that it bears; `0040` looks at the rows that stand."""

from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_FIRST = (
    "'paid', 'dispatched', 'in_transit', 'customs', 'delivered', 'completed', 'lost', 'indemnified'"
)
_LAST = "'refunded', 'cancelled'"
_TABLES = ("vendor_order", "order_step")


def upgrade() -> None:
    _know(f"{_FIRST}, 'borne', {_LAST}")


def downgrade() -> None:
    # What was borne is settled like what was paid by a cover: to who sold and who carried it.
    for table in _TABLES:
        op.execute(f"UPDATE marketplace.{table} SET state = 'indemnified' WHERE state = 'borne'")
    _know(f"{_FIRST}, {_LAST}")


def _know(states: str) -> None:
    for table in _TABLES:
        name = f"ck_{table}_state_known"
        op.execute(
            f"ALTER TABLE marketplace.{table} DROP CONSTRAINT {name},"
            f" ADD CONSTRAINT {name} CHECK (state IN ({states})) NOT VALID"
        )
