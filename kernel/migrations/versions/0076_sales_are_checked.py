"""The open covers and declarations that stand are looked at beside the work."""

from alembic import op

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE insurance.open_covers VALIDATE CONSTRAINT ck_open_covers_sales_are_whole"
    )
    op.execute(
        "ALTER TABLE insurance.declarations VALIDATE CONSTRAINT ck_declarations_source_known"
    )


def downgrade() -> None:
    pass
