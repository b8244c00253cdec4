"""The states and terms of the cargo policies that stand are looked at beside the work."""

from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("ck_cargo_policies_state_known", "fk_cargo_policies_terms_id"):
        op.execute(f"ALTER TABLE insurance.cargo_policies VALIDATE CONSTRAINT {name}")


def downgrade() -> None:
    pass
