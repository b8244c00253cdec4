"""What shops wrote in one language is kept in others, as a translator says it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "translation",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("source_locale", sa.Text(), nullable=False),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("left_over", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("refusal", sa.Text(), server_default="", nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('title', 'description', 'story')", name=op.f("ck_translation_kind_known")
        ),
        sa.CheckConstraint(
            "(words = '') = (refusal <> '')", name=op.f("ck_translation_says_or_refuses")
        ),
        sa.PrimaryKeyConstraint("kind", "subject_id", "locale", name=op.f("pk_translation")),
        schema="marketplace",
    )
    op.add_column(
        "product_card",
        sa.Column("translated", postgresql.JSONB(), server_default="{}", nullable=False),
        schema="marketplace",
    )


def downgrade() -> None:
    op.drop_column("product_card", "translated", schema="marketplace")
    op.drop_table("translation", schema="marketplace")
