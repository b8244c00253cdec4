"""Programs are told of what happens, at addresses of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _endpoints()
    _letters()


def _endpoints() -> None:
    op.create_table(
        "endpoint",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("secret_before", sa.LargeBinary(), nullable=True),
        sa.Column("before_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(secret_before IS NULL) = (before_until IS NULL)",
            name=op.f("ck_endpoint_earlier_secret_ends"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["kernel.person.id"], name=op.f("fk_endpoint_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endpoint")),
        schema="kernel",
    )
    op.create_index("ix_endpoint_person_id", "endpoint", ["person_id"], schema="kernel")


def _letters() -> None:
    op.create_table(
        "endpoint_letter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("is_again", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_endpoint_letter_attempts_counted")),
        sa.ForeignKeyConstraint(
            ["endpoint_id"], ["kernel.endpoint.id"], name=op.f("fk_endpoint_letter_endpoint_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endpoint_letter")),
        schema="kernel",
    )
    op.create_index(
        "uq_endpoint_letter_endpoint_id_event_id",
        "endpoint_letter",
        ["endpoint_id", "event_id"],
        unique=True,
        schema="kernel",
        postgresql_where=sa.text("NOT is_again"),
    )
    op.create_index(
        "ix_endpoint_letter_endpoint_id_id",
        "endpoint_letter",
        ["endpoint_id", "id"],
        schema="kernel",
    )
    op.create_index(
        "ix_endpoint_letter_due_at",
        "endpoint_letter",
        ["due_at"],
        schema="kernel",
        postgresql_where=sa.text("done_at IS NULL AND given_up_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("endpoint_letter", schema="kernel")
    op.drop_table("endpoint", schema="kernel")
