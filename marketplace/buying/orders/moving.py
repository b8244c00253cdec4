"""What every step of an order does: lock its row, go to another state, write the step down."""

from __future__ import annotations

from sqlalchemy import select

from kernel import clock
from kernel.actor import Actor
from kernel.db import session
from kernel.errors import NotFound
from marketplace.buying.orders import rules
from marketplace.buying.orders.errors import StepNotPossible
from marketplace.buying.orders.models import OrderStep, VendorOrder
from marketplace.buying.orders.rules import OrderState


def locked(order_ref: str) -> VendorOrder:
    """Return an order, locked until the command ends. Raises: NotFound."""
    order = (
        session()
        .execute(select(VendorOrder).where(VendorOrder.ref == order_ref).with_for_update())
        .scalar_one_or_none()
    )
    if order is None:
        raise NotFound
    return order


def locked_by_parcel(parcel_ref: str) -> VendorOrder:
    """Return the order of a parcel, locked until the command ends. Raises: NotFound."""
    order = found_by_parcel(parcel_ref)
    if order is None:
        raise NotFound
    return order


def found_by_parcel(parcel_ref: str) -> VendorOrder | None:
    """Return the order of a parcel, locked; None for one that was not bought here."""
    return (
        session()
        .execute(select(VendorOrder).where(VendorOrder.parcel_ref == parcel_ref).with_for_update())
        .scalar_one_or_none()
    )


def move(order: VendorOrder, state: OrderState, actor: Actor) -> None:
    """Bring an order to another state. Raises: StepNotPossible."""
    if not rules.may_follow(OrderState(order.state), state):
        raise StepNotPossible
    order.state = state
    session().add(
        OrderStep(vendor_order_id=order.id, state=state, at=clock.now(), actor=actor.label)
    )
