"""The declarations that stand are looked at beside the work."""

from alembic import op

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE insurance.declarations VALIDATE CONSTRAINT ck_declarations_withdrawn_whole"
    )


def downgrade() -> None:
    pass
