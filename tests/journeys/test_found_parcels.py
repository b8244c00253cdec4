"""A parcel that the carrier gave up comes after all: the buyer has the goods or the money."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from banking import api as bank
from insurance import api as cover
from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.mail import mailbox
from kernel.money import Money
from marketplace.buying.orders import queries as orders
from marketplace.buying.orders import service as order_service
from marketplace.logistics.carriers.gateway import MischiefKind, misbehave
from marketplace.logistics.shipping.cli import settle
from tests.asking import says
from tests.journeys.shopping import by_country, days, house_transaction, pay, to_review

pytestmark = pytest.mark.journey


@pytest.fixture
def late(market, noon, signed_in, with_money):
    """A covered parcel that arrives long after it counted as lost and was paid for."""
    buyer = signed_in("camille@example.com")
    with_money(buyer, "500 EUR")
    pot = by_country(pay(to_review(market, buyer, business="Maison Perrin"), buyer))["CN"]
    order_service.dispatch(order_ref=pot.ref, actor=SYSTEM)
    with house_transaction():
        misbehave(kind=MischiefKind.DELAY, parcel_ref=pot.parcel_ref, hours=24 * 60, actor=SYSTEM)
    settle()
    wait_for(pot, "indemnified")
    return buyer, pot


# A quarter of what the shortest term here lasts; each step has every schedule take its turn.
STEP = 4


def wait_for(order, state, most=60):
    for _ in range(most // STEP):
        with reading():
            if orders.by_ref(order.ref).state == state:
                return
        days(STEP, step=STEP)
    raise AssertionError(f"never {state}")


def found(order):
    with reading():
        return cover.recoveries_for_parcels(parcel_refs=[order.parcel_ref]).get(order.parcel_ref)


def wait_for_arrival(order):
    for _ in range(80 // STEP):
        case = found(order)
        if case is not None and case.arrived_at is not None:
            return case
        days(STEP, step=STEP)
    raise AssertionError("never found")


def told(email):
    return " ".join(letter.template for letter in mailbox(recipient=email))


def main_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text.partition("<main")[2]))


def press(browser, ref, act, **fields):
    form = {"csrf_token": "test-token", **fields}
    return browser.post(f"/en/cover/recoveries/{ref}/{act}", data=form)


def test_a_found_parcel_is_kept_against_the_money_and_nobody_loses_or_gains(
    late, available, browse, signed_in
):
    buyer, pot = late
    paid = available(buyer, "EUR")
    case = wait_for_arrival(pot)
    assert "recovery_found" in told(buyer.email)
    assert "recovery_arrived" in told(buyer.email)
    border = pot.duty + pot.tax + pot.fees
    assert case.dues == border
    assert border

    browser = browse(signed_in(buyer.email))  # the first session has run out
    page = browser.get(f"/en/orders/{pot.group_ref}")
    assert says(main_of(page), "Found after all and delivered. Keep it, or keep the money?")
    assert f"/en/cover/recoveries/{case.ref}" in page.text
    assert says(main_of(browser.get(f"/en/cover/recoveries/{case.ref}")), "Keep the items")
    assert press(browser, case.ref, "keep").status_code == 303
    settle()

    assert available(buyer, "EUR") == paid - case.indemnity - border
    with reading():
        assert orders.by_ref(pot.ref).state == "completed"
        assert all(row.is_balanced for row in cover.control_accounts())
        assert bank.verify_ledger().balanced
    assert "recovery_kept" in told(buyer.email)
    assert says(browser.get("/en/bank/"), "Payout returned, items kept")


def test_a_found_parcel_is_left_to_the_insurer_and_an_officer_books_what_it_brought(
    late, available, browse, signed_in
):
    buyer, pot = late
    paid = available(buyer, "EUR")
    case = wait_for_arrival(pot)
    browser = browse(signed_in(buyer.email))  # the first session has run out
    assert press(browser, case.ref, "surrender").status_code == 303
    settle()
    assert available(buyer, "EUR") == paid
    assert "recovery_surrendered" in told(buyer.email)
    assert press(browser, case.ref, "close", outcome="sold", amount="1").status_code == 403

    desk = browse(signed_in("underwriter@example.com"))
    assert f"/en/cover/recoveries/{case.ref}" in desk.get("/en/cover/desk").text
    wrong = press(desk, case.ref, "close", outcome="sold", amount="", reason="Sold.")
    assert wrong.status_code == 422
    booked = press(desk, case.ref, "close", outcome="sold", amount="20.00", reason="Sold by lot.")
    assert booked.status_code == 303
    assert found(pot).salvage == Money.of("20.00", "EUR")
    case_page = f"/en/cover/recoveries/{case.ref}"
    assert "Sold by lot." in main_of(desk.get(case_page))
    assert "Sold by lot." not in main_of(browser.get(case_page))
    with reading():
        assert orders.by_ref(pot.ref).state == "indemnified"
        assert all(row.is_balanced for row in cover.control_accounts())


def test_a_stranger_sees_no_case_and_a_silent_holder_loses_the_goods_and_not_the_money(
    late, available, browse, signed_in
):
    buyer, pot = late
    paid = available(buyer, "EUR")
    case = wait_for_arrival(pot)
    other = browse(signed_in("haruka@example.com"))
    assert other.get(f"/en/cover/recoveries/{case.ref}").status_code == 404
    assert press(other, case.ref, "keep").status_code == 404

    desk = browse(signed_in("underwriter@example.com"))
    assert press(desk, case.ref, "take-over").status_code == 409
    house_clock.freeze(case.choose_by + timedelta(hours=1))
    assert says(
        main_of(desk.get(f"/en/cover/recoveries/{case.ref}")), "The policyholder didn't choose"
    )
    assert press(desk, case.ref, "take-over").status_code == 303
    assert available(buyer, "EUR") == paid
    assert press(browse(signed_in(buyer.email)), case.ref, "keep").status_code == 409


def test_a_parcel_that_arrives_before_its_loss_is_decided_was_never_lost(
    market, noon, signed_in, with_money, available
):
    buyer = signed_in("camille@example.com")
    with_money(buyer, "500 EUR")
    pot = by_country(pay(to_review(market, buyer, business="Maison Perrin"), buyer))["CN"]
    paid = available(buyer, "EUR")
    order_service.dispatch(order_ref=pot.ref, actor=SYSTEM)
    order_service.note_scanned(
        parcel_ref=pot.parcel_ref, at=noon + timedelta(hours=1), place="CN", actor=SYSTEM
    )
    house_clock.freeze(noon + timedelta(days=5))
    order_service.note_lost(
        parcel_ref=pot.parcel_ref, at=house_clock.now(), evidence={}, actor=SYSTEM
    )  # without proof an officer looks at it
    settle()
    house_clock.freeze(noon + timedelta(days=6))
    for _ in range(2):
        order_service.note_delivered(parcel_ref=pot.parcel_ref, at=house_clock.now(), actor=SYSTEM)
    settle()
    with reading():
        order = orders.by_ref(pot.ref)
        assert order.state == "delivered"
        assert order.release_due_at is not None
        assert bank.escrow_of(order_ref=pot.ref).remaining == pot.total
        (claim,) = cover.claims_of(owner_id=buyer.person_id)
        assert claim.state is cover.ClaimState.REFUSED
        assert all(row.is_balanced for row in cover.control_accounts())
    assert available(buyer, "EUR") == paid
