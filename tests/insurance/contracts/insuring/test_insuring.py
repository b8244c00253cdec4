"""Cover for a parcel from anywhere is paid and concluded at once, or nothing is charged."""

from datetime import timedelta

import pytest

from banking import api as bank
from banking.authorisation.approvals import service as approvals
from banking.authorisation.approvals.errors import ApprovalDiffers, ApprovalWithdrawn
from insurance import api as cover
from insurance.contracts.insuring import queries, service
from insurance.contracts.insuring.errors import PayingWalletMissing
from insurance.contracts.policies.errors import (
    DemandsMissing,
    ParcelAlreadyCovered,
    ProductInformationMissing,
)
from insurance.contracts.policies.queries import PolicyState
from insurance.offers.quotes.errors import LevelNotOffered, QuoteExpired
from insurance.offers.quotes.queries import Cover
from insurance.offers.shipments import gateway
from insurance.offers.shipments.errors import AlreadyInTransit, ShipmentCovered, TrackingDown
from insurance.offers.shipments.gateway import Fault
from insurance.rating.liability.queries import Cause, Interest
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.money import Money
from tests.insurance.conftest import available
from tests.insurance.contracts.insuring.buying import bought, informed, moneyed, policy_of, wish
from tests.insurance.offers.shipments.describing import NUMBER, asked, scan

HAD = Money.of("1000.00", "EUR")


def test_the_price_is_paid_and_the_policy_stands_at_once(db, clock, books_agree):
    clock("2026-06-01T09:00")
    actor, wallet = moneyed()
    shipment = informed(actor)

    done = bought(shipment, actor)

    policy = policy_of(shipment, actor)
    assert done.policy_id == policy.id
    assert policy.state is PolicyState.BOUND
    assert policy.total == shipment.quote.level(Cover.STD).price.total
    assert (policy.parcel_ref, policy.order_ref) == (f"DHL-{NUMBER}", shipment.ref)
    assert policy.perils == (Cause.LOST, Cause.DAMAGE)
    assert policy.needs == wish().needs
    assert available(wallet.id) == HAD - policy.total


def test_bought_twice_is_one_policy_paid_once(db, books_agree):
    actor, wallet = moneyed()
    shipment = informed(actor)
    first = bought(shipment, actor)

    again = bought(shipment, actor)

    assert again.policy_id == first.policy_id
    assert available(wallet.id) == HAD - policy_of(shipment, actor).total
    with pytest.raises(ShipmentCovered):
        bought(shipment, actor, Cover.PLUS)


def test_a_parcel_that_the_carrier_has_is_refused_and_costs_nothing(db):
    actor, wallet = moneyed()
    shipment = informed(actor)

    scan()
    with pytest.raises(AlreadyInTransit):
        bought(shipment, actor)

    assert available(wallet.id) == HAD
    assert policy_of(shipment, actor) is None
    assert asked(actor).refusal == ("decline", "ALREADY_IN_TRANSIT")


def test_a_parcel_that_nobody_can_ask_about_costs_nothing(db):
    actor, wallet = moneyed()
    shipment = informed(actor)
    gateway.order_fault(Fault.TIME_OUT, 1)

    with pytest.raises(TrackingDown):
        bought(shipment, actor)

    assert available(wallet.id) == HAD
    assert bought(shipment, actor).policy_id


def test_a_scan_that_came_before_the_policy_voids_it_and_everything_goes_back(db, books_agree):
    actor, wallet = moneyed()
    shipment = informed(actor)
    bought(shipment, actor)
    policy = policy_of(shipment, actor)

    cover.attach(
        parcel_ref=policy.parcel_ref,
        scanned_at=policy.bound_at - timedelta(seconds=1),
        place="Osaka",
        actor=SYSTEM,
    )

    assert policy_of(shipment, actor).state is PolicyState.VOIDED
    assert available(wallet.id) == HAD


def test_one_parcel_is_covered_once_whoever_asks(db, books_agree):
    (first, _), (second, wallet) = moneyed(), moneyed()
    mine, theirs = informed(first), informed(second)
    bought(mine, first)

    with pytest.raises(ParcelAlreadyCovered):
        bought(theirs, second)

    assert available(wallet.id) == HAD
    assert policy_of(theirs, second) is None


def test_what_is_missing_is_said_before_anybody_is_asked_to_approve(db, clock):
    actor, wallet = moneyed()
    unread = asked(actor)
    with pytest.raises(ProductInformationMissing):
        bought(unread, actor)
    shipment = informed(actor, interest=Interest.CONSUMER)
    with pytest.raises(DemandsMissing):
        service.buy(ref=shipment.ref, wish=wish(needs=(" ",)), actor=actor)
    with pytest.raises(LevelNotOffered):
        bought(shipment, actor, Cover.TL)
    clock(shipment.quote.valid_until.strftime("%Y-%m-%dT%H:%M:%S.%f"))
    with pytest.raises(QuoteExpired):
        bought(shipment, actor)
    assert available(wallet.id) == HAD


def test_cover_is_paid_in_its_currency_from_what_is_there(db):
    actor, _ = moneyed(currency="USD")
    with pytest.raises(PayingWalletMissing):
        bought(informed(actor), actor)

    poor, wallet = moneyed("0.10")
    with pytest.raises(bank.InsufficientFunds):
        bought(informed(poor, tracking_number="JD014600009RQ"), poor)
    assert available(wallet.id) == Money.of("0.10", "EUR")


def dear(actor):
    """A parcel whose cover costs more than anybody pays unasked."""
    return informed(
        actor,
        value=Money.of("4000.00", "EUR"),
        delivery=Money.of("100.00", "EUR"),
        tracking_number="JD014600007RQ",
    )


def test_a_dear_cover_waits_for_the_yes_and_is_bought_in_it(db, books_agree):
    actor, wallet = moneyed()
    shipment = dear(actor)

    waiting = bought(shipment, actor)
    same = bought(shipment, actor)
    assert available(wallet.id) == HAD
    approvals.give(approval_id=waiting.approval_id, method="totp", actor=actor)

    policy = policy_of(shipment, actor)
    assert waiting.policy_id is None
    assert same.approval_id == waiting.approval_id
    assert policy.total > Money.of("30.00", "EUR")
    assert available(wallet.id) == HAD - policy.total


def test_another_level_needs_another_yes(db):
    actor, wallet = moneyed()
    shipment = dear(actor)
    first = bought(shipment, actor)

    second = bought(shipment, actor, Cover.PLUS)

    assert second.approval_id != first.approval_id
    with pytest.raises((ApprovalDiffers, ApprovalWithdrawn)):
        approvals.give(approval_id=first.approval_id, method="totp", actor=actor)
    assert available(wallet.id) == HAD


def test_parcels_from_elsewhere_are_waited_for_until_they_come(db):
    actor, _ = moneyed()
    shipment = informed(actor)
    bought(shipment, actor)
    policy = policy_of(shipment, actor)

    with reading():
        assert [(one.carrier, one.tracking_number) for one in queries.awaited()] == [
            ("DHL", NUMBER)
        ]
    cover.parcel_delivered(parcel_ref=policy.parcel_ref, at=policy.bound_at, actor=SYSTEM)
    with reading():
        assert queries.awaited() == []
