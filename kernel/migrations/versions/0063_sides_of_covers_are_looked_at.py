"""The sides and payers of the policies that stand are looked at beside the work."""

from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("side", "payer"):
        op.execute(f"ALTER TABLE insurance.policies VALIDATE CONSTRAINT ck_policies_{name}_known")


def downgrade() -> None:
    pass
