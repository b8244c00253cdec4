"""The door of orders: what a holder buys here for a business, declared once it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from insurance.rating.tariff.queries import Basis
from insurance.trade.documents_check.queries import Incoterm
from insurance.trade.open_cover import declaring, queries
from insurance.trade.open_cover.holding import held, note
from insurance.trade.open_cover.queries import DeclarationView
from insurance.trade.open_cover.rules import Shipment, Source
from insurance.trade.open_cover.stored import stored_message
from kernel.actor import Actor
from kernel.db import command, savepoint
from kernel.errors import Conflict, RuleBroken
from kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """A parcel that was bought, or sold.

    Units: value is price and delivery, without duty and tax; of a sale what its shop loses with it.
    """

    reference: str
    goods: str
    hs_code: str
    value: Money
    origin_country: str
    origin: str
    destination_country: str
    destination: str
    is_by_air: bool
    conveyance: str
    sent_on: date


@command("insurance.open_cover.declare_ordered")
def declare_ordered(*, owner_id: UUID, ordered: Ordered, actor: Actor) -> DeclarationView | None:
    """Declare an order of a holder who lets orders be declared; twice is once.

    None without such a cover, and where the shipment is refused: its holder is told why.
    Locks: as `declaring.declare`. Events: CargoBound, OpenCoverNews.
    """
    ref = queries.taking_order(owner_id=owner_id, value=ordered.value)
    if ref is None:
        return None
    try:
        with savepoint():
            return declaring.declare(
                ref=ref, shipment=shipment_of(ordered), source=Source.ORDER, actor=actor
            )
    except (RuleBroken, Conflict) as refusal:
        data = {"reference": ordered.reference, "why": stored_message(refusal.sentence)}
        note(held(ref), "order_refused", data, actor)
        return None


def shipment_of(ordered: Ordered) -> Shipment:
    """Return a parcel as it is declared."""
    return Shipment(
        reference=ordered.reference,
        goods=ordered.goods,
        hs_code=ordered.hs_code,
        marks="",
        incoterm=Incoterm.DAP,
        # Delivery is in its price, insurance is not.
        basis=Basis.CFR,
        value=ordered.value,
        freight=Money.zero(ordered.value.currency),
        origin_country=ordered.origin_country,
        origin=ordered.origin,
        destination_country=ordered.destination_country,
        destination=ordered.destination,
        mode="AIR" if ordered.is_by_air else "ROAD",
        conveyance=ordered.conveyance,
        document="",
        departs_on=ordered.sent_on,
        # It is declared as it is sent; a day that turned in between is nobody's mistake.
        is_honest=True,
    )
