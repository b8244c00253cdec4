"""A covered parcel from elsewhere lives by what its carrier says of it."""

from datetime import timedelta

import pytest

from insurance import api as cover
from insurance.contracts.policies import queries as policies
from insurance.contracts.policies.queries import PolicyState
from insurance.desks.shipping_desk.jobs import hear_carriers
from insurance.offers.quotes.queries import Cover
from insurance.offers.shipments import gateway
from insurance.offers.shipments.errors import TrackingDown
from insurance.offers.shipments.gateway import Fault
from insurance.rating.liability.queries import Interest
from kernel import clock as house_clock
from kernel.db import reading
from kernel.money import Money
from tests.insurance.conftest import available, drain, fund
from tests.insurance.contracts.insuring.buying import bought, informed, moneyed, policy_of
from tests.insurance.offers.shipments.describing import NUMBER

HAD = Money.of("1000.00", "EUR")


@pytest.fixture
def covered(db, clock, books_agree):
    """A policy of a parcel from elsewhere, its holder and wallet; an hour has passed since."""
    clock("2026-06-01T09:00")
    fund()
    actor, wallet = moneyed()
    shipment = informed(actor)
    bought(shipment, actor, Cover.PLUS)
    clock("2026-06-01T10:00")
    return lambda: policy_of(shipment, actor), actor, wallet


def told(state, place="Osaka", ago=timedelta()):
    gateway.tell(NUMBER, state, place=place, ago=ago)
    hear_carriers()


def test_the_first_scan_puts_the_insurer_on_risk_and_the_delivery_ends_it(covered, clock):
    policy, _, _ = covered
    told("labelled")
    assert policy().state is PolicyState.BOUND

    told("accepted")
    hear_carriers()
    attached = policy()
    clock("2026-06-05T10:00")
    told("delivered", "Berlin")

    assert attached.state is PolicyState.ATTACHED
    assert policy().state is PolicyState.COMPLETED
    with reading():
        kept = policies.carriage_of(policy_id=attached.id)
    assert (kept.carrier, kept.tracking_number) == ("DHL", NUMBER)


def test_a_scan_from_before_the_policy_gives_everything_back(covered):
    policy, _, wallet = covered

    told("accepted", ago=timedelta(hours=2))

    assert policy().state is PolicyState.VOIDED
    assert available(wallet.id) == HAD


def test_what_the_carrier_loses_is_claimed_and_paid_once(covered, clock):
    policy, actor, _ = covered
    told("accepted")
    clock("2026-06-09T10:00")

    told("lost", "Frankfurt")
    hear_carriers()
    drain()

    with reading():
        claims = cover.claims_of(owner_id=actor.person_id)
    assert [claim.cause for claim in claims] == [cover.Cause.LOST]
    assert claims[0].claimed == policy().sum_insured


def test_a_loss_that_the_shop_refunds_gives_the_price_back(db, clock, books_agree):
    clock("2026-06-01T09:00")
    actor, wallet = moneyed()
    shipment = informed(actor, interest=Interest.CONSUMER)
    bought(shipment, actor)
    clock("2026-06-01T10:00")
    told("accepted")
    clock("2026-06-20T10:00")

    told("lost", "Frankfurt")

    assert policy_of(shipment, actor).state is PolicyState.CANCELLED
    assert available(wallet.id) == HAD


def test_a_carrier_that_does_not_answer_changes_nothing(covered):
    policy, _, _ = covered
    gateway.tell(NUMBER, "accepted", place="Osaka")
    gateway.order_fault(Fault.TIME_OUT, 1)

    with pytest.raises(TrackingDown):
        hear_carriers()
    assert policy().state is PolicyState.BOUND
    hear_carriers()
    assert policy().attached_at == house_clock.now()
