"""Quotes that are kept, declarations that live, an authority that may misbehave."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from kernel import clock as business_time
from kernel import jobs as runner
from kernel.actor import SYSTEM, Actor, Role
from kernel.db import reading, session, transaction
from kernel.money import Money
from marketplace.borders.customs import errors, gateway, queries, service
from marketplace.borders.customs.events import DeclarationFiled, DeclarationReleased
from marketplace.borders.customs.gateway import Answer, MischiefKind
from marketplace.borders.customs.jobs import hear_authority
from marketplace.borders.customs.models import CustomsQuote
from marketplace.borders.customs.queries import DeclarationView
from marketplace.borders.customs.rules import DeclarationState, Lane, lane_of, may_become
from marketplace.borders.duties.errors import AnnualImportLimit
from marketplace.borders.duties.queries import Goods, Shipment

BUYER = Actor(person_id=UUID(int=7), roles=frozenset({Role.BUYER}), label="buyer")
PARCEL = "P-TEST0001"


def make_quote(
    to: str = "GB", price: str = "200.00", currency: str = "GBP", subject: str = "C-1"
) -> UUID:
    goods = Goods(
        line_ref="1",
        title="Teapot",
        hs_code="691110",
        origin_country="CN",
        quantity=1,
        unit_price=Money.of(price, currency),
        weight_g=800,
    )
    shipment = Shipment(
        goods=(goods,),
        dispatch_country="KR" if to == "CN" else "CN",
        destination_country=to,
        destination_region=None,
        freight=Money.zero(currency),
        buyer_id=BUYER.person_id,
    )
    stored, _ = service.quote(shipment=shipment, subject=subject, actor=BUYER)
    return stored.id


def declared(quote_id: UUID, parcel_ref: str = PARCEL) -> DeclarationView:
    found = service.declare(quote_id=quote_id, parcel_ref=parcel_ref, order_ref="O-1", actor=SYSTEM)
    assert found is not None
    return found


def own_drain() -> None:
    """Deliver to customs alone: the orders behind these parcels do not exist."""
    from kernel.outbox import claim_due

    while due := claim_due():
        for item in due:
            if item.handler.startswith("marketplace.customs."):
                runner.deliver(str(item.event_id), item.handler)


def now_at(hours: int) -> None:
    business_time.freeze(business_time.now() + timedelta(hours=hours))
    hear_authority()
    own_drain()
    hear_authority()


def state_of(parcel_ref: str = PARCEL) -> DeclarationView:
    with reading():
        found = queries.declaration_of(parcel_ref=parcel_ref)
    assert found is not None
    return found


def test_a_quote_is_kept_with_its_rows_and_replays_bit_for_bit(db: Any, clock: Any) -> None:
    clock("2026-11-25T09:00")
    quote_id = make_quote()

    with reading():
        kept = queries.quote_view(session().get_one(CustomsQuote, quote_id))
        again = service.replay(quote_id=quote_id)

    assert kept.row_ids == ("GB-6911-MFN", "GB-VAT-2022")
    assert str(kept.charges) == "68.80 GBP"
    assert again["charges_total"] == "68.80"
    assert tuple(again["trace"]) == kept.trace
    assert kept.is_valid
    clock("2026-11-28T09:01")
    assert not kept.is_valid


def test_a_kept_quote_cannot_be_changed(db: Any, clock: Any) -> None:
    clock("2026-11-25T09:00")
    make_quote()

    with (
        pytest.raises(Exception, match="permission denied"),
        transaction(name="t", actor=SYSTEM) as open_,
    ):
        open_.connection().exec_driver_sql("UPDATE marketplace.customs_quote SET regime = 'X'")


def test_declaring_twice_is_once_and_files_one_entry(db: Any, clock: Any, outbox: Any) -> None:
    clock("2026-11-25T09:00")
    quote_id = make_quote()

    first, second = declared(quote_id), declared(quote_id)

    assert first.ref == second.ref
    assert first.state is DeclarationState.FILED
    assert [type(fact) for fact in outbox()].count(DeclarationFiled) == 1
    assert first.document["customs_value"] == "200.00"


def test_goods_inside_one_territory_need_no_declaration(db: Any, clock: Any) -> None:
    clock("2026-11-25T09:00")
    goods = Goods(
        line_ref="1",
        title="Lamp",
        hs_code="940521",
        origin_country="DK",
        quantity=1,
        unit_price=Money.of("90", "EUR"),
    )
    shipment = Shipment(
        goods=(goods,),
        dispatch_country="DK",
        destination_country="FR",
        destination_region=None,
        freight=Money.of("8", "EUR"),
    )

    stored, cost = service.quote(shipment=shipment, subject="C-1", actor=BUYER)

    assert (cost.regime, str(stored.charges)) == ("DOMESTIC", "0.00 EUR")
    assert (
        service.declare(quote_id=stored.id, parcel_ref=PARCEL, order_ref="O-1", actor=SYSTEM)
        is None
    )


def lane_filed(lane: Lane) -> DeclarationView:
    """File parcels until one's reference falls into the lane."""
    quote_id = make_quote()
    for number in range(400):
        found = declared(quote_id, f"P-{number:08d}")
        if lane_of(found.ref) is lane:
            return found
    raise AssertionError("every lane is met")


@pytest.mark.parametrize(
    ("lane", "hours", "path"),
    [
        (Lane.GREEN, [6], ["draft", "filed", "accepted", "assessed", "released"]),
        (Lane.RED, [6, 38], ["draft", "filed", "accepted", "assessed", "released"]),
        (
            Lane.YELLOW,
            [1, 23],
            ["draft", "filed", "queried", "filed", "accepted", "assessed", "released"],
        ),
    ],
)
def test_each_lane_ends_in_release_with_every_step_kept(
    db: Any, clock: Any, outbox: Any, lane: Lane, hours: list[int], path: list[str]
) -> None:
    clock("2026-11-25T09:00")
    filed = lane_filed(lane)
    own_drain()
    for step in hours:
        now_at(step)

    found = state_of(filed.parcel_ref)

    assert [step.state.value for step in found.steps] == path
    assert found.assessed == found.quoted == Money.of("68.80", "GBP")
    assert found.lane is lane
    assert found.registration_number
    assert found.version == (2 if lane is Lane.YELLOW else 1)
    assert any(
        isinstance(fact, DeclarationReleased) and fact.parcel_ref == filed.parcel_ref
        for fact in outbox()
    )


def test_the_authority_can_refuse_and_assess_more(db: Any, clock: Any) -> None:
    clock("2026-11-25T09:00")
    gateway.misbehave(kind=MischiefKind.REFUSE, parcel_ref=PARCEL, actor=SYSTEM)
    gateway.misbehave(kind=MischiefKind.REASSESS, parcel_ref=PARCEL, percent=150, actor=SYSTEM)
    declared(make_quote())
    own_drain()
    now_at(2)
    now_at(48)

    found = state_of()

    assert found.state is DeclarationState.REFUSED
    assert found.assessed == Money.of("103.20", "GBP")
    assert found.quoted == Money.of("68.80", "GBP")


def test_an_authority_that_times_out_loses_nothing(db: Any, clock: Any) -> None:
    clock("2026-11-25T09:00")
    gateway.misbehave(kind=MischiefKind.TIMEOUT, actor=SYSTEM)
    filed = declared(make_quote())
    entry = gateway.Entry(
        entry_ref=filed.ref, parcel_ref=PARCEL, version=1, due=filed.quoted, document={}
    )

    with pytest.raises(errors.AuthorityDown):
        gateway.single_window().lodge(entry)
    gateway.single_window().lodge(entry)
    gateway.single_window().lodge(entry)
    business_time.freeze(business_time.now().replace(hour=12))

    assert len(gateway.single_window().answers([filed.ref])) >= 1


def test_the_same_answer_twice_changes_nothing(db: Any, clock: Any) -> None:
    at = clock("2026-11-25T09:00")
    filed = declared(make_quote())
    said = Answer(
        id="A-1",
        entry_ref=filed.ref,
        state=DeclarationState.ACCEPTED,
        at=at,
        note="26GB1",
        lane=Lane.GREEN,
        registration_number="26GB1",
    )

    first = service.record_answer(declaration_id=filed.id, answer=said, actor=SYSTEM)
    second = service.record_answer(declaration_id=filed.id, answer=said, actor=SYSTEM)

    assert (first, second) == (True, False)
    assert [step.state.value for step in state_of().steps] == ["draft", "filed", "accepted"]


def test_nothing_is_released_that_was_not_accepted() -> None:
    ends = {DeclarationState.RELEASED, DeclarationState.REFUSED}

    assert not may_become(DeclarationState.FILED, DeclarationState.RELEASED)
    assert not may_become(DeclarationState.FILED, DeclarationState.ASSESSED)
    assert all(not may_become(end, state) for end in ends for state in DeclarationState)


def test_chinas_yearly_quota_counts_what_was_declared(db: Any, clock: Any) -> None:
    clock("2026-11-25T09:00")
    for number in range(5):
        declared(make_quote("CN", "4900.00", "CNY"), f"P-CN00000{number}")

    with pytest.raises(AnnualImportLimit):
        make_quote("CN", "1500.01", "CNY")
    make_quote("CN", "1500.00", "CNY")
    clock("2027-01-01T09:00")
    make_quote("CN", "4900.00", "CNY")
