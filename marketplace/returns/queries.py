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
from kernel.identity import queries as people
from kernel.money import Money
from kernel.text import Message
from marketplace.customs import queries as customs
from marketplace.orders import queries as orders
from marketplace.orders.queries import Amounts, GroupView, LineView, VendorOrderView
from marketplace.returns import rules
from marketplace.returns.errors import NotReturnable, ReturnUnknown
from marketplace.returns.models import ReturnLine, ReturnRequest
from marketplace.returns.reach import Reach, zone_of
from marketplace.returns.rules import (
    OVER,
    REASON_WORDS,
    STATE_WORDS,
    TAKEN,
    Outcome,
    Parts,
    Reason,
    State,
)
from marketplace.vendors import queries as vendors
from marketplace.vendors.queries import VendorView

__all__ = ["REASON_WORDS", "STATE_WORDS", "Reason", "State", "zone_of"]

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
        return STATE_WORDS[self.state]

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
class Preview:
    """What sending pieces back would bring, before anything is sent.

    Shape: lines are the pieces that go back; wallet is where the money comes; is_cancelled when the
    order is not packed yet, and everything comes back at once; claim_until while the cover would
    hear of damage instead.
    """

    order: VendorOrderView
    vendor: VendorView
    reach: Reach
    reason: Reason
    lines: Sequence[tuple[LineView, int]]
    outcome: Outcome
    is_cancelled: bool
    policy: cover.PolicyView | None
    claim_until: datetime | None
    terms: rules.Terms
    name: str
    email: str

    @property
    def parts(self) -> Parts:
        """The money by part."""
        return self.outcome.parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What waits for a seller. Shape: oldest is when the oldest was asked for, None without any."""

    count: int
    oldest: datetime | None


def returns_of(order_refs: Collection[str]) -> dict[str, list[ReturnView]]:
    """Return the returns of orders by order, newest first, in two statements at most."""
    query = (
        select(ReturnRequest)
        .where(ReturnRequest.order_ref.in_(order_refs))
        .order_by(ReturnRequest.opened_at.desc())
    )
    found: dict[str, list[ReturnView]] = defaultdict(list)
    for view in views(query) if order_refs else ():
        found[view.order_ref].append(view)
    return found


def parcels_of(groups: Iterable[GroupView]) -> dict[str, ParcelReturns]:
    """Return what may go back of a buyer's orders and what went back, by parcel."""
    found = [order for group in groups for order in group.orders]
    person = next((group.person_id for group in groups), None)
    made = returns_of([order.ref for order in found])
    insured = any(order.cover for order in found)
    claimed = _claimed(person) if person and insured else frozenset()
    return {
        order.ref: ParcelReturns(
            reach=_reach(order, made.get(order.ref, ()), is_claimed=order.parcel_ref in claimed),
            made=made.get(order.ref, ()),
        )
        for order in found
    }


def last_day_after(arrives_on: date) -> date:
    """Return the last day to withdraw for a buyer to whom goods come on a day."""
    return rules.working_day(arrives_on + timedelta(days=withdrawal_days()))


def withdrawal_days() -> int:
    """Return how many days after the delivery a buyer may withdraw."""
    return rules.terms(clock.today()).withdrawal_days


def reach_of(order: VendorOrderView, person_id: UUID) -> Reach:
    """Return what may go back of one order."""
    claimed = order.parcel_ref in _claimed(person_id) if order.cover else False
    return _reach(order, returns_of([order.ref]).get(order.ref, ()), is_claimed=claimed)


def _reach(order: VendorOrderView, made: Sequence[ReturnView], *, is_claimed: bool) -> Reach:
    free = {line.id: line.quantity for line in order.lines}
    for one in made:
        for line, pieces in one.pieces.items() if one.state in TAKEN else ():
            free[line] -= pieces
    return Reach(
        order=order, free=free, is_returning=any(not one.is_over for one in made),
        is_claimed=is_claimed, now=clock.now(),
    )  # fmt: skip


def _claimed(person_id: UUID) -> frozenset[str]:
    """Return the parcels whose loss a cover pays for or still looks at; delay keeps the goods."""
    return frozenset(
        claim.parcel_ref
        for claim in cover.claims_of(owner_id=person_id)
        if claim.cause != cover.Cause.DELAY and claim.state != cover.ClaimState.REFUSED
    )


def preview_for(
    actor: Actor, order_ref: str, *, reason: Reason, pieces: Mapping[int, int] | None = None
) -> Preview:
    """Return what sending pieces of an order back would bring; without pieces, all that are left.

    Raises: NotFound for another's order, NotReturnable.
    """
    order = orders.bought_order_for(actor, order_ref)
    assert actor.person_id is not None, "a buyer is somebody"
    buyer = people.person(actor.person_id)
    assert buyer is not None, "a buyer has an account"
    reach = reach_of(order, actor.person_id)
    back = {line: n for line, n in (reach.free if pieces is None else pieces).items() if n}
    if reach.refusal(reason) or not back or any(n > reach.free.get(k, 0) for k, n in back.items()):
        raise NotReturnable
    policies = cover.policies_for_parcels(parcel_refs=[order.parcel_ref]) if order.cover else {}
    policy = policies.get(order.parcel_ref)
    return Preview(
        order=order, vendor=vendors.vendor(order.vendor_id), reach=reach, reason=reason,
        lines=[(line, back[line.id]) for line in order.lines if line.id in back],
        outcome=outcome_of(order, reason=reason, pieces=back),
        is_cancelled=order.may_be_cancelled, policy=policy,
        claim_until=cover.notice_until(policy=policy) if policy else None,
        terms=rules.terms(clock.today()), name=buyer.name, email=buyer.email,
    )  # fmt: skip


def outcome_of(order: VendorOrderView, *, reason: Reason, pieces: Mapping[int, int]) -> Outcome:
    """Return what pieces of an order bring that come back for a reason."""
    paid, left = (_parts(amounts) for amounts in orders.parts_of(order.ref))
    back = Money.zero(order.goods.currency)
    for line in order.lines:
        back += line.unit.times(pieces.get(line.id, 0))
    today, vendor = clock.today(), vendors.vendor(order.vendor_id)
    crosses = customs.needs_declaration(
        dispatch_country=vendor.country, destination_country=order.country
    )
    reclaimed = rules.is_reclaimed(
        reason, country=order.country, crosses_border=crosses, on=today
    )  # fmt: skip
    if order.may_be_cancelled:  # nothing has crossed a border, and no parcel has cost anything
        return Outcome(parts=left, way_back=rules.Payer.BUYER, border=rules.Funder.AUTHORITY)
    return rules.outcome(
        reason, paid=paid, left=left, before=paid.goods - left.goods, back=back,
        reclaimed=reclaimed, on=today,
    )  # fmt: skip


def vendor_goods(order: VendorOrderView, pieces: Mapping[int, int]) -> Money:
    """Return what pieces of an order cost at the vendor's own price."""
    back = Money.zero(order.vendor_goods.currency)
    for line in order.lines:
        back += line.vendor_unit.times(pieces.get(line.id, 0))
    return back


def _parts(amounts: Amounts) -> Parts:
    return Parts(amounts.goods, amounts.freight, amounts.duty, amounts.tax, amounts.fees)


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
    found = returns_of([order_ref]).get(order_ref, ())
    standing = [one for one in found if one.is_withdrawal and one.person_id == actor.person_id]
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
            one.ref for one in returns_of([order_ref]).get(order_ref, ())
            if not one.is_over and one.person_id == actor.person_id
            and one.reason is reason and one.pieces == wanted
        ),
        None,
    )  # fmt: skip


def open_of(order_ref: str) -> str | None:
    """Return the reference of the return of an order that is not over, None without one."""
    query = select(ReturnRequest.ref).where(
        ReturnRequest.order_ref == order_ref, ReturnRequest.closed_at.is_(None)
    )
    with reading() as current:
        return current.execute(query).scalar_one_or_none()


def _one(query: Select[ReturnRequest]) -> ReturnView:
    found = views(query)
    if not found:
        raise ReturnUnknown
    return found[0]


def views(query: Select[ReturnRequest]) -> list[ReturnView]:
    """Return returns with their pieces, in two statements."""
    with reading() as current:
        rows = list(current.execute(query).scalars())
        pieces: dict[UUID, dict[int, int]] = defaultdict(dict)
        lines = select(ReturnLine).where(ReturnLine.return_id.in_([row.id for row in rows]))
        for line in current.execute(lines).scalars() if rows else ():
            pieces[line.return_id][line.order_line_id] = line.quantity
    return [_view(row, pieces[row.id]) for row in rows]


def _view(row: ReturnRequest, pieces: Mapping[int, int]) -> ReturnView:
    def part(name: str) -> Money:
        return Money(getattr(row, f"{name}_minor"), row.currency)

    parts = Parts(part("goods"), part("freight"), part("duty"), part("tax"), part("fees"))
    return ReturnView(
        id=row.id, ref=row.ref, order_ref=row.order_ref, person_id=row.person_id,
        organisation_id=row.organisation_id, state=State(row.state), reason=Reason(row.reason),
        is_withdrawal=row.is_withdrawal, note=row.note, parts=parts,
        way_back=rules.Payer(row.way_back), border=rules.Funder(row.border), address=row.address,
        country=row.country, instructions=row.instructions, is_arranged=row.is_arranged,
        carrier=row.carrier, tracking_number=row.tracking_number, rejection=row.rejection,
        complaint=row.complaint, decision=row.decision, opened_at=row.opened_at,
        due_at=row.due_at, closed_at=row.closed_at, pieces=pieces,
    )  # fmt: skip
