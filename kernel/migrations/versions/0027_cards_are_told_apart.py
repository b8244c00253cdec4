"""Payments of one card are known as such, and what one mail address paid is found at once."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_INDEXES = {
    "ix_card_payments_fingerprint": (
        "banking.card_payments (fingerprint, captured_at) WHERE fingerprint IS NOT NULL"
    ),
    "ix_card_purchases_email": "banking.card_purchases (email, begun_at)",
}


def upgrade() -> None:
    op.add_column("card_payments", sa.Column("fingerprint", sa.Text()), schema="banking")
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")  # it waits for transactions, and nobody for it
        for name, on in _INDEXES.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS banking.{name}")
            op.execute(f"CREATE INDEX CONCURRENTLY {name} ON {on}")
        op.execute("SET lock_timeout = '1s'")


def downgrade() -> None:
    for name in _INDEXES:
        op.execute(f"DROP INDEX banking.{name}")
    op.drop_column("card_payments", "fingerprint", schema="banking")
