"""A shipment is priced for two days, and its carrier is asked first."""

from datetime import timedelta

import pytest

from insurance import api as cover
from insurance.offers.quotes.queries import Cover
from insurance.offers.shipments import gateway, queries, service
from insurance.offers.shipments.errors import AlreadyInTransit, ShipmentUnknown, TrackingDown
from insurance.offers.shipments.gateway import Fault
from insurance.rating.liability.queries import Interest
from insurance.rating.tariff.queries import Section
from kernel import clock as house_clock
from kernel.db import reading
from kernel.money import Money
from tests.insurance.offers.shipments.describing import NUMBER, asked, customer, scan


def seen(actor, ref):
    with reading():
        return queries.shipment_for(actor, ref)


def test_a_price_is_kept_for_two_days_with_the_rule_that_taxed_it(db, clock):
    clock("2026-06-01T09:00")
    actor = customer()

    shipment = asked(actor)

    assert shipment.quote.valid_until == house_clock.now() + timedelta(hours=48)
    level = shipment.quote.level(Cover.STD)
    assert level.sum_insured == Money.of("200.00", "EUR")
    assert shipment.tax_rules[Section.LOSS].rule == "DE-LOSS-cross_border-consumer-2026-01-01"
    assert shipment.tax_rules[Section.LOSS].basis
    assert shipment.refusal is None
    assert (shipment.parcel_ref, shipment.policy_id) == (f"DHL-{NUMBER}", None)
    assert seen(actor, shipment.ref) == shipment


def test_the_bank_rates_as_the_shop_does(db, clock):
    clock("2026-06-01T09:00")
    shipment = asked(customer())

    shop = cover.estimate_parcel(risk=shipment.parcel)

    assert shipment.quote.levels == shop.levels


def test_what_the_carrier_has_is_declined_with_its_reason(db):
    scan()

    shipment = asked(customer())

    assert shipment.refusal == ("decline", "ALREADY_IN_TRANSIT")
    assert shipment.scanned_at is not None


def test_a_number_that_is_not_known_or_only_labelled_was_not_scanned(db):
    scan("LABEL0001", "labelled")

    assert asked(customer()).scanned_at is None
    assert asked(customer(), tracking_number="LABEL0001").refusal is None


@pytest.mark.parametrize(
    ("otherwise", "refusal"),
    [
        ({"kind": "valuables"}, ("decline", "EXCLUDED_GOODS")),
        ({"kind": "fresh"}, ("refer", "PERISHABLE")),
        ({"value": Money.of("90000.00", "EUR")}, ("refer", "SI_OVER_AUTHORITY")),
        (
            {"kind": "valuables", "interest": Interest.CONSUMER},
            ("decline", "EXCLUDED_GOODS"),
        ),
    ],
)
def test_the_gate_says_why(db, otherwise, refusal):
    assert asked(customer(), **otherwise).refusal == refusal


def test_no_cover_is_sold_where_its_tax_is_not_known(db):
    assert asked(customer(), country="HU").refusal == ("decline", "COUNTRY_NOT_OFFERED")


def test_the_carrier_is_asked_again_and_what_it_says_is_kept(db):
    actor = customer()
    shipment = asked(actor)
    service.look_again(ref=shipment.ref, actor=actor)

    scan()
    with pytest.raises(AlreadyInTransit):
        service.look_again(ref=shipment.ref, actor=actor)

    assert seen(actor, shipment.ref).scanned_at is not None
    with pytest.raises(AlreadyInTransit):
        service.choose(
            ref=shipment.ref, cover=Cover.STD, needs=("I want it.",), locale="en", actor=actor
        )


def test_a_carrier_that_does_not_answer_is_told_and_nothing_is_kept(db):
    actor = customer()
    shipment = asked(actor)
    gateway.order_fault(Fault.TIME_OUT, 2)

    with pytest.raises(TrackingDown):
        asked(actor)
    with pytest.raises(TrackingDown):
        service.look_again(ref=shipment.ref, actor=actor)
    assert seen(actor, shipment.ref).scanned_at is None


@pytest.mark.parametrize("fault", [Fault.SHUFFLE, Fault.REPEAT])
def test_scans_that_come_twice_or_in_disorder_are_the_same_scans(db, fault):
    scan(state="in_transit", hours_ago=2)
    scan(state="accepted", hours_ago=5)
    plain = gateway.scans_of([NUMBER])

    gateway.order_fault(fault, 1)

    assert gateway.scans_of([NUMBER]) == plain
    assert [one.state for one in plain[NUMBER]] == ["accepted", "in_transit"]


def test_a_client_that_breaks_is_one_that_does_not_answer(monkeypatch):
    class Broken:
        def scans(self, numbers):
            raise ConnectionError

    monkeypatch.setattr(gateway, "client", Broken)

    with pytest.raises(TrackingDown):
        gateway.scans_of([NUMBER])


def test_a_shipment_is_its_owners_alone(db):
    shipment = asked(customer())

    with reading(), pytest.raises(ShipmentUnknown):
        queries.shipment_for(customer(), shipment.ref)
    with pytest.raises(ShipmentUnknown):
        service.note_informed(ref=shipment.ref, paper="IPID/one/en", actor=customer())
