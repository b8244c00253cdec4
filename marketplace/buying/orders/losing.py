"""Parcels that the carrier gives up: who pays, and what comes to light after it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from insurance import api as cover
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.money import total
from marketplace.buying.orders import rules, seller_cover, settlement
from marketplace.buying.orders.events import VendorOrderLost
from marketplace.buying.orders.models import OrderGroup, VendorOrder
from marketplace.buying.orders.moving import found_by_parcel, locked_by_parcel, move
from marketplace.buying.orders.rules import OrderState
from marketplace.logistics.shipping import queries as shipping

# What is told of a parcel before anybody has it, and of one that nobody has any more.
_NOT_TAKEN = frozenset(
    {shipping.ParcelState.ORDERED, shipping.ParcelState.LABELLED, shipping.ParcelState.LOST}
)


@command("marketplace.orders.note_found")
def note_found(*, parcel_ref: str, at: datetime, place: str, actor: Actor) -> None:
    """Tell the cover that a parcel it paid for as lost was seen again on its way."""
    order = locked_by_parcel(parcel_ref)
    if OrderState(order.state) in rules.GIVEN_UP:
        found(order, at, place, is_arrived=False, actor=actor)


@command("marketplace.orders.note_kept")
def note_kept(*, parcel_ref: str, actor: Actor) -> None:
    """Complete a lost order whose goods were found and kept; everybody has been paid."""
    order = locked_by_parcel(parcel_ref)
    if order.state == OrderState.INDEMNIFIED:
        move(order, OrderState.COMPLETED, actor)


@command("marketplace.orders.note_lost")
def note_lost(*, parcel_ref: str, at: datetime, evidence: Mapping[str, Any], actor: Actor) -> None:
    """Give a parcel up. Insured against loss, the cover pays the buyer; else the hold goes back.

    So does then what a cover for other causes cost. A business that did not insure what the carrier
    had taken bears the loss. What its seller bears, the seller's own cover pays then; where another
    bears it, that cover's price goes back.
    Locks: the vendor order, the policies, the escrow. Events: VendorOrderLost, VendorOrderRefunded,
    VendorOrderCompleted for what a business bears, ClaimOpened for a seller's cover.
    """
    order = locked_by_parcel(parcel_ref)
    if OrderState(order.state) not in rules.UNDER_WAY:
        return
    move(order, OrderState.LOST, actor)
    publish(VendorOrderLost(order_ref=order.ref))
    # The policies before the wallets, as paying a claim does, so that none wait in a ring.
    cover.hold_for_refund(parcel_ref=parcel_ref, actor=actor)
    if cover.pays_for_loss(parcel_ref=parcel_ref):
        cover.parcel_lost(parcel_ref=parcel_ref, at=at, evidence=evidence, actor=actor)
        return
    cover.release_lost(parcel_ref=parcel_ref, at=at, actor=actor)
    _settle_uninsured(order, at, evidence, actor)


@command("marketplace.orders.settle_insured_loss")
def settle_insured_loss(*, parcel_ref: str, is_paid: bool, actor: Actor) -> None:
    """Settle a lost parcel whose claim is decided.

    Paid: the buyer has the insured value, so vendor and carrier get theirs, and duty and tax of
    goods that never crossed the border go back. Refused: as without cover. A parcel that was not
    bought here has nothing to settle.
    """
    order = found_by_parcel(parcel_ref)
    if order is None or order.state != OrderState.LOST:
        return
    cover.hold_for_refund(parcel_ref=parcel_ref, actor=actor)
    if is_paid:
        _pay_sellers(order, OrderState.INDEMNIFIED, actor)
        return
    seen = shipping.parcel(parcel_ref=parcel_ref)
    # What the carrier told of the loss was weighed already; a person looks at the seller's claim.
    _settle_uninsured(order, seen.lost_at or clock.now(), {}, actor)


def _settle_uninsured(
    order: VendorOrder, at: datetime, evidence: Mapping[str, Any], actor: Actor
) -> None:
    """Settle a lost parcel that no cover pays for: the loss is its seller's, or a business's.

    Who sells to a consumer bears it until the delivery, who sells to a business until the first
    carrier has the parcel. Source: Directive 2011/83/EU, article 20; CISG, articles 31(a) and
    67(1).
    """
    group = session().get_one(OrderGroup, order.group_id)
    if group.business_name is not None and _is_handed_over(order):
        _pay_sellers(order, OrderState.BORNE, actor)
        return
    move(order, OrderState.REFUNDED, actor)
    settlement.refund_rest(order, "lost", actor)
    seller_cover.claim(order, at, evidence, actor)


def _is_handed_over(order: VendorOrder) -> bool:
    """Whether the carrier has scanned the parcel as taken, whatever the order has heard so far."""
    scans = shipping.parcel(parcel_ref=order.parcel_ref).scans
    return any(scan.state not in _NOT_TAKEN for scan in scans)


def _pay_sellers(order: VendorOrder, state: OrderState, actor: Actor) -> None:
    """Pay vendor and carrier; duty and tax of goods that never crossed the border go back."""
    border = total(settlement.border(order), order.currency)
    if border:
        settlement.refund(order, border, "duty_not_due", actor)
    move(order, state, actor)
    cover.release_seller(parcel_ref=order.parcel_ref, at=clock.now(), actor=actor)
    settlement.pay_out(order, with_border=False, actor=actor)


def found(
    order: VendorOrder, at: datetime, place: str, *, is_arrived: bool, actor: Actor
) -> cover.Found:
    """Ask the cover about a parcel that was given up and is seen again; the order is locked."""
    # Duty and tax went back because the goods never crossed the border; kept, they did.
    return cover.parcel_found(
        parcel_ref=order.parcel_ref,
        at=at,
        place=place,
        is_arrived=is_arrived,
        dues=settlement.border_credits(order),
        actor=actor,
    )
