"""Returns as buyers, sellers and operators see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, func, select

from insurance import api as cover
from kernel import clock
from kernel.actor import Actor
from kernel.db import reading
from kernel.money import Money
from kernel.text import Message
from marketplace.aftersales.returns import rules
from marketplace.aftersales.returns.errors import ReturnUnknown
from marketplace.aftersales.returns.models import ReturnLine, ReturnRequest
from marketplace.aftersales.returns.reach import Reach
from marketplace.aftersales.returns.rules import (
    OVER,
    REASON_WORDS,
    TAKEN,
    Parts,
    Reason,
    State,
)
from marketplace.buying.orders.queries import GroupView, VendorOrderView

__all__ = ["REASON_WORDS", "Reason", "State"]

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnView:
    """A return. Shape: pieces maps a line of the order to how many of it go back."""

    id: UUID
    ref: str
    order_ref: str
    person_id: UUID
    organisation_id: UUID
    state: State
    reason: Reason
    is_withdrawal: bool
    note: str
    parts: Parts
    way_back: rules.Payer
    border: rules.Funder
    address: str
    country: str
    instructions: str
    is_arranged: bool
    carrier: str
    tracking_number: str
    rejection: str
    complaint: str
    decision: str
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    pieces: Mapping[int, int]

    @property
    def is_over(self) -> bool:
        """Whether nothing follows."""
        return self.state in OVER

    @property
    def waits_for_seller(self) -> bool:
        """Whether the seller who pays the way back has yet to say how."""
        return self.way_back is rules.Payer.SELLER and not self.is_arranged

    @property
    def state_words(self) -> str:
        """The state as a marked sentence."""
        return rules.state_words(self.state, waits_for_seller=self.waits_for_seller)

    @property
    def reason_words(self) -> str:
        """The reason as a marked sentence."""
        return REASON_WORDS[self.reason]

    @property
    def group_ref(self) -> str:
        """The order that the parcel belongs to."""
        return self.order_ref.rpartition("-")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelReturns:
    """What an order's page says of sending it back. Shape: made are its returns, newest first."""

    reach: Reach
    made: Sequence[ReturnView]

    @property
    def withdraw_until(self) -> date | None:
        """The last day to withdraw, None until the goods are delivered."""
        return self.reach.last_day(Reason.CHANGED_MIND)

    @property
    def withdraw_refusal(self) -> Message | None:
        """Why the buyer cannot withdraw now, None while they can."""
        return self.reach.refusal(Reason.CHANGED_MIND)

    @property
    def return_until(self) -> date | None:
        """The last day to send back what is wrong."""
        return self.reach.last_day(Reason.NOT_AS_DESCRIBED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What waits for a seller. Shape: oldest is when the oldest was asked for, None without any."""

    count: int
    oldest: datetime | None


def returns_of(order_refs: Collection[str]) -> dict[str, list[ReturnView]]:
    """Return the returns of orders by order, newest first, in one statement."""
    query = (
        select(ReturnRequest)
        .where(ReturnRequest.order_ref.in_(order_refs))
        .order_by(ReturnRequest.opened_at.desc())
    )
    by_order: dict[str, list[ReturnView]] = defaultdict(list)
    for view in views(query) if order_refs else ():
        by_order[view.order_ref].append(view)
    return by_order


def parcels_of(
    groups: Iterable[GroupView], *, claims: Sequence[cover.ClaimView] | None = None
) -> dict[str, ParcelReturns]:
    """Return what may go back of a buyer's orders and what went back, by parcel.

    Shape: claims are the buyer's, where the caller has read them.
    """
    orders = [order for group in groups for order in group.orders]
    person = next((group.person_id for group in groups), None)
    made = returns_of([order.ref for order in orders])
    if claims is None and person and any(order.cover for order in orders):
        claims = cover.claims_of(owner_id=person)
    claimed = _claimed(claims or ())
    return {
        order.ref: ParcelReturns(
            reach=_reach(order, made.get(order.ref, ()), is_claimed=order.parcel_ref in claimed),
            made=made.get(order.ref, ()),
        )
        for order in orders
    }


def last_day_after(arrives_on: date) -> date:
    """Return the last day to withdraw for a buyer to whom goods come on a day."""
    return rules.working_day(arrives_on + timedelta(days=withdrawal_days()))


def withdrawal_days() -> int:
    """Return how many days after the delivery a buyer may withdraw."""
    return rules.terms(clock.today()).withdrawal_days


def reach_of(order: VendorOrderView, person_id: UUID) -> Reach:
    """Return what may go back of one order."""
    claims = cover.claims_of(owner_id=person_id) if order.cover else ()
    is_claimed = order.parcel_ref in _claimed(claims)
    return _reach(order, returns_of([order.ref]).get(order.ref, ()), is_claimed=is_claimed)


def _reach(order: VendorOrderView, made: Sequence[ReturnView], *, is_claimed: bool) -> Reach:
    free = {line.id: line.quantity for line in order.lines}
    for one in made:
        for line, pieces in one.pieces.items() if one.state in TAKEN else ():
            free[line] -= pieces
    return Reach(
        order=order,
        free=free,
        is_returning=any(not one.is_over for one in made),
        is_claimed=is_claimed,
        now=clock.now(),
    )


def _claimed(claims: Iterable[cover.ClaimView]) -> frozenset[str]:
    """Return the parcels whose loss a cover pays for or still looks at; delay keeps the goods."""
    return frozenset(
        claim.parcel_ref
        for claim in claims
        if claim.cause != cover.Cause.DELAY and claim.asks_for_money
    )


def reach_for(actor: Actor, order: VendorOrderView) -> Reach:
    """Return what may go back of an order of the actor."""
    person_id = actor.somebody()
    return reach_of(order, person_id)


def vendor_goods(order: VendorOrderView, pieces: Mapping[int, int]) -> Money:
    """Return what pieces of an order cost at the vendor's own price."""
    back = Money.zero(order.vendor_goods.currency)
    for line in order.lines:
        back += line.vendor_unit.times(pieces.get(line.id, 0))
    return back


def waiting_for(actor: Actor) -> Waiting:
    """Return how many returns wait for the actor's companies to act, and since when."""
    is_theirs = ReturnRequest.organisation_id.in_(actor.organisation_ids)
    is_sent = ReturnRequest.state == State.SENT
    is_unarranged = (ReturnRequest.state == State.OPEN) & ~ReturnRequest.is_arranged
    query = select(func.count(), func.min(ReturnRequest.opened_at)).where(
        is_theirs, is_sent | is_unarranged
    )
    with reading() as current:
        count, oldest = current.execute(query).one()
    return Waiting(count=count, oldest=oldest)


def by_ref(ref: str) -> ReturnView:
    """Return a return for the system's own handlers. Raises: ReturnUnknown."""
    return _one(select(ReturnRequest).where(ReturnRequest.ref == ref))


def due(now: datetime, *, limit: int = 200) -> list[str]:
    """Return the references of returns whose time is over, the longest first."""
    query = (
        select(ReturnRequest.ref)
        .where(ReturnRequest.due_at <= now)
        .order_by(ReturnRequest.due_at)
        .limit(limit)
    )
    with reading() as current:
        return list(current.execute(query).scalars())


def withdrawal_of(actor: Actor, order_ref: str) -> str | None:
    """Return the actor's withdrawal from an order that stands already, None without one."""
    returns = returns_of([order_ref]).get(order_ref, ())
    standing = [one for one in returns if one.is_withdrawal and one.person_id == actor.person_id]
    return next(
        (one.ref for one in standing if not one.is_over or one.state is State.CANCELLED), None
    )


def same_return(
    actor: Actor, order_ref: str, *, reason: Reason, pieces: Mapping[int, int]
) -> str | None:
    """Return the actor's open return of the very same pieces, None without one."""
    wanted = {line: quantity for line, quantity in pieces.items() if quantity}
    return next(
        (
            one.ref
            for one in returns_of([order_ref]).get(order_ref, ())
            if not one.is_over
            and one.person_id == actor.person_id
            and one.reason is reason
            and one.pieces == wanted
        ),
        None,
    )


def open_of(order_ref: str) -> str | None:
    """Return the reference of the return of an order that is not over, None without one."""
    query = select(ReturnRequest.ref).where(
        ReturnRequest.order_ref == order_ref, ReturnRequest.closed_at.is_(None)
    )
    with reading() as current:
        return current.execute(query).scalar_one_or_none()


def _one(query: Select[ReturnRequest]) -> ReturnView:
    returns = views(query)
    if not returns:
        raise ReturnUnknown
    return returns[0]


# A return's pieces: with the return itself, since every reader tells them.
_PIECES = (
    select(func.jsonb_object_agg(ReturnLine.order_line_id, ReturnLine.quantity))
    .where(ReturnLine.return_id == ReturnRequest.id)
    .scalar_subquery()
)


def views(query: Select[ReturnRequest]) -> list[ReturnView]:
    """Return returns with their pieces, in one statement."""
    with reading() as current:
        rows = current.execute(query.add_columns(_PIECES)).all()
    return [_view(row, {int(line): n for line, n in pieces.items()}) for row, pieces in rows]


def _view(row: ReturnRequest, pieces: Mapping[int, int]) -> ReturnView:
    def part(name: str) -> Money:
        return Money(getattr(row, f"{name}_minor"), row.currency)

    parts = Parts(part("goods"), part("freight"), part("duty"), part("tax"), part("fees"))
    return ReturnView(
        id=row.id,
        ref=row.ref,
        order_ref=row.order_ref,
        person_id=row.person_id,
        organisation_id=row.organisation_id,
        state=State(row.state),
        reason=Reason(row.reason),
        is_withdrawal=row.is_withdrawal,
        note=row.note,
        parts=parts,
        way_back=rules.Payer(row.way_back),
        border=rules.Funder(row.border),
        address=row.address,
        country=row.country,
        instructions=row.instructions,
        is_arranged=row.is_arranged,
        carrier=row.carrier,
        tracking_number=row.tracking_number,
        rejection=row.rejection,
        complaint=row.complaint,
        decision=row.decision,
        opened_at=row.opened_at,
        due_at=row.due_at,
        closed_at=row.closed_at,
        pieces=pieces,
    )
