"""The cases with carriers that stand are looked at, and found by their claim for cargo."""

from alembic import op

revision = "0083"
down_revision = "0082"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in (
        "fk_carrier_claims_cargo_claim_id",
        "ck_carrier_claims_asks_for_one_claim",
        "ck_carrier_claims_passes_on_what_came",
        "ck_carrier_claims_carried_something",
    ):
        op.execute(f"ALTER TABLE insurance.carrier_claims VALIDATE CONSTRAINT {name}")
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS insurance.uq_carrier_claims_cargo_claim_id")
        op.execute(
            "CREATE UNIQUE INDEX CONCURRENTLY uq_carrier_claims_cargo_claim_id"
            " ON insurance.carrier_claims (cargo_claim_id)"
        )
        op.execute("SET lock_timeout = '1s'")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS insurance.uq_carrier_claims_cargo_claim_id")
        op.execute("SET lock_timeout = '1s'")
