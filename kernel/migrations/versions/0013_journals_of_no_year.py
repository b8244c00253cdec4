"""What was booked until now has numbers below those of 2027: a check says so, of new rows first.

`0014` looks at the rows that stand, so that `0015` may call them the years before.
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE banking.entries ADD CONSTRAINT ck_entries_before_years"
        " CHECK (journal_id < 2027000000000000) NOT VALID"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE banking.entries DROP CONSTRAINT ck_entries_before_years")
