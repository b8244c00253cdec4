"""How cover joins the house."""

from __future__ import annotations

from insurance.permissions import GRANTS, Permission
from kernel.plug import Plug

PLUG = Plug(
    name="insurance",
    package="insurance",
    blueprints=("insurance.counter.views:bp",),
    permissions=Permission,
    grants=GRANTS,
    modules=(
        "insurance.books.service",
        "insurance.quotes.models",
        "insurance.policies.models",
        "insurance.policies.events",
        "insurance.claims.models",
        "insurance.claims.jobs",
    ),
    sql=("sql/insurance.sql",),
    cli={
        "insurance-rate": "insurance.tariff.cli:insurance_rate",
        "insurance-fund-float": "insurance.books.cli:insurance_fund_float",
        "insurance-control": "insurance.books.cli:insurance_control",
    },
)
