"""What insurers answer to letters that ask for claims money stays as it was written."""

import sqlalchemy as sa
from alembic import op

revision = "0094"
down_revision = "0093"
branch_labels = None
depends_on = None

_CHECKS = {
    "says_known": "says IN ('pays', 'objects')",
    "pays_on_a_day": "(says = 'pays') = (pay_on IS NOT NULL)",
    "objects_with_words": "says = 'pays' OR words <> ''",
}


def upgrade() -> None:
    op.create_table(
        "float_call_answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("pay_on", sa.Date(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_float_call_answers_{name}"))
            for name, rule in _CHECKS.items()
        ),
        sa.ForeignKeyConstraint(
            ["call_id"],
            ["insurance.float_calls.id"],
            name=op.f("fk_float_call_answers_call_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_float_call_answers")),
        schema="insurance",
    )
    op.create_index(
        "ix_float_call_answers_call_id_at",
        "float_call_answers",
        ["call_id", "at"],
        schema="insurance",
    )
    op.execute(
        "CREATE OR REPLACE TRIGGER float_call_answers_are_evidence"
        " BEFORE UPDATE OR DELETE OR TRUNCATE ON insurance.float_call_answers"
        " FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change()"
    )


def downgrade() -> None:
    op.drop_table("float_call_answers", schema="insurance")
