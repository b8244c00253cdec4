"""The people that stand are looked at beside the work, and guests are found by their address."""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS kernel.ix_person_guest_email")
        op.execute(
            "CREATE INDEX CONCURRENTLY ix_person_guest_email ON kernel.person (guest_email)"
            " WHERE guest_email IS NOT NULL"
        )
        op.execute("SET lock_timeout = '1s'")

    for name in (
        "guest_email_is_lower_case",
        "account_or_guest",
        "accounts_have_a_password",
        "guests_are_nothing_else",
    ):
        op.execute(f"ALTER TABLE kernel.person VALIDATE CONSTRAINT ck_person_{name}")


def downgrade() -> None:
    op.drop_index("ix_person_guest_email", table_name="person", schema="kernel")
