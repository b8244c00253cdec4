"""Reads of shipments: by their owner, and those whose carrier is to be asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from insurance.offers.quotes import queries as quotes
from insurance.offers.quotes.queries import Cover, ParcelRisk, QuoteView, RiderView
from insurance.offers.quotes.rules import ADDS_NOTHING
from insurance.offers.quotes.taxed import TaxRule, tax_rules_kept
from insurance.offers.shipments import gateway
from insurance.offers.shipments.errors import ShipmentUnknown
from insurance.offers.shipments.models import Shipment
from insurance.offers.shipments.rules import (
    OTHER_CARRIER,
    Described,
    Kind,
    OwnParcel,
    Scan,
    canonical_number,
    carriers,
    first_scan,
    word_of,
)
from insurance.rating.tariff.queries import Section
from kernel import clock
from kernel.actor import Actor
from kernel.db import session
from kernel.web.formats import day_in

__all__ = [
    "OTHER_CARRIER",
    "Described",
    "Kind",
    "OwnParcel",
    "Scan",
    "canonical_number",
    "carriers",
    "first_scan",
    "word_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a customer chose, and the statement that they agreed to."""

    cover: Cover
    with_delay: bool
    needs: tuple[str, ...]
    locale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentView:
    """A shipment with its price. Shape: as the model; policy_id is None until it is covered."""

    id: UUID
    ref: str
    owner_id: UUID
    parcel_ref: str
    order_ref: str
    carrier: str
    tracking_number: str
    weight_g: int
    quote: QuoteView
    parcel: ParcelRisk
    tax_rules: Mapping[Section, TaxRule]
    asked_at: datetime
    scanned_at: datetime | None
    informed_at: datetime | None
    opened: Mapping[str, str] | None
    choice: Choice | None
    approval_id: UUID | None
    policy_id: UUID | None

    @property
    def is_promise_past(self) -> bool:
        """Whether the carrier's promised day is over where the parcel goes."""
        promised = self.parcel.promised_on
        return promised is not None and promised < today_of(self.parcel.destination_country)

    @property
    def rider(self) -> RiderView | None:
        """What a late delivery would bring, None where it can't be chosen."""
        if self.parcel.promised_on is None or self.is_promise_past:
            return None
        return self.quote.rider

    @property
    def refusal(self) -> tuple[str, str] | None:
        """Decision and reason where no level is on offer, else None."""
        if self.quote.is_offered:
            return None
        # Where each level has its own reason, that of the gate says more than that it adds nothing.
        levels = sorted(self.quote.levels, key=lambda one: one.reason == ADDS_NOTHING)
        return levels[0].decision, levels[0].reason or ""


def shipment_for(actor: Actor, ref: str) -> ShipmentView:
    """Return a shipment to whoever described it. Raises: ShipmentUnknown."""
    row = session().execute(select(Shipment).where(Shipment.ref == ref)).scalar_one_or_none()
    if row is None or row.owner_id != actor.person_id:
        raise ShipmentUnknown
    return view(row)


def shipment_called(ref: str) -> ShipmentView:
    """Return a shipment for officers; who may see it is asked before. Raises: ShipmentUnknown."""
    row = session().execute(select(Shipment).where(Shipment.ref == ref)).scalar_one_or_none()
    if row is None:
        raise ShipmentUnknown
    return view(row)


def bought_of(refs: Collection[str]) -> frozenset[str]:
    """Return which of some shipments have a policy."""
    query = select(Shipment.ref).where(Shipment.ref.in_(refs), Shipment.policy_id.is_not(None))
    return frozenset(session().scalars(query))


def view(row: Shipment) -> ShipmentView:
    """Return a row as others see it."""
    return ShipmentView(
        id=row.id,
        ref=row.ref,
        owner_id=row.owner_id,
        parcel_ref=row.parcel_ref,
        order_ref=row.order_ref,
        carrier=row.carrier,
        tracking_number=row.tracking_number,
        weight_g=row.weight_g,
        quote=quotes.quote_of(quote_id=row.quote_id),
        parcel=quotes.parcel_of(quote_id=row.quote_id),
        tax_rules=tax_rules_kept(quote_id=row.quote_id),
        asked_at=row.asked_at,
        scanned_at=row.scanned_at,
        informed_at=row.informed_at,
        opened=row.opened,
        choice=_choice(row.choice),
        approval_id=row.approval_id,
        policy_id=row.policy_id,
    )


def _choice(raw: Mapping[str, Any] | None) -> Choice | None:
    if raw is None:
        return None
    return Choice(
        cover=Cover(raw["cover"]),
        with_delay=raw.get("delay", False),
        needs=tuple(raw["needs"]),
        locale=raw["locale"],
    )


def today_of(country: str) -> date:
    """Return which day it is where a parcel goes, by whose clock a promise is kept."""
    return day_in(country, clock.now())


def scans_of(*, numbers: list[str]) -> dict[str, list[Scan]]:
    """Return what carriers say of parcels; never inside a transaction. Raises: TrackingDown."""
    return gateway.scans_of(numbers)
