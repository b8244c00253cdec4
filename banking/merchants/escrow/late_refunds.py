"""An order that was paid out, and who would bear a refund of it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from banking.merchants.escrow import queries as escrow
from banking.merchants.escrow.errors import EscrowUnknown, NotPaidOut
from banking.merchants.escrow.queries import Compensation, EscrowView, RefundPreview, Stage
from banking.permissions import GRANTS, Permission
from kernel.actor import Actor
from kernel.errors import Invalid
from kernel.ids import new_id
from kernel.money import Money
from kernel.people.identity import queries as identity


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPage:
    """An order that money may still go back of.

    Shape: left is how much; may_lose is for who decides on losses of the house; compensated is what
    others paid the buyer for it, will pay, or were asked for.
    """

    escrow: EscrowView
    vendor: str
    left: Money
    may_lose: bool
    compensated: list[Compensation]

    @property
    def asks_people(self) -> bool:
        """Whether who refunds has to say that they know of it."""
        return any(paid.stands_in_way for paid in self.compensated)

    @property
    def is_promised(self) -> bool:
        """Whether all of it is still to come."""
        return all(paid.stage is not Stage.PAID for paid in self.compensated)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewPage:
    """Who would bear a refund, before it is pressed."""

    order: OrderPage
    found: RefundPreview
    key: UUID


def order_for(actor: Actor, order_ref: str) -> OrderPage:
    """Return an order of the actor's company, or any to who keeps the books.

    Raises: EscrowUnknown, NotPaidOut.
    """
    order_escrow = escrow.escrow_of(order_ref=order_ref)
    is_mine = order_escrow.beneficiary_id in actor.organisation_ids
    may_lose = bool(GRANTS[Permission.BOOKS_ACT] & actor.roles) and not is_mine
    if not is_mine and not may_lose:
        raise EscrowUnknown
    if not order_escrow.released:
        raise NotPaidOut
    vendor = identity.organisation(order_escrow.beneficiary_id)
    return OrderPage(
        escrow=order_escrow,
        vendor=vendor.name if vendor else "",
        may_lose=may_lose,
        compensated=escrow.compensations_of(order_ref=order_ref),
        left=order_escrow.funded - escrow.refunded(order_ref, order_escrow.funded.currency),
    )


def named(actor: Actor, order_ref: str) -> str:
    """Return the reference of an order that somebody asks for. Raises: Invalid, NotPaidOut."""
    try:
        return order_for(actor, order_ref).escrow.order_ref
    except EscrowUnknown as unknown:
        raise Invalid({"order": unknown.sentence}) from unknown


def preview_for(actor: Actor, order_ref: str, minor: int) -> PreviewPage:
    """Return who would bear a refund right now. Raises: EscrowUnknown, NotPaidOut, RefundAbovePaid.

    Units: minor of the order's currency.
    """
    order = order_for(actor, order_ref)
    amount = Money(minor, order.left.currency)
    preview = escrow.refund_preview(order_ref=order_ref, amount=amount)
    return PreviewPage(order=order, found=preview, key=new_id())
