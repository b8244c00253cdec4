"""Tariffs are written as drafts, rated beforehand, and published by two people from a day on."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _drafts()
    _publications()
    _shadow_runs()


def _drafts() -> None:
    op.create_table(
        "tariff_drafts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("insurer_key", sa.Text(), nullable=False),
        sa.Column("based_on", sa.Text(), nullable=False),
        sa.Column("document", postgresql.JSONB(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("rated_edition", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("version", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'proposed', 'published')",
            name=op.f("ck_tariff_drafts_state_known"),
        ),
        sa.CheckConstraint(
            "state = 'open' OR (proposed_by IS NOT NULL AND valid_from IS NOT NULL)",
            name=op.f("ck_tariff_drafts_proposed_by_somebody"),
        ),
        sa.CheckConstraint(
            "(state = 'published') = (version IS NOT NULL)",
            name=op.f("ck_tariff_drafts_published_is_named"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tariff_drafts")),
        sa.UniqueConstraint("ref", name=op.f("uq_tariff_drafts_ref")),
        schema="insurance",
    )
    op.create_index(
        "ix_tariff_drafts_created_at", "tariff_drafts", ["created_at"], schema="insurance"
    )


def _publications() -> None:
    op.create_table(
        "tariff_publications",
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("insurer_key", sa.Text(), nullable=False),
        sa.Column("based_on", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("document", postgresql.JSONB(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("accepted", postgresql.JSONB(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "proposed_by <> published_by", name=op.f("ck_tariff_publications_two_people")
        ),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_tariff_publications")),
        schema="insurance",
    )
    op.create_index(
        "uq_tariff_publications_insurer_key_valid_from",
        "tariff_publications",
        ["insurer_key", "valid_from"],
        unique=True,
        schema="insurance",
    )


def _shadow_runs() -> None:
    op.create_table(
        "shadow_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", postgresql.JSONB(), nullable=True),
        sa.CheckConstraint(
            "(done_at IS NULL) = (result IS NULL)", name=op.f("ck_shadow_runs_done_has_result")
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["insurance.tariff_drafts.id"],
            name=op.f("fk_shadow_runs_draft_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shadow_runs")),
        schema="insurance",
    )
    op.create_index(
        "uq_shadow_runs_draft_id_edition",
        "shadow_runs",
        ["draft_id", "edition"],
        unique=True,
        schema="insurance",
    )


def downgrade() -> None:
    for table in ("shadow_runs", "tariff_publications", "tariff_drafts"):
        op.drop_table(table, schema="insurance")
