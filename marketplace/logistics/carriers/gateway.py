"""Carriers: the protocol a carrier answers to, and the stand-ins of a demonstration.

The stand-ins keep their own books and let business time pass over their parcels. They can be told
to lose, delay, repeat, shuffle, or not to answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Protocol
from uuid import UUID

from sqlalchemy import or_, select

from kernel import clock
from kernel.actor import SYSTEM, Actor
from kernel.config import outside
from kernel.db import command, reading, session
from kernel.ids import new_id
from marketplace.borders.customs import queries as customs
from marketplace.logistics.carriers.errors import CarrierDown
from marketplace.logistics.carriers.models import CarrierMischief, CarrierParcel
from marketplace.logistics.carriers.rules.journey import Trip, scans
from marketplace.logistics.carriers.rules.numbers import number
from marketplace.logistics.carriers.rules.tracking import Scan
from marketplace.logistics.carriers.shipped import network


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelWish:
    """What a carrier must know to take a parcel. Shape: key makes buying twice buying once."""

    key: UUID
    parcel_ref: str
    service: str
    origin_country: str
    destination_country: str
    crosses_border: bool
    weight_g: int


class Carrier(Protocol):
    """What every carrier can be asked."""

    def buy_label(self, wish: LabelWish) -> str:
        """Pay for a label and return the parcel's number. Raises: CarrierDown."""

    def scans(self, numbers: Sequence[str]) -> Mapping[str, list[Scan]]:
        """Return everything scanned so far, by parcel number. Raises: CarrierDown."""


@cache
def carrier() -> Carrier:
    """Return the carriers of this installation. Raises: UnsafeSetting."""
    return outside("carrier_client", stand_in=SimulatedCarriers)


# What customs tells the carrier of a parcel: released or refused, and when.
Verdict = tuple[str, datetime]


class MischiefKind(StrEnum):
    """How the stand-ins can misbehave."""

    LOSE = "lose"
    DELAY = "delay"
    DUPLICATE = "duplicate"
    REORDER = "reorder"
    TIMEOUT = "timeout"


class SimulatedCarriers:
    """Post, express and freight in our own tables."""

    def buy_label(self, wish: LabelWish) -> str:
        """Take the parcel into the books; the key finds it again."""
        if _used_up(parcel_ref=wish.parcel_ref, kinds=[MischiefKind.TIMEOUT], actor=SYSTEM):
            raise CarrierDown(parcel_ref=wish.parcel_ref)
        return _book(wish=wish, actor=SYSTEM)

    def scans(self, numbers: Sequence[str]) -> Mapping[str, list[Scan]]:
        """Return what the passing of business time has brought about."""
        with reading() as current:
            rows = current.scalars(
                select(CarrierParcel).where(CarrierParcel.number.in_(numbers))
            ).all()
            verdicts = customs.verdicts(
                parcel_refs=[r.parcel_ref for r in rows if r.crosses_border]
            )
            silent = _silent()
        for row in rows:
            if silent & {row.parcel_ref, None}:
                _used_up(parcel_ref=row.parcel_ref, kinds=[MischiefKind.TIMEOUT], actor=SYSTEM)
                raise CarrierDown(parcel_ref=row.parcel_ref)
        now = clock.now()
        return {row.number: _told(row, verdicts, now) for row in rows if row.number is not None}


def _silent() -> set[str | None]:
    """Return the parcels, None for any, that the carriers were told not to answer about."""
    return set(
        session().scalars(
            select(CarrierMischief.parcel_ref).where(
                CarrierMischief.remaining > 0, CarrierMischief.kind == MischiefKind.TIMEOUT.value
            )
        )
    )


@command("marketplace.shipping.misbehave")
def misbehave(
    *,
    kind: MischiefKind,
    actor: Actor,
    parcel_ref: str | None = None,
    hours: int = 96,
    times: int = 1,
) -> None:
    """Tell the stand-ins to misbehave: with one parcel, now or later, or with the next ones."""
    row = _booked(parcel_ref) if parcel_ref else None
    if row is None or kind is MischiefKind.TIMEOUT:
        session().add(
            CarrierMischief(
                id=new_id(), kind=kind.value, parcel_ref=parcel_ref, hours=hours, remaining=times
            )
        )
        return
    _spoil(row, {kind.value: hours})


def _booked(parcel_ref: str) -> CarrierParcel | None:
    return session().scalar(
        select(CarrierParcel).where(CarrierParcel.parcel_ref == parcel_ref).with_for_update()
    )


def _spoil(row: CarrierParcel, told: Mapping[str, int]) -> None:
    row.delay_hours += told.get(MischiefKind.DELAY.value, 0)
    row.is_lost = row.is_lost or MischiefKind.LOSE.value in told
    row.is_duplicated = row.is_duplicated or MischiefKind.DUPLICATE.value in told
    row.is_reordered = row.is_reordered or MischiefKind.REORDER.value in told


@command("marketplace.shipping.book")
def _book(*, wish: LabelWish, actor: Actor) -> str:
    known = session().scalar(select(CarrierParcel).where(CarrierParcel.key == wish.key))
    if known is not None:
        assert known.number is not None
        return known.number
    row = CarrierParcel(
        key=wish.key,
        parcel_ref=wish.parcel_ref,
        service=wish.service,
        number=None,
        origin=wish.origin_country,
        destination=wish.destination_country,
        crosses_border=wish.crosses_border,
        booked_at=clock.now(),
        delay_hours=0,
        is_lost=False,
        is_duplicated=False,
        is_reordered=False,
    )
    session().add(row)
    session().flush()
    numbers = network().service(wish.service).numbers
    row.number = number(numbers, row.serial, wish.origin_country)
    kinds = [kind for kind in MischiefKind if kind is not MischiefKind.TIMEOUT]
    _spoil(row, _used_up(parcel_ref=wish.parcel_ref, kinds=kinds, actor=actor))
    session().flush()
    return row.number


@command("marketplace.shipping.used_up")
def _used_up(*, parcel_ref: str, kinds: Sequence[MischiefKind], actor: Actor) -> dict[str, int]:
    """Take one piece of mischief of each kind that fits; return hours by kind."""
    rows = session().scalars(
        select(CarrierMischief)
        .where(
            CarrierMischief.remaining > 0,
            CarrierMischief.kind.in_([kind.value for kind in kinds]),
            or_(CarrierMischief.parcel_ref == parcel_ref, CarrierMischief.parcel_ref.is_(None)),
        )
        .order_by(CarrierMischief.id)
        .with_for_update()
    )
    hours: dict[str, int] = {}
    for row in rows:
        if row.kind not in hours:
            row.remaining -= 1
            hours[row.kind] = row.hours
    return hours


def _told(row: CarrierParcel, verdicts: Mapping[str, Verdict], now: datetime) -> list[Scan]:
    assert row.number is not None
    zone = network().zone(row.origin, row.destination)
    assert zone is not None, "a parcel was booked on a known lane"
    state, at = verdicts.get(row.parcel_ref, (None, None))
    trip = Trip(
        number=row.number,
        origin=row.origin,
        destination=row.destination,
        crosses_border=row.crosses_border,
        booked_at=row.booked_at,
        zone=zone,
        delay_hours=row.delay_hours,
        is_lost=row.is_lost,
        released_at=at if state == "released" else None,
        refused_at=at if state == "refused" else None,
    )
    history = scans(network(), network().service(row.service), trip, now)
    if row.is_reordered:
        history.reverse()
    return history * 2 if row.is_duplicated else history
