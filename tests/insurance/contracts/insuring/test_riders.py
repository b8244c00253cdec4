"""A gift, duty and a late delivery: chosen in the bank as at the checkout, for the same figures."""

from datetime import date, timedelta

import pytest

from insurance import api as cover
from insurance.contracts.changes import queries as changes
from insurance.contracts.insuring import service
from insurance.contracts.insuring.errors import PromiseMissing
from insurance.contracts.policies.queries import PolicyState
from insurance.desks.shipping_desk.jobs import hear_carriers
from insurance.losses.claims import jobs as claim_jobs
from insurance.losses.claims.rules import ClaimState
from insurance.offers.quotes.errors import RiderNotOffered
from insurance.offers.quotes.queries import Cover, InsuredItem, Mode, ParcelRisk
from insurance.offers.shipments import gateway
from insurance.offers.shipments import service as describing
from insurance.offers.shipments.errors import (
    PromisePast,
    PromiseTooLate,
    PromiseTooSoon,
    ShipmentCovered,
)
from insurance.rating.liability.queries import Cause, Interest
from insurance.rating.tariff.queries import Section
from kernel.db import reading
from kernel.money import Money
from tests.insurance.conftest import available, drain, fund
from tests.insurance.contracts.changes.changing import shown
from tests.insurance.contracts.insuring.buying import NEED, informed, moneyed, policy_of
from tests.insurance.offers.shipments.describing import NUMBER, asked, customer

HAD = Money.of("1000.00", "EUR")
DUTY = Money.of("30.00", "EUR")
PROMISED = date(2026, 6, 15)


def euros(amount):
    return Money.of(amount, "EUR")


def bought(shipment, actor, *, with_delay=True, level=Cover.PLUS):
    wish = service.Wish(cover=level, needs=(NEED,), locale="en", with_delay=with_delay)
    return service.buy(ref=shipment.ref, wish=wish, actor=actor)


@pytest.fixture
def day(db, clock):
    clock("2026-06-01T09:00")
    return clock


def test_duty_is_insured_beside_the_value_and_delivery_and_a_gift_costs_the_same(day):
    plain = asked(customer()).quote.level(Cover.STD)
    duty = asked(customer(), duty=DUTY).quote.level(Cover.STD)
    gift = asked(customer(), duty=DUTY, is_gift=True)

    assert (plain.sum_insured, plain.price.net) == (euros("200.00"), euros("2.03"))
    assert (duty.sum_insured, duty.price.net) == (euros("230.00"), euros("2.33"))
    assert gift.quote.level(Cover.STD) == duty
    assert gift.parcel.is_gift


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("interest", [Interest.CONSUMER, Interest.BUSINESS, Interest.SENDER])
def test_product_cart_checkout_order_page_and_bank_show_one_price(day, mode, interest):
    actor = customer()
    shop = ParcelRisk(
        policyholder_country="DE",
        origin_country="JP",
        destination_country="DE",
        items=(InsuredItem(description="A stool", hs_code="9403", value=euros("180.00")),),
        freight=euros("20.00"),
        prepaid_duty=DUTY,
        mode=mode,
        interest=interest,
        is_business=interest is Interest.BUSINESS,
    )

    page = cover.estimate_parcel(risk=shop)
    checkout = cover.quote_parcel(risk=shop, subject="parcel", actor=actor)
    order = describing.ask_own(
        quote_id=checkout.id,
        parcel_ref="parcel",
        order_ref="O-1",
        weight_g=2500,
        promised_on=PROMISED,
        actor=actor,
    )
    bank = asked(actor, duty=DUTY, mode=mode, interest=interest, promised_on=PROMISED)

    told = [(one.levels, one.rider) for one in (page, checkout, order.quote, bank.quote)]
    assert all(one == told[0] for one in told)
    assert order.rider == bank.rider == page.rider


@pytest.mark.parametrize(
    ("promised_on", "refusal"),
    [
        (date(2026, 5, 31), PromisePast),
        (date(2026, 6, 2), PromiseTooSoon),
        (date(2026, 9, 30), PromiseTooLate),
    ],
)
def test_a_day_that_no_carrier_promises_is_refused(day, promised_on, refusal):
    with pytest.raises(refusal):
        asked(customer(), promised_on=promised_on)


def test_today_is_where_the_parcel_goes(day):
    day("2026-06-01T20:00")
    # In Japan it is the second by now, and no carrier promises a tracked parcel for the third.
    with pytest.raises(PromiseTooSoon):
        asked(customer(), destination_country="JP", promised_on=date(2026, 6, 3))
    assert asked(customer(), promised_on=date(2026, 6, 3)).parcel.promised_on == date(2026, 6, 3)


def test_a_late_delivery_is_paid_for_and_stated_as_its_own_section(day, books_agree):
    actor, wallet = moneyed()
    shipment = informed(actor, promised_on=PROMISED, duty=DUTY, is_gift=True)

    bought(shipment, actor)

    policy = policy_of(shipment, actor)
    late = next(part for part in policy.parts if part.section is Section.DELAY)
    assert (late.net, late.tax) == (euros("0.47"), euros("0.09"))
    assert (policy.delay.trigger_days, policy.delay.benefit) == (7, euros("10.00"))
    assert (policy.parcel.promised_on, policy.parcel.is_gift) == (PROMISED, True)
    assert policy.parcel.prepaid_duty == DUTY
    assert available(wallet.id) == HAD - policy.total
    assert policy.total == shipment.quote.level(Cover.PLUS).price.total + euros("0.56")


def test_without_a_promise_or_after_it_no_delay_is_covered_and_nothing_is_paid(day):
    actor, wallet = moneyed()
    untold = informed(actor)
    told = informed(
        actor, tracking_number="JD014600004RQ", mode=Mode.EXP, promised_on=date(2026, 6, 2)
    )

    with pytest.raises(PromiseMissing):
        bought(untold, actor)
    assert told.rider is not None
    day("2026-06-02T22:30")
    # In Germany it is the third by now.
    with pytest.raises(PromisePast):
        bought(told, actor)
    assert available(wallet.id) == HAD


def test_a_cover_with_the_rider_is_another_purchase_than_one_without(day):
    actor, _ = moneyed()
    shipment = informed(actor, promised_on=PROMISED)
    first = bought(shipment, actor)

    again = bought(shipment, actor)

    assert again.policy_id == first.policy_id is not None
    with pytest.raises(ShipmentCovered):
        bought(shipment, actor, with_delay=False)


@pytest.fixture
def on_its_way(day):
    """A covered parcel with the rider that its carrier has, and the wallet that is paid."""
    fund()
    actor, wallet = moneyed()
    shipment = informed(actor, promised_on=PROMISED)
    bought(shipment, actor)
    gateway.tell(NUMBER, "accepted", place="Osaka", ago=timedelta(hours=-1))
    day("2026-06-01T10:00")
    hear_carriers()
    return (lambda: policy_of(shipment, actor)), actor, wallet


def claims_of(actor):
    with reading():
        return [(one.cause, one.state) for one in cover.claims_of(owner_id=actor.person_id)]


def test_a_delivery_a_week_after_the_promise_pays_the_benefit_once(on_its_way, day, books_agree):
    policy, actor, wallet = on_its_way
    before = available(wallet.id)
    day("2026-06-22T10:00")
    gateway.tell(NUMBER, "delivered", place="Berlin")

    for _ in range(3):
        hear_carriers()
        drain()

    assert policy().state is PolicyState.COMPLETED
    assert claims_of(actor) == [(Cause.DELAY, ClaimState.PAID)]
    assert available(wallet.id) == before + euros("10.00")


def test_a_carrier_that_falls_silent_after_the_promise_is_late_on_the_trigger_day(
    on_its_way, day, books_agree
):
    policy, actor, _ = on_its_way
    day("2026-06-16T10:00")
    hear_carriers()
    day("2026-06-21T10:00")
    hear_carriers()
    claim_jobs.open_due_delays()
    assert claims_of(actor) == []

    day("2026-06-22T10:00")
    hear_carriers()
    drain()

    assert claims_of(actor) == [(Cause.DELAY, ClaimState.PAID)]
    assert policy().state is PolicyState.ATTACHED


def test_a_delivery_in_time_or_less_late_than_agreed_claims_nothing(on_its_way, day):
    policy, actor, _ = on_its_way
    day("2026-06-21T21:00")
    gateway.tell(NUMBER, "delivered", place="Berlin")

    hear_carriers()

    assert policy().state is PolicyState.COMPLETED
    assert claims_of(actor) == []


def test_a_change_adds_the_rider_only_where_a_promise_is_to_come(day):
    actor, _ = moneyed()
    told = informed(actor, promised_on=PROMISED)
    untold = informed(actor, tracking_number="JD014600004RQ")
    bought(told, actor, with_delay=False)
    bought(untold, actor, with_delay=False)

    with reading():
        assert changes.late_offer(policy_of(told, actor)).trigger_days == 7
        assert changes.late_offer(policy_of(untold, actor)) is None
    assert shown(policy_of(told, actor), with_delay=True).due == euros("0.56")
    with pytest.raises(RiderNotOffered):
        shown(policy_of(untold, actor), with_delay=True)
