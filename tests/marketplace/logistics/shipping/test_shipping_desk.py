"""Parcels from the vendor's bench to the door, with carriers that may misbehave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from kernel import clock as business_time
from kernel import jobs as runner
from kernel.actor import SYSTEM, Actor, Role
from kernel.db import reading
from kernel.events import Event
from kernel.money import Money
from marketplace.borders.customs import gateway as authority
from marketplace.borders.customs import service as customs
from marketplace.borders.customs.jobs import hear_authority
from marketplace.borders.customs.queries import declaration_of
from marketplace.borders.duties.queries import Goods, Shipment
from marketplace.logistics.carriers import gateway
from marketplace.logistics.carriers.gateway import MischiefKind
from marketplace.logistics.carriers.queries import Load
from marketplace.logistics.carriers.rules.numbers import s10_check_digit
from marketplace.logistics.carriers.rules.tracking import ParcelState, Scan
from marketplace.logistics.carriers.shipped import network
from marketplace.logistics.shipping import errors, queries, service
from marketplace.logistics.shipping.events import (
    ParcelClearedCustoms,
    ParcelDelivered,
    ParcelHeldAtCustoms,
    ParcelLate,
    ParcelLost,
    ParcelReturned,
    ParcelScanned,
)
from marketplace.logistics.shipping.jobs import hear_carriers, watch_promises
from marketplace.logistics.shipping.queries import ParcelView

REF = "P-TEST0001"
BUYER = Actor(person_id=UUID(int=7), roles=frozenset({Role.BUYER}), label="buyer")
Outbox = Callable[[], list[Event]]


def make_dispatch(
    to: str = "GB", option: str = "express", ref: str = REF, promised: str = "2026-12-04"
) -> None:
    currency = {"GB": "GBP", "CN": "CNY"}[to]
    goods = Goods(
        line_ref="1",
        title="Teapot",
        hs_code="691110",
        origin_country="CN",
        quantity=1,
        unit_price=Money.of("200.00", currency),
        weight_g=800,
    )
    shipment = Shipment(
        goods=(goods,),
        dispatch_country="CN",
        destination_country=to,
        destination_region=None,
        freight=Money.zero(currency),
        buyer_id=BUYER.person_id,
    )
    promise, _ = customs.quote(shipment=shipment, subject=ref, actor=BUYER)
    for _ in range(2):
        service.dispatch(
            parcel_ref=ref,
            vendor_order_ref="O-1",
            option_code=option,
            origin={"country": "CN"},
            destination={"country": to},
            load=Load(800),
            promised_on=date.fromisoformat(promised),
            customs_quote_id=promise.id,
            actor=SYSTEM,
        )


def let_pass(days: int) -> None:
    for _ in range(days * 4):
        business_time.freeze(business_time.now() + timedelta(hours=6))
        hear_authority()
        hear_carriers()
        own_drain()
        watch_promises()


def own_drain() -> None:
    """Deliver to customs and shipping alone: the orders behind these parcels do not exist."""
    from kernel.outbox import claim_due

    while due := claim_due():
        for item in due:
            if item.handler.startswith(("marketplace.customs.", "marketplace.shipping.")):
                runner.deliver(str(item.event_id), item.handler)


def parcel(ref: str = REF) -> ParcelView:
    with reading():
        return queries.parcel(parcel_ref=ref)


def told(outbox: Outbox) -> Counter[str]:
    known = (
        ParcelScanned,
        ParcelHeldAtCustoms,
        ParcelClearedCustoms,
        ParcelDelivered,
        ParcelLost,
        ParcelReturned,
        ParcelLate,
    )
    return Counter(type(fact).__name__ for fact in outbox() if isinstance(fact, known))


WHOLE = {
    "ParcelScanned": 1,
    "ParcelHeldAtCustoms": 1,
    "ParcelClearedCustoms": 1,
    "ParcelDelivered": 1,
}


@pytest.fixture(autouse=True)
def _start(db: Any, clock: Any) -> None:
    clock("2026-11-25T03:00")


def test_dispatching_twice_buys_one_label_and_files_one_declaration(outbox: Outbox) -> None:
    make_dispatch(option="post")
    own_drain()

    found = parcel()

    assert found.state is ParcelState.LABELLED
    assert found.tracking_number
    assert s10_check_digit(found.tracking_number[2:10]) == int(found.tracking_number[10])
    with reading():
        declaration = declaration_of(parcel_ref=REF)
    assert declaration is not None
    names = Counter(fact.name for fact in outbox())
    assert names["marketplace.parcel.dispatched.v1"] == 1
    assert names["marketplace.declaration.filed.v1"] == 1


def test_a_parcel_crosses_the_border_and_arrives_with_each_fact_told_once(outbox: Outbox) -> None:
    make_dispatch()
    own_drain()
    let_pass(12)

    found = parcel()

    assert found.state is ParcelState.DELIVERED
    assert [scan.state for scan in found.scans] == [
        ParcelState.ACCEPTED,
        ParcelState.IN_TRANSIT,
        ParcelState.EXPORTED,
        ParcelState.ARRIVED,
        ParcelState.CUSTOMS_PRESENTED,
        ParcelState.CUSTOMS_RELEASED,
        ParcelState.OUT_FOR_DELIVERY,
        ParcelState.DELIVERED,
    ]
    assert found.scans[0].at.utcoffset() == timedelta(hours=8)
    assert found.scans[0].raw_code == "EMA"
    assert told(outbox) == WHOLE
    assert found.late_at is None


def test_a_parcel_inside_a_land_meets_no_customs(outbox: Outbox) -> None:
    make_dispatch(to="CN")
    own_drain()
    let_pass(5)

    assert told(outbox) == {"ParcelScanned": 1, "ParcelDelivered": 1}
    with reading():
        assert declaration_of(parcel_ref=REF) is None


@pytest.mark.parametrize("kind", [MischiefKind.DUPLICATE, MischiefKind.REORDER])
def test_repeated_and_shuffled_scans_tell_the_same_story(
    outbox: Outbox, kind: MischiefKind
) -> None:
    make_dispatch()
    own_drain()
    gateway.misbehave(kind=kind, parcel_ref=REF, actor=SYSTEM)
    let_pass(12)

    found = parcel()

    # A parcel that is known to be free is not called held by a scan that comes late.
    without_held = WHOLE | {"ParcelHeldAtCustoms": 0}
    assert told(outbox) in (Counter(WHOLE), Counter(without_held))
    assert len(found.scans) == 8
    assert [scan.at for scan in found.scans] == sorted(scan.at for scan in found.scans)


def test_everything_told_at_once_in_the_wrong_order_still_ends_delivered(outbox: Outbox) -> None:
    make_dispatch()
    own_drain()
    gateway.misbehave(kind=MischiefKind.REORDER, parcel_ref=REF, actor=SYSTEM)
    business_time.freeze(business_time.now() + timedelta(days=3))
    hear_authority()
    own_drain()
    business_time.freeze(business_time.now() + timedelta(days=20))
    hear_authority()
    hear_carriers()

    assert parcel().state is ParcelState.DELIVERED
    assert told(outbox)["ParcelDelivered"] == 1
    assert told(outbox)["ParcelScanned"] == 1


def test_a_lost_parcel_is_told_once_with_its_evidence(outbox: Outbox) -> None:
    gateway.misbehave(kind=MischiefKind.LOSE, actor=SYSTEM)
    make_dispatch()
    own_drain()
    let_pass(14)

    found = parcel()
    lost = [fact for fact in outbox() if isinstance(fact, ParcelLost)]

    assert found.state is ParcelState.LOST
    assert [(fact.parcel_ref, fact.evidence) for fact in lost] == [(REF, "EXL no scan since")]


def test_a_delayed_parcel_is_late_before_it_comes(outbox: Outbox) -> None:
    make_dispatch()
    own_drain()
    gateway.misbehave(kind=MischiefKind.DELAY, parcel_ref=REF, hours=240, actor=SYSTEM)
    let_pass(20)

    late = [fact for fact in outbox() if isinstance(fact, ParcelLate)]

    assert parcel().state is ParcelState.DELIVERED
    assert late[0].delivered_on is None
    assert late[-1].delivered_on is not None
    assert late[-1].delivered_on > late[-1].promised_on == date(2026, 12, 4)
    assert len(late) == 2


def test_a_parcel_refused_at_the_border_goes_back(outbox: Outbox) -> None:
    authority.misbehave(kind=authority.MischiefKind.REFUSE, parcel_ref=REF, actor=SYSTEM)
    make_dispatch()
    own_drain()
    let_pass(12)

    assert parcel().state is ParcelState.RETURNED
    assert told(outbox)["ParcelReturned"] == 1
    assert told(outbox)["ParcelDelivered"] == 0


def test_a_parcel_nobody_has_seen_for_too_long_counts_as_lost(outbox: Outbox) -> None:
    make_dispatch(promised="2026-12-04")
    own_drain()
    business_time.freeze(datetime(2026, 12, 24, 12, tzinfo=UTC))
    watch_promises()
    before = parcel().state
    business_time.freeze(datetime(2026, 12, 25, 12, tzinfo=UTC))
    watch_promises()
    watch_promises()

    assert before is ParcelState.LABELLED
    assert parcel().state is ParcelState.LOST
    assert told(outbox) == {"ParcelLate": 1, "ParcelLost": 1}


def make_scan(code: str, hour: int) -> Scan:
    return Scan(
        key=f"{code}-{hour}",
        raw_code=code,
        state=network().service("post").codes[code],
        at=datetime(2026, 11, 26, hour, tzinfo=UTC),
        place="GB",
    )


def test_nothing_moves_a_delivered_parcel_again(outbox: Outbox) -> None:
    make_dispatch()
    own_drain()
    for code, hour in (("EMI", 12), ("EMI", 13), ("EXL", 14), ("EMD", 3), ("EDB", 4)):
        service.record_tracking(parcel_ref=REF, scan=make_scan(code, hour), actor=SYSTEM)

    assert parcel().state is ParcelState.DELIVERED
    assert told(outbox) == {"ParcelScanned": 1, "ParcelDelivered": 1}


def test_an_unknown_lane_or_service_is_refused_and_leaves_nothing(outbox: Outbox) -> None:
    with pytest.raises(errors.NoService):
        service.dispatch(
            parcel_ref=REF,
            vendor_order_ref="O-1",
            option_code="balloon",
            origin={"country": "CN"},
            destination={"country": "GB"},
            load=Load(800),
            promised_on=date(2026, 12, 4),
            customs_quote_id=UUID(int=1),
            actor=SYSTEM,
        )

    with reading():
        assert queries.find_parcels(parcel_refs=[REF]) == {}
    assert outbox() == []
