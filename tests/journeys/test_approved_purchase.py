"""A purchase that its buyer is asked about: bound to the basket, kept meanwhile, paid once."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import text

from banking.authorisation.approvals import queries as approvals
from banking.authorisation.approvals import service as approving
from banking.authorisation.approvals.errors import ApprovalExpired, ApprovalWithdrawn
from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.money import Money
from kernel.people.mfa import queries as factors
from kernel.people.mfa import service as factor_service
from kernel.people.safety import service as safety
from kernel.people.safety.rules import Kind
from marketplace.buying.checkout import queries as checkouts
from marketplace.buying.checkout import service as checkout
from marketplace.buying.checkout.errors import ReservationEnded, WalletTooSmall
from marketplace.catalogue.inventory import service as inventory
from tests.asking import says
from tests.journeys.shopping import to_review

pytestmark = pytest.mark.journey


@pytest.fixture
def buyer(market, noon, signed_in, with_money):
    """Camille with money, an app, and a password changed today: nothing is bought unasked."""
    found = signed_in("camille@example.com")
    with_money(found, "500 EUR")
    safety.record(person_id=found.person_id, kind=Kind.PASSWORD_CHANGED, actor=found)
    return found


@pytest.fixture
def secret(buyer):
    factor_service.begin_app(person_id=buyer.person_id, actor=buyer)
    found = factors.set_up_of(buyer.person_id, email="x@example.com").secret
    factor_service.confirm_app(person_id=buyer.person_id, given=given(code(found, -1)), actor=buyer)
    return found


def given(typed):
    return factor_service.Given(
        code=typed, credential="", party=factors.party_for("http://localhost/"), place="192.0.2.1"
    )


def code(secret, steps=0):
    return pyotp.TOTP(secret).at(int(time.time()) + 30 * steps)


def asked(view, buyer):
    found = checkout.pay(ref=view.ref, expected=view.total, actor=buyer)
    assert found.group_ref == ""
    return found.approval_id


def groups(market):
    return market.execute(text("SELECT count(*) FROM marketplace.order_group")).scalar_one()


def give(approval_id, buyer):
    return approving.give(approval_id=approval_id, method="totp", actor=buyer)


def test_an_ordinary_basket_is_paid_unasked_and_says_why(market, noon, signed_in, with_money):
    buyer = signed_in("camille@example.com")
    with_money(buyer, "500 EUR")
    view = to_review(market, buyer)

    assert checkout.pay(ref=view.ref, expected=view.total, actor=buyer).group_ref
    reason = market.execute(text("SELECT exemption, used_at FROM banking.approvals")).one()
    assert (reason.exemption, reason.used_at) == ("low_risk", house_clock.now())


def test_whoever_pays_is_led_to_the_sellers_before_and_thanked_once_after(
    market, noon, signed_in, with_money, browse
):
    buyer = signed_in("camille@example.com")
    with_money(buyer, "500 EUR")
    view, mine = to_review(market, buyer), browse(buyer)

    review = mine.get(f"/en/checkout/{view.ref}").text
    paid = mine.post(
        f"/en/checkout/{view.ref}/pay",
        data={
            "csrf_token": "test-token",
            "total_minor": str(view.total.minor),
            "pay_with": "wallet",
        },
    )
    first, again = mine.get(paid.location).text, mine.get(paid.location).text

    shops = re.findall(r'href="/en/shops/([^"]+)"><bdi>', review.partition("By paying")[2])
    assert shops == [parcel.vendor.slug for parcel in view.parcels]
    assert says(first, "Thank you for your order")
    assert says(again, "Thank you for your order"), "reloading takes nothing away"


def test_the_buyer_approves_the_basket_on_a_page_and_pays_once(
    market, buyer, secret, browse, available
):
    view = to_review(market, buyer)
    mine, pay_at = browse(buyer), f"/en/checkout/{view.ref}/pay"
    form = {"csrf_token": "test-token", "total_minor": str(view.total.minor), "pay_with": "wallet"}

    first, second = (mine.post(pay_at, data=form) for _ in range(2))
    page = mine.get(first.location).text

    assert first.location == second.location
    assert str(view.total.amount) in page
    assert says(page, "You're approving exactly this order.")
    assert (groups(market), available(buyer, "EUR")) == (0, Money.of("500", "EUR"))

    yes = {"csrf_token": "test-token", "code": code(secret)}
    paid = mine.post(first.location, data=yes)
    pressed_again = mine.post(first.location, data=yes)
    order = mine.get(paid.location)
    told = mine.get(order.location).text

    assert paid.location == f"/en/checkout/{view.ref}"
    assert re.search("/orders/G-", order.location)
    assert says(told, "Thank you for your order")
    assert pressed_again.status_code == 409
    assert mine.post(pay_at, data=form).location == order.location
    assert says(mine.get(first.location), "See what was done")
    assert groups(market) == 1
    assert available(buyer, "EUR") == Money.of("500", "EUR") - view.total


def test_a_changed_basket_kills_the_question(market, buyer, available):
    view = to_review(market, buyer)
    before = asked(view, buyer)
    teapot = next(parcel for parcel in view.parcels if parcel.vendor.country == "CN")
    checkout.choose(ref=view.ref, options={}, covers={}, actor=buyer)
    with reading():
        cheaper = checkouts.checkout_for(buyer, view.ref)

    with pytest.raises(ApprovalWithdrawn):
        give(before, buyer)
    after = asked(cheaper, buyer)
    with reading():
        found = approvals.approval(approval_id=after)
    assert found.amount == cheaper.total == view.total - teapot.premium
    give(after, buyer)
    assert available(buyer, "EUR") == Money.of("500", "EUR") - cheaper.total


def test_a_new_checkout_takes_the_question_of_the_old_one_back(market, buyer):
    before = asked(to_review(market, buyer), buyer)
    to_review(market, buyer)

    with pytest.raises(ApprovalWithdrawn):
        give(before, buyer)
    assert groups(market) == 0


def test_goods_stay_kept_while_the_buyer_looks_for_the_phone(market, noon, buyer):
    view = to_review(market, buyer)
    house_clock.freeze(noon + timedelta(minutes=25))
    with reading():
        valid_until = min(p.valid_until for p in checkouts.checkout_for(buyer, view.ref).parcels)
    question = asked(view, buyer)
    house_clock.freeze(min(noon + timedelta(minutes=34), valid_until - timedelta(minutes=1)))
    inventory.expire_reservations(actor=SYSTEM)

    give(question, buyer)
    assert groups(market) == 1


def test_goods_are_not_kept_for_ever_by_asking_again(market, noon, buyer):
    view = to_review(market, buyer)
    for minute in (25, 29):
        house_clock.freeze(noon + timedelta(minutes=minute))
        question = asked(view, buyer)
    house_clock.freeze(noon + timedelta(minutes=41))

    with pytest.raises(ApprovalExpired):
        give(question, buyer)
    with pytest.raises(ReservationEnded):
        checkout.pay(ref=view.ref, expected=view.total, actor=buyer)


def test_a_price_raised_while_the_question_waits_is_told_and_asked_anew(
    market, buyer, secret, browse, available
):
    view = to_review(market, buyer)
    question = asked(view, buyer)
    lamp = next(p for p in view.parcels if p.vendor.country == "DK").lines[0]
    market.execute(
        text(
            "UPDATE marketplace.offer SET price_minor = price_minor * 11 / 10,"
            " version = version + 1 WHERE id = :id"
        ),
        {"id": lamp.offer_id},
    )
    mine, page = browse(buyer), f"/en/bank/approvals/{question}"

    answer = mine.post(page, data={"csrf_token": "test-token", "code": code(secret)})

    assert answer.status_code == 409
    assert says(answer, "A price has changed from %(old)s to %(new)s")
    assert f"/en/checkout/{view.ref}" in answer.text
    with reading():
        assert approvals.approval(approval_id=question).state is approvals.State.WITHDRAWN
        assert checkouts.checkout_for(buyer, view.ref).total > view.total
    assert available(buyer, "EUR") == Money.of("500", "EUR")


def test_nobody_is_asked_about_what_the_wallet_cannot_pay(market, noon, signed_in, with_money):
    poor = signed_in("camille@example.com")
    with_money(poor, "1 EUR")
    safety.record(person_id=poor.person_id, kind=Kind.PASSWORD_CHANGED, actor=poor)
    view = to_review(market, poor)

    with pytest.raises(WalletTooSmall):
        checkout.pay(ref=view.ref, expected=view.total, actor=poor)
    assert market.execute(text("SELECT count(*) FROM banking.approvals")).scalar_one() == 0


def test_without_a_factor_the_buyer_is_led_to_one_and_back(market, buyer, browse):
    view = to_review(market, buyer)
    mine, question = browse(buyer), asked(view, buyer)

    page = mine.get(f"/en/bank/approvals/{question}").text

    assert says(page, "Set up a passkey or an authenticator app once")
    assert f"next=/en/bank/approvals/{question}" in page
