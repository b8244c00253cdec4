"""A shipment of a trader, as the tests of cargo insure it."""

from datetime import date

from insurance.rating.tariff.queries import Basis, War
from insurance.trade.cargo.rules import Cargo
from insurance.trade.clauses.queries import ClauseSet
from insurance.trade.documents_check.queries import Incoterm
from kernel.money import Money


def make_cargo(*, value="48500.00", currency="EUR", freight="0.00", **overrides) -> Cargo:
    fields = {
        "business": "Teehaus Brandt GmbH",
        "country": "DE",
        "goods": "Porcelain teapots",
        "hs_code": "830621",
        "marks": "TB 1-40, 40 cartons",
        "basis": Basis.CIF,
        "value": Money.of(value, currency),
        "freight": Money.of(freight, currency),
        "uplift_pct": "10",
        "incoterm": Incoterm.CIF,
        "clauses": ClauseSet.ICC_A,
        "additional": (),
        "war": War.NONE,
        "deductible": "0.5",
        "origin_country": "CN",
        "origin": "Jingdezhen",
        "destination_country": "DE",
        "destination": "Berlin",
        "mode": "FCL",
        "conveyance": "MV Yangtze Star 612E",
        "document": "NGB-4471",
        "invoice": "INV-88",
        "departs_on": date(2026, 6, 10),
        "originals": 2,
        "payable_at": "Berlin",
        "is_letter_of_credit": False,
        "credit_currency": "",
        "credit_from": "",
        "credit_to": "",
        "credit_wants_policy": False,
        "credit_wants_no_deductible": False,
    }
    return Cargo(**fields | overrides)
