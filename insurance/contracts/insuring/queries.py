"""Reads of cover bought in the bank: what pays for it, and which parcels are waited for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from banking import api as bank
from insurance.contracts.policies.models import Policy
from insurance.contracts.policies.queries import (
    PolicyState,
    PolicyView,
    information_opened_at,
    view,
)
from insurance.offers.quotes.queries import Cover
from insurance.offers.shipments.models import Shipment
from insurance.offers.shipments.queries import OTHER_CARRIER, ShipmentView
from kernel.db import session


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """A covered parcel that no order of the shop tells about, so its carrier is asked."""

    policy: PolicyView
    carrier: str
    tracking_number: str


def paying_wallet(*, owner_id: UUID, currency: str) -> bank.WalletView | None:
    """Return the wallet that cover is paid from, None without one."""
    return bank.wallet_for(owner_id=owner_id, currency=currency)


def informed_at(seen: ShipmentView, cover: Cover, language: str) -> datetime | None:
    """Return when the product information of a level was opened in a language, None if it wasn't.

    Of a shipment of before that was kept any opening counts.
    """
    if seen.opened is None:
        return seen.informed_at
    insurer_key = seen.quote.level(cover).insurer_key
    return information_opened_at(seen.opened, insurer_key=insurer_key, language=language)


def is_covered(*, number: str, carrier: str) -> bool:
    """Return whether a live policy insures the parcel of a tracking number.

    Shape: two carriers that are named may use one number; one without a name may be any of them.
    """
    query = (
        select(Policy.id)
        .join(Shipment, Shipment.policy_id == Policy.id)
        .where(
            Shipment.tracking_number == number,
            Policy.state.not_in([PolicyState.CANCELLED, PolicyState.VOIDED]),
        )
    )
    if carrier != OTHER_CARRIER:
        query = query.where(Shipment.carrier.in_([carrier, OTHER_CARRIER]))
    return session().execute(query.limit(1)).first() is not None


def awaited() -> list[Awaited]:
    """Return the parcels from elsewhere whose cover waits for a scan or for the delivery."""
    query = (
        select(Policy, Shipment.carrier, Shipment.tracking_number)
        .join(Shipment, Shipment.policy_id == Policy.id)
        .where(Shipment.order_ref == "", Policy.state.in_(["bound", "attached"]))
        .order_by(Policy.bound_at)
    )
    return [
        Awaited(policy=view(row), carrier=carrier, tracking_number=number)
        for row, carrier, number in session().execute(query)
    ]
