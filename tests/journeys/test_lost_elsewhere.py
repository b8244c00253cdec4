"""A lost parcel whose cover pays for other causes: the seller refunds, and cover its price."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from banking import api as bank
from insurance import api as cover
from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.db import reading, session
from kernel.mail import mailbox
from kernel.money import Money
from marketplace.buying.orders import queries as orders
from marketplace.buying.orders import service as order_service
from marketplace.logistics.shipping.cli import settle
from tests.asking import says
from tests.journeys.shopping import by_country, house_transaction, pay, to_review

pytestmark = pytest.mark.journey


def test_a_lost_parcel_whose_cover_pays_only_for_damage_is_refunded_with_the_price_of_cover(
    market, noon, signed_in, with_money, available, browse
):
    buyer = signed_in("camille@example.com")
    with_money(buyer, "500 EUR")
    before = available(buyer, "EUR")
    bought = by_country(pay(to_review(market, buyer), buyer))
    pot, lamp = bought["CN"], bought["DK"]
    with house_transaction():
        session().execute(text("""UPDATE insurance.policies SET perils = '["damage"]'"""))
        session().expire_all()
    order_service.dispatch(order_ref=pot.ref, actor=SYSTEM)
    settle()

    for _ in range(2):
        order_service.note_lost(
            parcel_ref=pot.parcel_ref,
            at=house_clock.now(),
            evidence={"carrier": "gone"},
            actor=SYSTEM,
        )
        settle()

    assert available(buyer, "EUR") == before - lamp.total
    with reading():
        assert orders.by_ref(pot.ref).state == "refunded"
        assert bank.escrow_of(order_ref=pot.ref).remaining == Money.zero("EUR")
        policy = cover.policy_for_parcel(parcel_ref=pot.parcel_ref)
        assert cover.claims_of(owner_id=buyer.person_id) == []
        assert all(row.is_balanced for row in cover.control_accounts())
        assert bank.verify_ledger().balanced
    (letter,) = (one for one in mailbox(recipient=buyer.email) if "order_lost" in one.template)
    assert not letter.data["is_insured"]
    assert letter.data["cover_back"] == policy.total.plain()
    assert "pour son assurance." in letter.told_text
    page = browse(buyer).get(f"/en/cover/policies/{policy.number}")
    assert says(page, "Lost on the way. The seller refunded you, and your cover's price came back.")
