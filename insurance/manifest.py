"""How cover joins the house."""

from __future__ import annotations

from insurance.permissions import GRANTS, SCOPES, Permission
from kernel.manifest import Manifest

MANIFEST = Manifest(
    name="insurance",
    permissions=Permission,
    grants=GRANTS,
    scopes=SCOPES,
    modules=(
        "insurance.money.books.deposits",
        "insurance.money.books.service",
        "insurance.contracts.changes.service",
        "insurance.contracts.insuring.service",
        "insurance.desks.counter.movements",
        "insurance.offers.referrals.parcels",
        "insurance.trade.cargo.movements",
        "insurance.trade.cargo.service",
        "insurance.trade.cargo.referring",
        "insurance.trade.cargo_claims.movements",
        "insurance.trade.open_cover.movements",
        "insurance.trade.open_cover.service",
        "insurance.rating.drafts.published",
    ),
    sql=("sql/insurance.sql",),
    cli={
        "insurance-rate": "insurance.rating.tariff.cli:insurance_rate",
        "insurance-fund-float": "insurance.money.books.cli:insurance_fund_float",
        "certificate-keys": "insurance.contracts.certificates.cli:certificate_keys",
        "certificate-revoke": "insurance.contracts.certificates.cli:certificate_revoke",
        "certificate-rotate": "insurance.contracts.certificates.cli:certificate_rotate",
        "certificate-verify": "insurance.contracts.certificates.cli:certificate_verify",
        "insurance-claim-limit": "insurance.losses.claims.cli:insurance_claim_limit",
        "insurance-note-sellers": "insurance.contracts.policies.cli:insurance_note_sellers",
        "insurance-control": "insurance.money.books.cli:insurance_control",
        "parcel-fault": "insurance.offers.shipments.cli:parcel_fault",
        "parcel-scan": "insurance.offers.shipments.cli:parcel_scan",
    },
)
