"""How a return begins: a withdrawal from the whole contract, or some goods for a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.ids import new_id, public_ref
from kernel.media.photos import service as keeping
from kernel.media.photos.rules import Changes
from kernel.money import Money
from marketplace.aftersales.returns import outcomes, queries, rules
from marketplace.aftersales.returns.errors import NotReturnable, RefundChanged
from marketplace.aftersales.returns.events import ReturnOpened
from marketplace.aftersales.returns.models import ReturnLine, ReturnRequest, ReturnStep
from marketplace.aftersales.returns.outcomes import Preview
from marketplace.aftersales.returns.rules import Payer, Reason, State
from marketplace.buying.orders import service as orders
from marketplace.buying.orders.queries import OrderState
from marketplace.catalogue.vendors.queries import VendorView


@command("marketplace.returns.withdraw")
def withdraw(*, order_ref: str, actor: Actor) -> str:
    """Withdraw from the contract about an order; return the return's reference.

    What nobody has packed is cancelled and the money is back at once; what was sent comes back
    first. Pressed again, the same withdrawal answers.
    Locks: the vendor order, its stock. Events: ReturnOpened, VendorOrderRefunded when cancelled.
    Raises: NotFound for another's order, NotReturnable.
    """
    state = orders.lock(order_ref=order_ref, actor=actor)
    known = queries.withdrawal_of(actor, order_ref)
    if known is not None:
        return known
    preview = outcomes.preview_for(actor, order_ref, reason=Reason.CHANGED_MIND)
    if state is OrderState.PAID:
        orders.cancel(order_ref=order_ref, actor=actor)
        return _open(preview, State.CANCELLED, note="", is_withdrawal=True, actor=actor)
    orders.hold_for_return(order_ref=order_ref, actor=actor)
    begun = State.AWAITED if preview.order.delivered_at is None else State.OPEN
    return _open(preview, begun, note="", is_withdrawal=True, actor=actor)


@command("marketplace.returns.send_back")
def send_back(
    *,
    order_ref: str,
    reason: Reason,
    pieces: Mapping[int, int],
    note: str,
    expected: Money,
    actor: Actor,
    photos: Changes | None = None,
) -> str:
    """Ask to send delivered goods back; return the return's reference.

    Shape: pieces maps lines of the order to how many of them go back; expected is the money that
    the page showed. What waits of photographs under the order goes with it where its page asks for
    any. Pressed again, the same return answers, and what the second press brought is deleted.
    Locks: the vendor order, the photographs. Events: ReturnOpened.
    Raises: NotFound for another's order, NotReturnable, RefundChanged, TooManyPhotos.
    """
    orders.lock(order_ref=order_ref, actor=actor)
    known = queries.same_return(actor, order_ref, reason=reason, pieces=pieces)
    if known is not None:
        keeping.drop_waiting(album=rules.ALBUM, subject=order_ref, actor=actor)
        return known
    preview = outcomes.preview_for(actor, order_ref, reason=reason, pieces=pieces)
    if reason not in preview.reach.reasons:
        raise NotReturnable
    if preview.parts.total != expected:
        raise RefundChanged
    orders.hold_for_return(order_ref=order_ref, actor=actor)
    ref = _open(preview, State.OPEN, note=note, is_withdrawal=False, actor=actor)
    if reason.is_fault:
        keeping.send(album=rules.ALBUM, waiting=order_ref, subject=ref, changes=photos, actor=actor)
    return ref


def _open(preview: Preview, state: State, *, note: str, is_withdrawal: bool, actor: Actor) -> str:
    person_id = actor.somebody()
    now, order, parts = clock.now(), preview.order, preview.parts
    waits = preview.outcome.way_back is Payer.SELLER
    row = ReturnRequest(
        id=new_id(),
        ref=public_ref("R"),
        vendor_order_id=order.id,
        order_ref=order.ref,
        person_id=person_id,
        organisation_id=order.organisation_id,
        state=state,
        reason=preview.reason,
        is_withdrawal=is_withdrawal,
        note=note,
        currency=parts.goods.currency,
        goods_minor=parts.goods.minor,
        freight_minor=parts.freight.minor,
        duty_minor=parts.duty.minor,
        tax_minor=parts.tax.minor,
        fees_minor=parts.fees.minor,
        way_back=preview.outcome.way_back,
        border=preview.outcome.border,
        address=address_of(preview.vendor),
        country=preview.vendor.country,
        instructions="",
        is_arranged=not waits,
        carrier="",
        tracking_number="",
        rejection="",
        complaint="",
        decision="",
        opened_at=now,
        due_at=rules.due_at(state, at=now, waits_for_seller=waits),
        closed_at=now if state is State.CANCELLED else None,
    )
    session().add(row)
    session().flush()
    session().add_all(
        ReturnLine(return_id=row.id, order_line_id=line.id, quantity=quantity)
        for line, quantity in preview.lines
    )
    note_step(row.id, state, now, actor)
    session().flush()
    publish(ReturnOpened(return_ref=row.ref))
    return row.ref


def address_of(vendor: VendorView) -> str:
    """Return where a shop's goods go back to unless it says otherwise, without the country."""
    sender = vendor.sender
    place = sender if sender["lines"] else vendor.legal
    town = " ".join(part for part in (place.get("postcode"), place.get("city")) if part)
    return "\n".join([str(vendor.legal.get("name") or vendor.name), *place.get("lines", ()), town])


def note_step(return_id: UUID, state: State, at: datetime, actor: Actor) -> None:
    """Write down that a return came to a state."""
    session().add(ReturnStep(return_id=return_id, state=state, at=at, actor=actor.label))
