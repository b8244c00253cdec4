"""What the cover has paid for is refunded on top by who knows it, and never by the clock."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from banking import api as bank
from insurance import api as cover
from insurance.losses.claims import service as claims
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.ids import new_id
from marketplace.aftersales.returns import service
from marketplace.aftersales.returns.rules import State
from marketplace.logistics.shipping.cli import settle
from tests.asking import problem_code, says
from tests.journeys.returns.sending_back import asked, delivered, later, the

pytestmark = pytest.mark.journey
TOLD = "Cover paid the buyer %(amount)s for this order on %(day)s."


def pay_claim(buyer, first, second):
    """Two officers approve the newest claim of a buyer."""
    with reading():
        claim = cover.claims_of(owner_id=buyer.person_id)[0]
    if claim.state is cover.ClaimState.IN_REVIEW:
        claims.recommend(
            claim_id=claim.id, is_approval=True, amount=claim.claimed, reason="Seen.", actor=first
        )
        claims.confirm(claim_id=claim.id, actor=second)
    settle()


@pytest.fixture
def indemnified(market, buyer, browse, signed_in):
    """A teapot on its way back, whose damage the cover paid for meanwhile."""
    order = delivered(market, buyer, cover_level="STD")
    ref = asked(order, buyer)
    with reading():
        number = cover.policy_for_parcel(parcel_ref=order.parcel_ref).number
    told = browse(buyer).post(
        f"/en/cover/policies/{number}/claims",
        data={
            "csrf_token": "test-token",
            "cause": "damage",
            "loss": "20",
            "description": "The spout is broken off.",
        },
    )
    assert told.status_code == 303
    settle()
    pay_claim(buyer, signed_in("underwriter@example.com"), signed_in("operator@example.com"))
    with reading():
        (claim,) = cover.indemnities_of(parcel_ref=order.parcel_ref)
    service.note_sent(ref=ref, carrier="", tracking_number="", actor=buyer)
    return order, ref, claim


def test_a_seller_ticks_that_they_know_before_they_refund(
    indemnified, buyer, seller, browse, available
):
    _, ref, claim = indemnified
    desk, before = browse(seller), available(buyer, "EUR")
    page = desk.get(f"/en/desk/returns/{ref}")
    assert says(page, TOLD)
    assert str(claim.payable.amount) in page.text
    assert BeautifulSoup(page.text, "html.parser").select_one("input[name=knows_compensated]")

    token = {"csrf_token": "test-token"}
    refused = desk.post(f"/en/desk/returns/{ref}/received", data=token)
    assert (refused.status_code, problem_code(refused)) == (409, "already_compensated")
    assert available(buyer, "EUR") == before

    known = token | {"knows_compensated": "on"}
    assert desk.post(f"/en/desk/returns/{ref}/received", data=known).status_code == 303
    assert the(ref).state is State.SETTLED
    assert available(buyer, "EUR") > before


def test_the_clock_leaves_it_to_people(indemnified, buyer, browse, available):
    _, ref, _ = indemnified
    before = available(buyer, "EUR")
    page = browse(buyer).get(f"/en/returns/{ref}")
    assert says(page, "Your cover has paid you for this parcel, so nothing is refunded")
    assert not says(page, "If the seller does nothing, you get it automatically on %(until)s.")

    later(60)

    assert the(ref).state is State.SENT
    assert available(buyer, "EUR") == before


def test_a_refund_after_the_payout_asks_the_same(indemnified):
    order, _, claim = indemnified
    with reading():
        (paid,) = bank.compensations_of(order_ref=order.ref)
        payer = bank.escrow_of(order_ref=order.ref).payer_wallet_id
    assert (paid.amount, paid.paid_at) == (claim.payable, claim.paid_at)

    with pytest.raises(bank.AlreadyCompensated):
        bank.refund_after_release(
            key=new_id(), order_ref=order.ref, amount=paid.amount, to_wallet_id=payer, actor=SYSTEM
        )
