"""What others paid for a loss may stand as its holder's notice says it, written by no officer."""

from alembic import op

revision = "0087"
down_revision = "0086"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("claim_offsets", "officer_id", nullable=True, schema="insurance")


def downgrade() -> None:
    # Whoever said it is named in place of an officer: what it takes off a claim stays.
    op.execute(
        "UPDATE insurance.claim_offsets SET officer_id = claims.policyholder_id"
        " FROM insurance.claims"
        " WHERE claims.id = claim_offsets.claim_id AND claim_offsets.officer_id IS NULL"
    )
    op.alter_column("claim_offsets", "officer_id", nullable=False, schema="insurance")
