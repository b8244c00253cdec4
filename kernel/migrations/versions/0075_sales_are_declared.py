"""A shop's open cover takes what the shop sells; the withdrawals that stand are looked at.

`0076` looks at covers and declarations beside the work.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("sales_of", sa.Uuid()),
    ("sales_from", sa.BigInteger()),
    ("sales_to", postgresql.ARRAY(sa.Text())),
)
_BEFORE = "'form', 'file', 'order', 'api'"


def upgrade() -> None:
    op.execute(
        "ALTER TABLE insurance.declarations VALIDATE CONSTRAINT ck_declarations_withdrawn_whole"
    )
    for name, kind in _COLUMNS:
        op.add_column("open_covers", sa.Column(name, kind, nullable=True), schema="insurance")
    op.execute(
        "ALTER TABLE insurance.open_covers ADD CONSTRAINT ck_open_covers_sales_are_whole CHECK ("
        "(sales_of IS NULL) = (sales_from IS NULL)"
        " AND (sales_of IS NULL) = (sales_to IS NULL)) NOT VALID"
    )
    _know("'form', 'file', 'order', 'sale', 'api'")
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS insurance.ix_open_covers_sales_of")
        op.execute(
            "CREATE INDEX CONCURRENTLY ix_open_covers_sales_of"
            " ON insurance.open_covers (sales_of) WHERE sales_of IS NOT NULL"
        )
        op.execute("SET lock_timeout = '1s'")


def downgrade() -> None:
    _know(_BEFORE)
    op.drop_index("ix_open_covers_sales_of", table_name="open_covers", schema="insurance")
    op.execute("ALTER TABLE insurance.open_covers DROP CONSTRAINT ck_open_covers_sales_are_whole")
    for name, _ in _COLUMNS:
        op.drop_column("open_covers", name, schema="insurance")


def _know(sources: str) -> None:
    op.execute(
        "ALTER TABLE insurance.declarations DROP CONSTRAINT ck_declarations_source_known,"
        f" ADD CONSTRAINT ck_declarations_source_known CHECK (source IN ({sources})) NOT VALID"
    )
