"""Payments and escrows that stand are looked at beside the work."""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table, name in (
        ("card_payments", "known_purpose"),
        ("card_payments", "purpose_has_its_own"),
        ("escrows", "questioned_not_negative"),
    ):
        op.execute(f"ALTER TABLE banking.{table} VALIDATE CONSTRAINT ck_{table}_{name}")


def downgrade() -> None:
    pass
