"""People of insurers look at their insurer's figures."""

import sqlalchemy as sa
from alembic import op

revision = "0093"
down_revision = "0092"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_CHECKS = {
    "role_known": "role IN ('reader', 'treasurer')",
    "email_is_lower_case": "email = lower(email)",
    "two_people": "proposed_by <> sent_by",
    "sent_as_a_whole": "num_nonnulls(sent_by, sent_at, token_digest, expires_at) IN (0, 4)",
    "joined_by_a_link": "(joined_at IS NULL) = (person_id IS NULL)"
    " AND (joined_at IS NULL OR sent_at IS NOT NULL)",
    "ended_by_somebody": "(ended_at IS NULL) = (ended_by IS NULL)",
}


def upgrade() -> None:
    op.create_table(
        "insurer_people",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("insurer_key", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", _INSTANT, nullable=False),
        sa.Column("sent_by", sa.Uuid(), nullable=True),
        sa.Column("sent_at", _INSTANT, nullable=True),
        sa.Column("token_digest", sa.Text(), nullable=True),
        sa.Column("expires_at", _INSTANT, nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("joined_at", _INSTANT, nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", _INSTANT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_insurer_people_{name}"))
            for name, rule in _CHECKS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insurer_people")),
        schema="insurance",
    )
    _index("uq_insurer_people_email", "email", where="ended_at IS NULL", is_unique=True)
    _index(
        "uq_insurer_people_person_id",
        "person_id",
        where="ended_at IS NULL AND person_id IS NOT NULL",
        is_unique=True,
    )
    _index("uq_insurer_people_token_digest", "token_digest", is_unique=True)
    _index("ix_insurer_people_insurer_key", "insurer_key")


def _index(name: str, column: str, *, where: str = "", is_unique: bool = False) -> None:
    op.create_index(
        name,
        "insurer_people",
        [column],
        unique=is_unique,
        schema="insurance",
        postgresql_where=sa.text(where) if where else None,
    )


def downgrade() -> None:
    op.drop_table("insurer_people", schema="insurance")
