"""Programs act for people by keys, which are kept as digests."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "program_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("expires_at > made_at", name=op.f("ck_program_key_open_for_a_while")),
        sa.CheckConstraint("cardinality(scopes) > 0", name=op.f("ck_program_key_for_something")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["kernel.person.id"], name=op.f("fk_program_key_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_key")),
        sa.UniqueConstraint("digest", name=op.f("uq_program_key_digest")),
        schema="kernel",
    )
    op.create_index(
        "ix_program_key_person_id_made_at",
        "program_key",
        ["person_id", "made_at"],
        schema="kernel",
    )


def downgrade() -> None:
    op.drop_table("program_key", schema="kernel")
