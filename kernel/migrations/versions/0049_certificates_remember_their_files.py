"""Certificates remember the files that were handed out, each with its signature."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "certificate_issues",
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "octet_length(sha256) = 32", name=op.f("ck_certificate_issues_hash_is_sha256")
        ),
        sa.CheckConstraint(
            "octet_length(signature) = 64",
            name=op.f("ck_certificate_issues_signature_is_ed25519"),
        ),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_certificate_issues")),
        schema="insurance",
    )
    op.create_index(
        "ix_certificate_issues_number", "certificate_issues", ["number"], schema="insurance"
    )


def downgrade() -> None:
    op.drop_table("certificate_issues", schema="insurance")
