"""Describe a shipment and get its price; ask its carrier; keep what was chosen for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from uuid import UUID

from sqlalchemy import select

from insurance.offers.quotes import queries as prices
from insurance.offers.quotes import service as quotes
from insurance.offers.quotes.queries import Cover, ParcelRisk
from insurance.offers.shipments import gateway, queries, rules
from insurance.offers.shipments.errors import (
    AlreadyInTransit,
    ParcelOfOrder,
    PromisePast,
    PromiseTooLate,
    PromiseTooSoon,
    ShipmentCovered,
    ShipmentUnknown,
    TrackingDown,
)
from insurance.offers.shipments.models import Shipment
from insurance.offers.shipments.queries import ShipmentView
from insurance.offers.shipments.rules import Described, OwnParcel
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, reading, session
from kernel.errors import Upstream
from kernel.ids import new_id, public_ref

_told_by_orders: list[Callable[[str], datetime | None]] = []
_known_to_orders: list[Callable[[str, Actor], OwnParcel]] = []


def ask(*, described: Described, country: str, actor: Actor) -> ShipmentView:
    """Ask the carrier about a parcel from elsewhere, then price it and keep the price.

    A number that the carrier does not know yet was not scanned. One that it has is priced, too, and
    the gate declines it. Shape: country is where its owner lives. Raises: ParcelOfOrder,
    PromisePast, PromiseTooSoon, PromiseTooLate, TrackingDown.
    """
    _check_promise(described)
    check_not_of_an_order(number=described.tracking_number, actor=actor)
    scanned_at = _scan_of(described.tracking_number)
    risk = rules.risk_of(
        described, country=country, is_scanned=scanned_at is not None, on=clock.today()
    )
    return _keep(
        risk=risk,
        parcel_ref=rules.parcel_ref(described.carrier, described.tracking_number),
        order_ref="",
        number=(described.carrier, described.tracking_number),
        weight_g=described.weight_g,
        scanned_at=scanned_at,
        actor=actor,
    )


def ask_own(
    *,
    quote_id: UUID,
    parcel_ref: str,
    order_ref: str,
    weight_g: int,
    promised_on: date | None = None,
    actor: Actor,
) -> ShipmentView:
    """Price a parcel of an order anew, exactly as the checkout saw it, and keep the price.

    Shape: quote_id is of the checkout, promised_on what its buyer was promised then. Whoever calls
    has let the buyer in. Raises: QuoteUnknown, TrackingDown.
    """
    scanned_at = _scan_of_own(parcel_ref)
    with reading():
        parcel = prices.parcel_of(quote_id=quote_id)
    return _keep(
        risk=replace(parcel, is_already_scanned=scanned_at is not None, promised_on=promised_on),
        parcel_ref=parcel_ref,
        order_ref=order_ref,
        number=("", ""),
        weight_g=weight_g,
        scanned_at=scanned_at,
        actor=actor,
    )


def _check_promise(described: Described) -> None:
    """Refuse a promised day that no carrier gave. Raises: as `ask`."""
    today = queries.today_of(described.destination_country)
    if described.promised_on is None:
        return
    if described.promised_on < today:
        raise PromisePast
    soonest = rules.soonest_promise(described.mode, on=today)
    if described.promised_on < soonest:
        raise PromiseTooSoon(day=soonest)
    if described.promised_on > rules.latest_promise(on=today):
        raise PromiseTooLate(day=rules.latest_promise(on=today))


def let_orders_tell(first_scan: Callable[[str], datetime | None]) -> None:
    """Say who knows when a parcel of an order was scanned first; the shop does so at import."""
    _told_by_orders.append(first_scan)


def let_orders_know(own_parcel: Callable[[str, Actor], OwnParcel]) -> None:
    """Say who knows which numbers are of parcels of orders; the shop does so at import."""
    _known_to_orders.append(own_parcel)


def own_parcel(*, number: str, actor: Actor) -> OwnParcel:
    """Return whether a number is of a parcel of the shop, and whose.

    The number decides: who names another carrier for it has the same parcel in mind.
    """
    with reading():
        told = [find(number, actor) for find in _known_to_orders]
    return next((one for one in told if one.is_known), OwnParcel())


def check_not_of_an_order(*, number: str, actor: Actor) -> None:
    """Refuse a parcel that is insured from its order alone. Raises: ParcelOfOrder."""
    if own_parcel(number=number, actor=actor).is_known:
        raise ParcelOfOrder


def _scan_of_own(parcel_ref: str) -> datetime | None:
    """Return when a parcel of an order was scanned first. Raises: TrackingDown."""
    try:
        told = [first_scan(parcel_ref) for first_scan in _told_by_orders]
    except Upstream as error:
        raise TrackingDown from error
    return min((at for at in told if at is not None), default=None)


def look_again(*, ref: str, actor: Actor) -> None:
    """Ask the carrier once more before money moves; outside of any transaction.

    What it says is kept. Raises: ShipmentUnknown, ParcelOfOrder, AlreadyInTransit, TrackingDown.
    """
    with reading():
        seen = queries.shipment_for(actor, ref)
    if seen.policy_id is not None:
        return
    number = seen.tracking_number
    if number:
        check_not_of_an_order(number=number, actor=actor)
    scanned_at = _scan_of(number) if number else _scan_of_own(seen.parcel_ref)
    _note_look(ref=ref, scanned_at=scanned_at, actor=actor)
    if scanned_at is not None:
        raise AlreadyInTransit


def _scan_of(number: str) -> datetime | None:
    """Return when a parcel from elsewhere was scanned first. Raises: TrackingDown."""
    scan = rules.first_scan(gateway.scans_of([number]).get(number, []))
    return scan.at if scan is not None else None


@command("insurance.shipments.keep")
def _keep(
    *,
    risk: ParcelRisk,
    parcel_ref: str,
    order_ref: str,
    number: tuple[str, str],
    weight_g: int,
    scanned_at: datetime | None,
    actor: Actor,
) -> ShipmentView:
    now, ref = clock.now(), public_ref("H")
    quote = quotes.quote_shipment(
        risk=risk,
        subject=ref,
        lifetime=rules.terms_on(now.date()).lifetime,
        actor=actor,
    )
    assert quote.id is not None, "it was stored"
    row = Shipment(
        id=new_id(),
        ref=ref,
        owner_id=actor.somebody(),
        parcel_ref=parcel_ref,
        order_ref=order_ref,
        carrier=number[0],
        tracking_number=number[1],
        weight_g=weight_g,
        quote_id=quote.id,
        asked_at=now,
        looked_at=now,
        scanned_at=scanned_at,
        opened={},
    )
    session().add(row)
    session().flush()
    return queries.view(row)


@command("insurance.shipments.note_look")
def _note_look(*, ref: str, scanned_at: datetime | None, actor: Actor) -> None:
    row = _locked(ref, actor)
    row.looked_at = clock.now()
    row.scanned_at = row.scanned_at or scanned_at


@command("insurance.shipments.note_informed")
def note_informed(*, ref: str, paper: str, actor: Actor) -> None:
    """Note that a product information was opened; the first time stays.

    Shape: paper says which version, whose and in which language. Locks: the shipment.
    Raises: ShipmentUnknown.
    """
    row, now = _locked(ref, actor), clock.now()
    row.informed_at = row.informed_at or now
    row.opened = {paper: now.isoformat()} | (row.opened or {})


@command("insurance.shipments.choose")
def choose(
    *,
    ref: str,
    cover: Cover,
    with_delay: bool = False,
    needs: tuple[str, ...],
    locale: str,
    actor: Actor,
) -> ShipmentView:
    """Keep the level that was chosen and the needs that were stated, and hold the shipment.

    One that is covered just so is given back as it is. Locks: the shipment.
    Raises: ShipmentUnknown, ShipmentCovered, AlreadyInTransit.
    """
    row = _locked(ref, actor)
    if row.policy_id is not None:
        kept = row.choice or {}
        if (kept.get("cover"), kept.get("delay", False)) != (cover.value, with_delay):
            raise ShipmentCovered
        return queries.view(row)
    if row.scanned_at is not None:
        raise AlreadyInTransit
    row.choice = {
        "cover": cover.value,
        "delay": with_delay,
        "needs": list(needs),
        "locale": locale,
    }
    session().flush()
    return queries.view(row)


@command("insurance.shipments.reprice")
def reprice(
    *, ref: str, surcharge_pct: Fraction, lifetime: timedelta, actor: Actor
) -> ShipmentView:
    """Give a referred shipment the price that an underwriter offers, in place of the gate's no.

    Who may offer it is asked before. An approval of another price does not fit any more.
    Units: surcharge in per cent of the rate. Locks: the shipment.
    Raises: ShipmentUnknown, ShipmentCovered, AlreadyInTransit.
    """
    row = _found_locked(ref)
    if row is None:
        raise ShipmentUnknown
    if row.policy_id is not None:
        raise ShipmentCovered
    if row.scanned_at is not None:
        raise AlreadyInTransit
    offered = quotes.quote_shipment(
        risk=prices.parcel_of(quote_id=row.quote_id),
        subject=row.ref,
        lifetime=lifetime,
        surcharge_pct=surcharge_pct,
        actor=actor,
    )
    assert offered.id is not None, "it was stored"
    row.quote_id = offered.id
    session().flush()
    return queries.view(row)


@command("insurance.shipments.hold")
def hold(*, ref: str, actor: Actor) -> ShipmentView:
    """Hold a shipment until the command ends. Locks: the shipment. Raises: ShipmentUnknown."""
    return queries.view(_locked(ref, actor))


@command("insurance.shipments.await_approval")
def await_approval(*, ref: str, approval_id: UUID, actor: Actor) -> ShipmentView:
    """Note which approval a shipment's payment waits for. Locks: the shipment."""
    row = _locked(ref, actor)
    row.approval_id = approval_id
    session().flush()
    return queries.view(row)


@command("insurance.shipments.note_covered")
def note_covered(*, ref: str, policy_id: UUID, actor: Actor) -> ShipmentView:
    """Note the policy of a shipment. Locks: the shipment."""
    row = _locked(ref, actor)
    row.policy_id = policy_id
    session().flush()
    return queries.view(row)


def _locked(ref: str, actor: Actor) -> Shipment:
    row = _found_locked(ref)
    if row is None or row.owner_id != actor.person_id:
        raise ShipmentUnknown
    return row


def _found_locked(ref: str) -> Shipment | None:
    return (
        session()
        .execute(
            select(Shipment)
            .where(Shipment.ref == ref)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        .scalar_one_or_none()
    )
