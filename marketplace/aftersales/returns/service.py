"""Commands on returns: withdraw, send back, receive, refuse, decide, and what the clock does.

Each of them sent twice is done once.
"""

from __future__ import annotations

from sqlalchemy import select

from banking import api as bank
from insurance import api as cover
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.money import Money
from marketplace.aftersales.returns import outcomes, queries, rules
from marketplace.aftersales.returns.errors import ReturnMovedOn, ReturnUnknown
from marketplace.aftersales.returns.events import ReturnMoved
from marketplace.aftersales.returns.indemnities import compensations, stands_in_way
from marketplace.aftersales.returns.models import ReturnRequest
from marketplace.aftersales.returns.opening import note_step, send_back, withdraw
from marketplace.aftersales.returns.rules import OVER, Act, Party, Payer, Reason, State
from marketplace.buying.orders import queries as order_queries
from marketplace.buying.orders import service as orders
from marketplace.buying.orders.queries import Amounts, OrderState
from marketplace.buying.orders.service import Returned
from marketplace.catalogue.inventory import service as inventory
from marketplace.permissions import GRANTS, Permission

__all__ = ["send_back", "withdraw"]


@command("marketplace.returns.arrange")
def arrange(*, ref: str, address: str, country: str, instructions: str, actor: Actor) -> None:
    """Say where the goods go and how; a seller who pays the way back names its label here.

    Locks: the return. Events: ReturnMoved. Raises: ReturnUnknown, ReturnMovedOn once they are sent.
    """
    row = _locked(ref, actor, Party.SELLER)
    if State(row.state) not in {State.AWAITED, State.OPEN} or _is_late(row):
        raise ReturnMovedOn
    row.address, row.country, row.instructions = address, country, instructions
    if not row.is_arranged:
        row.is_arranged = True
        row.due_at = rules.due_at(State(row.state), at=clock.now(), waits_for_seller=False)
    publish(ReturnMoved(return_ref=row.ref, state=row.state))


@command("marketplace.returns.note_sent")
def note_sent(*, ref: str, carrier: str, tracking_number: str, actor: Actor) -> None:
    """Say that the goods are on their way back; from now on the money comes by itself in time.

    Locks: the return. Events: ReturnMoved. Raises: ReturnUnknown, ReturnMovedOn.
    """
    row = _locked(ref, actor, Party.BUYER)
    if State(row.state) is State.SENT and row.tracking_number == tracking_number:
        return
    row.carrier, row.tracking_number = carrier, tracking_number
    _step(row, Act.SEND, actor)


@command("marketplace.returns.receive")
def receive(*, ref: str, restock: bool, actor: Actor, knows_compensated: bool = False) -> None:
    """Confirm that the goods are back: the buyer has the money at once.

    Where the cover has paid the buyer for the order or will, only a seller who knows it gives more.
    Locks: the return, the vendor order, its cover, its escrow, stock when the goods are sold again.
    Events: ReturnMoved, VendorOrderRefunded.
    Raises: ReturnUnknown, ReturnMovedOn, AlreadyCompensated.
    """
    row = _locked(ref, actor, Party.SELLER)
    if State(row.state) is State.SETTLED:  # the clock was quicker, or it was pressed twice
        return
    if _is_compensated(row, actor) and not knows_compensated:
        raise bank.AlreadyCompensated
    _step(row, Act.RECEIVE, actor)
    view = queries.by_ref(ref)
    offers = {line.id: line.offer_id for line in order_queries.by_ref(row.order_ref).lines}
    for line in sorted(view.pieces, key=lambda key: offers[key]) if restock else ():
        inventory.restock(
            offer_id=offers[line], quantity=view.pieces[line], subject=row.ref, actor=actor
        )


@command("marketplace.returns.reject")
def reject(*, ref: str, words: str, actor: Actor) -> None:
    """Refuse a return with a reason, in the seller's time; the buyer may ask the house to decide.

    A withdrawal cannot be refused before the goods are there to be looked at.
    Locks: the return. Events: ReturnMoved. Raises: ReturnUnknown, ReturnMovedOn.
    """
    row = _locked(ref, actor, Party.SELLER)
    if State(row.state) is State.REJECTED and row.rejection == words:
        return
    if not rules.may_refuse(Act.REJECT, State(row.state), Reason(row.reason)):
        raise ReturnMovedOn
    row.rejection = words
    _step(row, Act.REJECT, actor)


@command("marketplace.returns.dispute")
def dispute(*, ref: str, words: str, actor: Actor) -> None:
    """Ask the house to decide; the money in question is frozen where it is still kept.

    Locks: the return, the vendor order, its escrow. Events: ReturnMoved, EscrowFrozen.
    Raises: ReturnUnknown, ReturnMovedOn.
    """
    row = _locked(ref, actor, Party.BUYER)
    if State(row.state) is State.DISPUTED and row.complaint == words:
        return
    row.complaint = words
    _step(row, Act.DISPUTE, actor)
    remaining = bank.escrow_of(order_ref=row.order_ref).remaining
    _freeze(row, min(remaining, _total(row)), actor)


@command("marketplace.returns.decide")
def decide(
    *, ref: str, for_buyer: bool, words: str, actor: Actor, knows_compensated: bool = False
) -> None:
    """Decide on a disputed return, with reasons.

    Locks: the return, the vendor order, its cover where the buyer is right, its escrow.
    Events: ReturnMoved, EscrowFrozen, VendorOrderRefunded for the buyer.
    Raises: ReturnUnknown, ReturnMovedOn, AlreadyCompensated for the buyer.
    """
    row = _locked(ref, actor, Party.HOUSE)
    if row.decision == words:
        return
    if for_buyer and _is_compensated(row, actor) and not knows_compensated:
        raise bank.AlreadyCompensated
    row.decision = words
    _step(row, Act.UPHOLD if for_buyer else Act.DISMISS, actor)


@command("marketplace.returns.drop")
def drop(*, ref: str, actor: Actor) -> None:
    """Keep the goods after all. Locks: the return, the vendor order. Events: ReturnMoved.

    Raises: ReturnUnknown, ReturnMovedOn once they are on their way.
    """
    row = _locked(ref, actor, Party.BUYER)
    if State(row.state) is not State.CLOSED:
        _step(row, Act.DROP, actor)


@command("marketplace.returns.run_out")
def run_out(*, ref: str, actor: Actor) -> None:
    """Do what the clock does once a state's time is over; earlier it does nothing.

    Nor does it give money back for what the cover has paid or will: that is left to people, for
    whom the time begins anew.
    Locks: the return, the vendor order, its cover where money goes back, its escrow.
    Events: ReturnMoved, VendorOrderRefunded.
    """
    row = _locked(ref, actor, Party.CLOCK)
    if row.due_at is None or row.due_at > clock.now():
        return
    waits = row.way_back == Payer.SELLER and not row.is_arranged
    act = rules.due_act(State(row.state), waits_for_seller=waits)
    if rules.next_state(State(row.state), act) is State.SETTLED and _is_compensated(row, actor):
        # Looked at again after as long: what stays due would be due for ever.
        row.due_at = rules.due_at(State(row.state), at=clock.now(), waits_for_seller=waits)
        return
    _step(row, act, actor)


@command("marketplace.returns.follow")
def follow(*, order_ref: str, actor: Actor) -> None:
    """Bring the return of an order to where the order is: delivered, or settled in another way.

    Locks: the return, the vendor order. Events: ReturnMoved.
    """
    ref = queries.open_of(order_ref)
    if ref is None:
        return
    row = _locked(ref, actor, Party.CLOCK)
    order = order_queries.by_ref(order_ref)
    if State(row.state) is State.AWAITED and order.state is OrderState.DELIVERED:
        _step(row, Act.ARRIVE, actor)
    elif order.state in _ELSEWHERE and State(row.state) not in OVER:
        _step(row, Act.VOID, actor)


_ELSEWHERE = {
    OrderState.LOST,
    OrderState.INDEMNIFIED,
    OrderState.BORNE,
    OrderState.REFUNDED,
    OrderState.CANCELLED,
}


def _locked(ref: str, actor: Actor, party: Party) -> ReturnRequest:
    """Return a return, locked, that the actor has a part in. Raises: ReturnUnknown."""
    query = select(ReturnRequest).where(ReturnRequest.ref == ref).with_for_update()
    row = session().execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
    if row is None or not _is_party(row, actor, party):
        raise ReturnUnknown
    return row


def _is_party(row: ReturnRequest, actor: Actor, party: Party) -> bool:
    if party is Party.BUYER:
        return row.person_id == actor.person_id
    if party is Party.SELLER:
        return row.organisation_id in actor.organisation_ids
    if party is Party.HOUSE:
        is_own = row.person_id == actor.person_id or row.organisation_id in actor.organisation_ids
        return bool(GRANTS[Permission.RETURNS_DECIDE] & actor.roles) and not is_own
    return True


def _step(row: ReturnRequest, act: Act, actor: Actor) -> None:
    """Take one arrow of the state machine, with the money it moves. Raises: ReturnMovedOn."""
    was, now = State(row.state), clock.now()
    to = rules.next_state(was, act)
    if to is None or (act in rules.IN_TIME and _is_late(row)):
        raise ReturnMovedOn
    waits = row.way_back == Payer.SELLER and not row.is_arranged
    row.state, row.due_at = to, rules.due_at(to, at=now, waits_for_seller=waits)
    row.closed_at = now if to in OVER else None
    note_step(row.id, to, now, actor)
    session().flush()
    if was is State.DISPUTED:
        _freeze(row, Money.zero(row.currency), actor)
    if to is State.SETTLED:
        _refund(row, actor)
    elif to in OVER:
        orders.let_go_after_return(order_ref=row.order_ref, actor=actor)
    publish(ReturnMoved(return_ref=row.ref, state=to))


def _is_compensated(row: ReturnRequest, actor: Actor) -> bool:
    """Whether the cover has paid for the order or will; it decides on no claim from here on.

    The order comes before its cover, as where parcels are lost, and both before any wallet, as
    where claims are paid: neither waits for the other in a ring.
    """
    orders.lock(order_ref=row.order_ref, actor=actor)
    parcel_ref = order_queries.by_ref(row.order_ref).parcel_ref
    cover.hold_for_refund(parcel_ref=parcel_ref, actor=actor)
    return stands_in_way(compensations(order_ref=row.order_ref))


def _is_late(row: ReturnRequest) -> bool:
    return row.due_at is not None and clock.now() >= row.due_at


def _refund(row: ReturnRequest, actor: Actor) -> None:
    """Give the money back that these goods bring now, and write down how much it was."""
    view, order = queries.by_ref(row.ref), order_queries.by_ref(row.order_ref)
    outcome = outcomes.outcome_of(order, reason=view.reason, pieces=view.pieces)
    parts = outcome.parts
    row.freight_minor, row.fees_minor = parts.freight.minor, parts.fees.minor
    row.duty_minor, row.tax_minor = parts.duty.minor, parts.tax.minor
    refunded = orders.refund_returned(
        key=row.id,
        order_ref=row.order_ref,
        actor=actor,
        back=Returned(
            parts=Amounts(parts.goods, parts.freight, parts.duty, parts.tax, parts.fees),
            reclaimed=outcome.reclaimed,
            vendor_goods=queries.vendor_goods(order, view.pieces),
        ),
    )
    # What was paid back is no loss any more: the cover of the way here pays it no second time.
    cover.goods_gone_back(parcel_ref=order.parcel_ref, refunded=refunded, actor=actor)


def _freeze(row: ReturnRequest, amount: Money, actor: Actor) -> None:
    bank.freeze_escrow(order_ref=row.order_ref, amount=amount, actor=actor)


def _total(row: ReturnRequest) -> Money:
    parts = (row.goods_minor, row.freight_minor, row.duty_minor, row.tax_minor, row.fees_minor)
    return Money(sum(parts), row.currency)
