"""What sending goods back brings, before and when it is done: one reckoning for both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from insurance import api as cover
from kernel import clock
from kernel.actor import Actor
from kernel.money import Money
from kernel.people.identity import queries as people
from marketplace.aftersales.returns import queries, rules
from marketplace.aftersales.returns.errors import NotReturnable
from marketplace.aftersales.returns.queries import ReturnView
from marketplace.aftersales.returns.reach import Reach
from marketplace.aftersales.returns.rules import Outcome, Parts, Reason, State
from marketplace.borders.duties import queries as duties
from marketplace.buying.orders import queries as orders
from marketplace.buying.orders.queries import (
    Amounts,
    LineView,
    RefundWay,
    Shortened,
    VendorOrderView,
)
from marketplace.catalogue.vendors import queries as vendors
from marketplace.catalogue.vendors.queries import VendorView


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What sending pieces back would bring, before anything is sent.

    Shape: lines are the pieces that go back; way is where the money comes; is_cancelled when the
    order is not packed yet, and everything comes back at once; claim_until while the cover would
    hear of damage instead; shortened where the card's bank gave some of it back before.
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
    way: RefundWay
    shortened: Shortened | None

    @property
    def brings(self) -> Money:
        """What comes back, without what the card's bank gave back before."""
        return self.shortened.given if self.shortened else self.parts.total

    @property
    def parts(self) -> Parts:
        """The money by part."""
        return self.outcome.parts


def preview_for(
    actor: Actor, order_ref: str, *, reason: Reason, pieces: Mapping[int, int] | None = None
) -> Preview:
    """Return what sending pieces of an order back would bring; without pieces, all that are left.

    Raises: NotFound for another's order, NotReturnable.
    """
    order = orders.bought_order_for(actor, order_ref)
    return preview_of(actor, order, queries.reach_for(actor, order), reason=reason, pieces=pieces)


def preview_of(
    actor: Actor,
    order: VendorOrderView,
    reach: Reach,
    *,
    reason: Reason,
    pieces: Mapping[int, int] | None = None,
) -> Preview:
    """Return the same for an order of the actor that is read already. Raises: NotReturnable."""
    person_id = actor.somebody()
    buyer = people.person(person_id)
    assert buyer is not None, "a buyer has an account"
    back = {line: n for line, n in (reach.free if pieces is None else pieces).items() if n}
    if reach.refusal(reason) or not back or any(n > reach.free.get(k, 0) for k, n in back.items()):
        raise NotReturnable
    policy = policy_of(order) if reason is Reason.DAMAGED else None
    outcome = outcome_of(order, reason=reason, pieces=back)
    return Preview(
        order=order,
        vendor=vendors.vendor(order.vendor_id),
        reach=reach,
        reason=reason,
        lines=[(line, back[line.id]) for line in order.lines if line.id in back],
        outcome=outcome,
        is_cancelled=order.may_be_cancelled,
        policy=policy,
        claim_until=cover.notice_until(policy=policy) if policy else None,
        terms=rules.terms(clock.today()),
        name=buyer.name,
        email=buyer.email,
        way=orders.refund_way_of(order.group_ref),
        shortened=orders.shortened(order, outcome.parts.total, made=None),
    )


def outcome_of(order: VendorOrderView, *, reason: Reason, pieces: Mapping[int, int]) -> Outcome:
    """Return what pieces of an order bring that come back for a reason."""
    paid, left = (_parts(amounts) for amounts in orders.parts_of(order.ref))
    back = Money.zero(order.goods.currency)
    for line in order.lines:
        back += line.unit.times(pieces.get(line.id, 0))
    today, vendor = clock.today(), vendors.vendor(order.vendor_id)
    crosses = duties.needs_declaration(
        dispatch_country=vendor.country, destination_country=order.country
    )
    reclaimed = rules.is_reclaimed(reason, country=order.country, crosses_border=crosses, on=today)
    if order.may_be_cancelled:  # nothing has crossed a border, and no parcel has cost anything
        return Outcome(parts=left, way_back=rules.Payer.BUYER, border=rules.Funder.AUTHORITY)
    return rules.outcome(
        reason,
        paid=paid,
        left=left,
        before=paid.goods - left.goods,
        back=back,
        reclaimed=reclaimed,
        on=today,
    )


def shortened(view: ReturnView, order: VendorOrderView) -> Shortened | None:
    """Return why a return brings, or brought, less than is due for it; None where it does not."""
    if view.state in _BRING_NOTHING:
        return None
    made = view.id if view.state is State.SETTLED else None
    if view.state is State.CANCELLED:
        made = orders.refund_key(order.id, "cancelled")
    return orders.shortened(order, view.parts.total, made=made)


_BRING_NOTHING = frozenset({State.CLOSED, State.VOID})


def policy_of(order: VendorOrderView) -> cover.PolicyView | None:
    """Return the cover of an order's parcel, None without one."""
    if not order.cover:
        return None
    return cover.policies_for_parcels(parcel_refs=[order.parcel_ref]).get(order.parcel_ref)


def _parts(amounts: Amounts) -> Parts:
    return Parts(amounts.goods, amounts.freight, amounts.duty, amounts.tax, amounts.fees)
