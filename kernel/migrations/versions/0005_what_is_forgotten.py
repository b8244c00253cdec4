"""Sign-ins and carts that are to be forgotten are found by their age."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_person_session_expires_at", "person_session", ["expires_at"], schema="kernel"
    )
    op.create_index(
        "ix_cart_visitors",
        "cart",
        ["changed_at"],
        schema="marketplace",
        postgresql_where=sa.text("person_id IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_cart_visitors", table_name="cart", schema="marketplace")
    op.drop_index("ix_person_session_expires_at", table_name="person_session", schema="kernel")
