"""Claims get points with their reasons, and photographs of claims a mark."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

_REASONS = (
    "'several_claims', 'many_claims', 'photo_seen', 'near_limit', 'new_cover', 'theft_at_once',"
    " 'partly_refunded'"
)


def upgrade() -> None:
    op.create_table(
        "claim_points",
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.CheckConstraint("points > 0", name=op.f("ck_claim_points_points_are_positive")),
        sa.CheckConstraint(f"reason IN ({_REASONS})", name=op.f("ck_claim_points_reason_known")),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["insurance.claims.id"], name=op.f("fk_claim_points_claim_id")
        ),
        sa.PrimaryKeyConstraint("claim_id", "reason", name=op.f("pk_claim_points")),
        schema="insurance",
    )
    op.create_table(
        "photo_marks",
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("policy_id", sa.Uuid(), nullable=False),
        sa.Column("mark", postgresql.BYTEA(), nullable=False),
        sa.Column("bands", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.CheckConstraint("octet_length(mark) = 8", name=op.f("ck_photo_marks_mark_has_64_bits")),
        sa.ForeignKeyConstraint(
            ["photo_id"],
            ["kernel.photo.id"],
            name=op.f("fk_photo_marks_photo_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["insurance.policies.id"], name=op.f("fk_photo_marks_policy_id")
        ),
        sa.PrimaryKeyConstraint("photo_id", name=op.f("pk_photo_marks")),
        schema="insurance",
    )
    op.create_index(
        "ix_photo_marks_bands",
        "photo_marks",
        ["bands"],
        schema="insurance",
        postgresql_using="gin",
    )


def downgrade() -> None:
    op.drop_table("photo_marks", schema="insurance")
    op.drop_table("claim_points", schema="insurance")
