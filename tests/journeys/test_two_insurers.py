"""A cart whose parcels two insurers cover: one payment, and each order with its own insurer."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from banking import api as bank
from insurance import api as cover
from insurance.money.books import rules
from kernel.db import reading
from kernel.money import Money
from marketplace.buying.checkout import queries as checkouts
from marketplace.buying.checkout import service as checkout
from tests.journeys.shopping import by_country, open_information, pay, to_review

pytestmark = pytest.mark.journey

HAVRE, LYS = "havre-cargo", "lys-overseas"
_PAID = text(
    "SELECT e.journal_id, a.key, sum(e.amount) AS due FROM banking.entries AS e"
    " JOIN banking.ledger_accounts AS a ON a.id = e.account_id"
    " JOIN banking.journals AS j ON j.id = e.journal_id"
    " WHERE a.kind = 'premium_payable' AND j.kind = 'escrow_funded'"
    " GROUP BY e.journal_id, a.key ORDER BY a.key"
)


@pytest.fixture
def by_level(monkeypatch):
    """The widest level goes by the second insurer, everywhere."""
    first = rules.insurers()[0].valid_from
    known = {"country": "any", "product": "any", "valid_from": first, "valid_until": None}
    table = (
        rules.Rule(level="PLUS", insurer=LYS, **known),
        rules.Rule(level="any", insurer=HAVRE, **known),
    )
    monkeypatch.setattr(rules, "selling_rules", lambda: table)


def test_a_cart_by_two_insurers_is_paid_once_and_each_gets_its_own(
    market, noon, by_level, signed_in, with_money, available
):
    buyer = signed_in("camille@example.com")
    with_money(buyer, "1000 EUR")
    view = to_review(market, buyer, cover_level=None, business="Maison Perrin")
    parcels = {parcel.vendor.country: parcel for parcel in view.parcels}
    chosen = {"CN": "STD", "DK": "PLUS"}
    covers = {
        parcels[country].vendor.id: checkout.Choice(level, with_delay=False)
        for country, level in chosen.items()
    }
    checkout.choose(
        ref=view.ref, options={}, covers=covers, business_name="Maison Perrin", actor=buyer
    )
    open_information(view.ref, buyer)
    with reading():
        view = checkouts.checkout_for(buyer, view.ref)

    found = by_country(pay(view, buyer))

    assert available(buyer, "EUR") == Money.of("1000", "EUR") - view.total
    with reading():
        paid = market.execute(_PAID).all()
        policies = {
            country: cover.policy_for_parcel(parcel_ref=order.parcel_ref)
            for country, order in found.items()
        }
        assert bank.verify_ledger().balanced
        rows = {
            row.insurer_key: row
            for row in cover.control_accounts()
            if row.premium_due_platform.currency == "EUR"
        }
    assert {country: one.insurer_key for country, one in policies.items()} == {
        "CN": HAVRE,
        "DK": LYS,
    }
    assert len({row.journal_id for row in paid}) == 1
    due = {policy.insurer_key: policy.net - policy.commission for policy in policies.values()}
    assert {row.key: Money(int(row.due), "EUR") for row in paid} == due
    for key, amount in due.items():
        assert rows[key].premium_due_platform == rows[key].premium_due_insurer == amount
