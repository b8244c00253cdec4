"""A loss may be stated in another currency than its policy's."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "claims", sa.Column("stated", postgresql.JSONB(), nullable=True), schema="insurance"
    )
    op.add_column(
        "notice_drafts",
        sa.Column("currency", sa.Text(), server_default="", nullable=False),
        schema="insurance",
    )


def downgrade() -> None:
    op.drop_column("notice_drafts", "currency", schema="insurance")
    op.drop_column("claims", "stated", schema="insurance")
