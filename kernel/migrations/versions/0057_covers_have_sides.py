"""A parcel may be covered for its buyer and for its seller, and a cover paid by either."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

_LIVE = "WHERE state NOT IN ('cancelled', 'voided')"


def upgrade() -> None:
    for name, default, other in (("side", "buyer", "seller"), ("payer", "holder", "vendor")):
        op.add_column(
            "policies",
            sa.Column(name, sa.Text(), nullable=False, server_default=default),
            schema="insurance",
        )
        op.execute(
            f"ALTER TABLE insurance.policies ADD CONSTRAINT ck_policies_{name}_known"
            f" CHECK ({name} IN ('{default}', '{other}')) NOT VALID"
        )
    _exchange(
        new="uq_policies_live_parcel_ref_side",
        columns="parcel_ref, side",
        old="uq_policies_live_parcel_ref",
    )


def downgrade() -> None:
    _exchange(
        new="uq_policies_live_parcel_ref",
        columns="parcel_ref",
        old="uq_policies_live_parcel_ref_side",
    )
    for name in ("payer", "side"):
        op.drop_column("policies", name, schema="insurance")


def _exchange(*, new: str, columns: str, old: str) -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS insurance.{new}")
        op.execute(
            f"CREATE UNIQUE INDEX CONCURRENTLY {new} ON insurance.policies ({columns}) {_LIVE}"
        )
        # Who is still at work without sides is held to one live policy by the new one, too.
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS insurance.{old}")
        op.execute("SET lock_timeout = '1s'")
