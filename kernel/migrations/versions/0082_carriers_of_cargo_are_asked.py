"""Carriers of cargo are asked, too: a case is of a parcel's claim or of one for cargo."""

import sqlalchemy as sa
from alembic import op

revision = "0082"
down_revision = "0080"
branch_labels = None
depends_on = None

_CHECKS = {
    "asks_for_one_claim": "(claim_id IS NULL) <> (cargo_claim_id IS NULL)",
    "passes_on_what_came": "passed_on BETWEEN 0 AND received",
    "carried_something": "packages >= 0 AND weight_g >= 0",
}


def upgrade() -> None:
    for column in (
        sa.Column("cargo_claim_id", sa.Uuid(), nullable=True),
        sa.Column("passed_on", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("packages", sa.Integer(), server_default="0", nullable=False),
        sa.Column("weight_g", sa.BigInteger(), server_default="0", nullable=False),
    ):
        op.add_column("carrier_claims", column, schema="insurance")
    op.alter_column("carrier_claims", "claim_id", nullable=True, schema="insurance")
    op.execute(
        "ALTER TABLE insurance.carrier_claims ADD CONSTRAINT fk_carrier_claims_cargo_claim_id"
        " FOREIGN KEY (cargo_claim_id) REFERENCES insurance.cargo_claims (id) NOT VALID"
    )
    for name, rule in _CHECKS.items():
        op.execute(
            f"ALTER TABLE insurance.carrier_claims ADD CONSTRAINT ck_carrier_claims_{name}"
            f" CHECK ({rule}) NOT VALID"
        )


def downgrade() -> None:
    for name in ("weight_g", "packages", "passed_on", "cargo_claim_id"):
        op.drop_column("carrier_claims", name, schema="insurance")
    op.alter_column("carrier_claims", "claim_id", nullable=False, schema="insurance")
