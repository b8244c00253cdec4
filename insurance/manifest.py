"""How cover joins the house."""

from __future__ import annotations

from insurance.permissions import GRANTS, Permission
from kernel.manifest import Manifest

MANIFEST = Manifest(
    name="insurance",
    permissions=Permission,
    grants=GRANTS,
    modules=("insurance.books.service", "insurance.counter.movements"),
    sql=("sql/insurance.sql",),
    cli={
        "insurance-rate": "insurance.tariff.cli:insurance_rate",
        "insurance-fund-float": "insurance.books.cli:insurance_fund_float",
        "certificate-rotate": "insurance.certificates.cli:certificate_rotate",
        "certificate-verify": "insurance.certificates.cli:certificate_verify",
        "insurance-control": "insurance.books.cli:insurance_control",
    },
)
