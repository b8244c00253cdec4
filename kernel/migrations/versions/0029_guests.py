"""Guests buy without an account: people with an address for letters, and nothing to sign in with.

`0030` looks at the people that stand.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_CHECKS = {
    "guest_email_is_lower_case": "guest_email = lower(guest_email)",
    "account_or_guest": "num_nonnulls(email, guest_email) = 1",
    "accounts_have_a_password": "(email IS NULL) = (password_hash IS NULL)",
    "guests_are_nothing_else": "(guest_email IS NOT NULL) = (roles = ARRAY['guest'])",
}


def upgrade() -> None:
    op.add_column("person", sa.Column("guest_email", sa.Text()), schema="kernel")
    for name in ("email", "password_hash"):
        op.alter_column("person", name, nullable=True, schema="kernel")
    for name, condition in _CHECKS.items():
        op.execute(
            f"ALTER TABLE kernel.person ADD CONSTRAINT ck_person_{name}"
            f" CHECK ({condition}) NOT VALID"
        )
    op.add_column(
        "person_session",
        sa.Column("by_link", sa.Boolean(), server_default="false", nullable=False),
        schema="kernel",
    )
    op.create_table(
        "guest",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("bought_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(over_at IS NULL) = (taken_by IS NULL)", name=op.f("ck_guest_over_once_taken")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["kernel.person.id"], name=op.f("fk_guest_person_id")
        ),
        sa.ForeignKeyConstraint(["taken_by"], ["kernel.person.id"], name=op.f("fk_guest_taken_by")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_guest")),
        schema="kernel",
    )
    op.create_index("ix_guest_opened_at", "guest", ["opened_at"], schema="kernel")
    op.create_index(
        "ix_guest_taken_by",
        "guest",
        ["taken_by"],
        schema="kernel",
        postgresql_where=sa.text("taken_by IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_table("guest", schema="kernel")
    op.drop_column("person_session", "by_link", schema="kernel")
    for name in _CHECKS:
        op.execute(f"ALTER TABLE kernel.person DROP CONSTRAINT ck_person_{name}")
    for name in ("password_hash", "email"):
        op.alter_column("person", name, nullable=False, schema="kernel")
    op.drop_column("person", "guest_email", schema="kernel")
