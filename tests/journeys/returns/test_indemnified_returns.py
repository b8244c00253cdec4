"""What the cover pays or will pay is refunded on top by who knows it, and never by the clock."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from banking import api as bank
from insurance import api as cover
from insurance.losses.claims import deciding
from insurance.losses.claims.errors import AmountOverSumInsured
from insurance.money.books import service as books
from insurance.money.books.errors import FloatShort
from kernel import clock as house_clock
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
PROMISED = "Cover will pay the buyer %(amount)s for this order."
OPEN = "A claim of %(amount)s is open for this order."


def newest_claim(buyer):
    with reading():
        return cover.claims_of(owner_id=buyer.person_id)[0]


@pytest.fixture
def claimed(market, buyer, browse):
    """A teapot on its way back, whose damage an officer looks at."""
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
    service.note_sent(ref=ref, carrier="", tracking_number="", actor=buyer)
    assert newest_claim(buyer).state is cover.ClaimState.IN_REVIEW
    return order, ref


@pytest.fixture
def proposed(claimed, buyer, signed_in):
    """The same, of which one officer says that it is to be paid; returns the claim, too."""
    claim = newest_claim(buyer)
    deciding.recommend(
        claim_id=claim.id,
        is_approval=True,
        amount=claim.claimed,
        reason="Seen.",
        actor=signed_in("underwriter@example.com"),
    )
    return *claimed, claim


@pytest.fixture
def approved(proposed, buyer, signed_in):
    """The same, approved and not paid yet."""
    order, ref, claim = proposed
    deciding.confirm(claim_id=claim.id, actor=signed_in("operator@example.com"))
    return order, ref, newest_claim(buyer)


@pytest.fixture
def indemnified(approved, buyer):
    """The same, paid."""
    order, ref, _ = approved
    settle()
    assert newest_claim(buyer).state is cover.ClaimState.PAID
    return order, ref, newest_claim(buyer)


@pytest.fixture(params=["approved", "waiting for funds"])
def promised(request, approved, buyer, monkeypatch):
    """A claim that will be paid: the money is on its way, or the insurer has none right now."""
    order, ref, _ = approved
    if request.param != "approved":
        monkeypatch.setattr(books, "claim_paid", short)
        settle()
        assert newest_claim(buyer).state is cover.ClaimState.WAITING_FOR_FUNDS
    return order, ref, newest_claim(buyer)


def short(**_):
    raise FloatShort


def tick(page):
    return BeautifulSoup(page.text, "html.parser").select_one("input[name=knows_compensated]")


def test_a_seller_ticks_that_they_know_before_they_refund(
    indemnified, buyer, seller, browse, available
):
    _, ref, claim = indemnified
    desk, before = browse(seller), available(buyer, "EUR")
    page = desk.get(f"/en/desk/returns/{ref}")
    assert says(page, TOLD)
    assert str(claim.payable.amount) in page.text
    assert tick(page)

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
    assert (paid.amount, paid.at) == (claim.payable, claim.paid_at)

    with pytest.raises(bank.AlreadyCompensated):
        bank.refund_after_release(
            key=new_id(), order_ref=order.ref, amount=paid.amount, to_wallet_id=payer, actor=SYSTEM
        )


def test_a_claim_that_is_approved_warns_who_refunds(promised, buyer, seller, browse, available):
    _, ref, claim = promised
    desk, before = browse(seller), available(buyer, "EUR")
    page = desk.get(f"/en/desk/returns/{ref}")
    assert says(page, PROMISED)
    assert str(claim.payable.amount) in page.text
    assert tick(page)
    assert says(page, "I know the buyer will be paid for this, and want to refund it anyway.")
    assert not says(page, "If you do nothing, the buyer is refunded on %(until)s.")

    token = {"csrf_token": "test-token"}
    refused = desk.post(f"/en/desk/returns/{ref}/received", data=token)
    assert (refused.status_code, problem_code(refused)) == (409, "already_compensated")
    assert available(buyer, "EUR") == before

    known = token | {"knows_compensated": "on"}
    assert desk.post(f"/en/desk/returns/{ref}/received", data=known).status_code == 303
    assert the(ref).state is State.SETTLED
    assert available(buyer, "EUR") > before


def test_the_clock_leaves_what_is_promised_to_people_and_the_bank_asks(
    promised, buyer, browse, available
):
    order, ref, claim = promised
    before = available(buyer, "EUR")
    page = browse(buyer).get(f"/en/returns/{ref}")
    assert says(page, "Your cover will pay you for this parcel, so nothing is refunded")
    with reading():
        (told,) = bank.compensations_of(order_ref=order.ref)
        payer = bank.escrow_of(order_ref=order.ref).payer_wallet_id
    assert (told.amount, told.at) == (claim.payable, claim.decided_at)
    with pytest.raises(bank.AlreadyCompensated):
        bank.refund_after_release(
            key=new_id(), order_ref=order.ref, amount=told.amount, to_wallet_id=payer, actor=SYSTEM
        )

    service.run_out(ref=ref, actor=SYSTEM)
    house_clock.freeze(house_clock.now() + timedelta(days=60))
    service.run_out(ref=ref, actor=SYSTEM)
    assert the(ref).state is State.SENT
    assert available(buyer, "EUR") == before


def test_a_claim_that_is_open_is_told_without_a_tick_and_pays_no_more_than_is_left(
    proposed, buyer, seller, signed_in, browse
):
    order, ref, claim = proposed
    desk = browse(seller)
    page = desk.get(f"/en/desk/returns/{ref}")
    assert says(page, OPEN)
    assert str(claim.claimed.amount) in page.text
    assert not tick(page)
    waiting = browse(buyer).get(f"/en/returns/{ref}")
    assert says(waiting, "If the seller does nothing, you get it automatically on %(until)s.")

    answer = desk.post(f"/en/desk/returns/{ref}/received", data={"csrf_token": "test-token"})
    assert answer.status_code == 303
    assert the(ref).state is State.SETTLED
    with reading():
        policy = cover.policy_for_parcel(parcel_ref=order.parcel_ref)
    assert policy.still_insured < claim.claimed
    with pytest.raises(AmountOverSumInsured) as refused:
        deciding.confirm(claim_id=claim.id, actor=signed_in("operator@example.com"))
    assert refused.value.data == {"most": policy.still_insured}
