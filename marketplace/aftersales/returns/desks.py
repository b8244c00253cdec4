"""What pages of returns show: what may begin, how a return stands, what its reader may do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select

from banking import api as bank
from insurance import api as cover
from kernel import clock
from kernel.actor import Actor
from kernel.db import reading
from kernel.media.photos import queries as photos
from kernel.media.photos.queries import PhotoView
from kernel.money import Money
from kernel.text import N_, Message
from kernel.web import route
from kernel.web.route import Lane, RailRow, RouteEvent
from marketplace.aftersales.returns import outcomes, queries, rules
from marketplace.aftersales.returns.errors import ReturnUnknown
from marketplace.aftersales.returns.indemnities import compensations, stands_in_way
from marketplace.aftersales.returns.models import ReturnRequest, ReturnStep
from marketplace.aftersales.returns.queries import PAGE_SIZE, Reason, ReturnView, State
from marketplace.aftersales.returns.reach import Reach
from marketplace.aftersales.returns.rules import OVER, STATE_WORDS, Act, Party
from marketplace.buying.orders import queries as orders
from marketplace.buying.orders.queries import LineView, RefundWay, Shortened, VendorOrderView
from marketplace.catalogue.vendors import queries as vendors
from marketplace.catalogue.vendors.queries import VendorView

# What is open waits for somebody; the seller looks first for what it has to do itself.
_OPEN = [state for state in State if state not in OVER]
VIEWS = {"open": _OPEN, "over": sorted(OVER)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnPage:
    """A return on its page.

    Shape: rows are its story, newest first; acts are what the reader may do now; vendor_goods and
    commission are what it takes from the seller's price and what the house gives back of it; photos
    are what the buyer sent with it; compensated is what the cover pays, for who may refund now and
    for who waits for a refund; way is where its money goes, for its buyer alone; shortened says why
    it brings less where the card's bank gave some of it back.
    """

    view: ReturnView
    order: VendorOrderView
    vendor: VendorView
    lines: Sequence[tuple[LineView, int]]
    rows: list[RailRow]
    acts: frozenset[Act]
    vendor_goods: Money
    photos: Sequence[PhotoView]
    compensated: Sequence[bank.Compensation]
    way: RefundWay | None
    shortened: Shortened | None

    @property
    def asks_people(self) -> bool:
        """Whether money goes back only by somebody who knows that the cover pays."""
        return stands_in_way(self.compensated)

    @property
    def is_promised(self) -> bool:
        """Whether all that the cover pays for it is still to come."""
        return all(paid.stage is not bank.Stage.PAID for paid in self.compensated)

    @property
    def brings(self) -> Money:
        """What the buyer gets, or got, without what the card's bank gave back before."""
        return self.shortened.given if self.shortened else self.view.parts.total

    @property
    def commission(self) -> Money:
        """The commission that the house gives back with these goods."""
        order = self.order
        before = order.vendor_back
        if self.view.state is State.SETTLED:  # counted among what came back already
            before -= self.vendor_goods
        return rules.commission_back(
            order.vendor_commission,
            goods=order.vendor_goods,
            before=before,
            after=before + self.vendor_goods,
        )

    def may(self, act: str) -> bool:
        """Whether the reader may do something now."""
        return act in self.acts


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnList:
    """Returns with their orders. Shape: before is the next page's key, None on the last one."""

    view: str
    lines: Sequence[tuple[ReturnView, VendorOrderView]]
    before: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginPage:
    """The first page of sending something back, and of withdrawing. Shape: refusal says why not."""

    order: VendorOrderView
    vendor: VendorView
    reach: Reach
    claim_until: datetime | None
    policy: cover.PolicyView | None

    @property
    def refusal(self) -> Message | None:
        """Why nothing can be sent back now, None where something can."""
        if self.reach.reasons:
            return None
        return self.reach.refusal(Reason.NOT_AS_DESCRIBED)


def begin_page(actor: Actor, order_ref: str) -> BeginPage:
    """Return which goods of an order may go back. Raises: NotFound for another's order."""
    order = orders.bought_order_for(actor, order_ref)
    policy = outcomes.policy_of(order)
    return BeginPage(
        order=order,
        vendor=vendors.vendor(order.vendor_id),
        reach=queries.reach_for(actor, order),
        policy=policy,
        claim_until=cover.notice_until(policy=policy) if policy else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalPage:
    """What withdrawing brings, or why it is too late. Shape: one of preview and refusal is None."""

    order: VendorOrderView
    vendor: VendorView
    until: date | None
    preview: outcomes.Preview | None
    refusal: Message | None


def withdrawal_page(actor: Actor, order_ref: str) -> WithdrawalPage:
    """Return what withdrawing from an order brings. Raises: NotFound for another's order."""
    order = orders.bought_order_for(actor, order_ref)
    reach, reason = queries.reach_for(actor, order), Reason.CHANGED_MIND
    refusal = reach.refusal(reason)
    preview = None if refusal else outcomes.preview_of(actor, order, reach, reason=reason)
    return WithdrawalPage(
        order=order,
        vendor=vendors.vendor(order.vendor_id),
        refusal=refusal,
        until=reach.last_day(reason),
        preview=preview,
    )


def currency_of(actor: Actor, order_ref: str) -> str:
    """Return what an order was paid in. Raises: NotFound for another's order."""
    return orders.bought_order_for(actor, order_ref).goods.currency


def page_for_buyer(actor: Actor, ref: str) -> ReturnPage:
    """Return a buyer's own return. Raises: ReturnUnknown."""
    view = queries.by_ref(ref)
    if view.person_id != actor.person_id:
        raise ReturnUnknown
    return _page(view, Party.BUYER)


def page_for_seller(actor: Actor, ref: str) -> ReturnPage:
    """Return a return to the actor's company. Raises: ReturnUnknown."""
    view = queries.by_ref(ref)
    if view.organisation_id not in actor.organisation_ids:
        raise ReturnUnknown
    return _page(view, Party.SELLER)


def page_for_house(actor: Actor, ref: str) -> ReturnPage:
    """Return a return that the house was asked about, to who has no part in it.

    Raises: ReturnUnknown.
    """
    view = queries.by_ref(ref)
    is_own = view.person_id == actor.person_id or view.organisation_id in actor.organisation_ids
    if is_own or not view.complaint:
        raise ReturnUnknown
    return _page(view, Party.HOUSE)


def list_for(actor: Actor, *, view: str, before: datetime | None) -> ReturnList:
    """Return what comes back to the actor's companies, newest first, one page of it."""
    states = VIEWS.get(view, _OPEN)
    query = select(ReturnRequest).where(
        ReturnRequest.organisation_id.in_(actor.organisation_ids), ReturnRequest.state.in_(states)
    )
    return _list(query, view if view in VIEWS else "open", before)


def disputed(*, before: datetime | None) -> ReturnList:
    """Return what waits for a decision of the house, newest first, one page of it."""
    query = select(ReturnRequest).where(ReturnRequest.state == State.DISPUTED)
    return _list(query, "disputed", before)


def _list(query: Select[ReturnRequest], view: str, before: datetime | None) -> ReturnList:
    query = query.order_by(ReturnRequest.opened_at.desc()).limit(PAGE_SIZE + 1)
    if before is not None:
        query = query.where(ReturnRequest.opened_at < before)
    returns = queries.views(query)
    shown = returns[:PAGE_SIZE]
    of = orders.by_refs([one.order_ref for one in shown])
    return ReturnList(
        view=view,
        lines=[(one, of[one.order_ref]) for one in shown],
        before=shown[-1].opened_at if len(returns) > PAGE_SIZE else None,
    )


def _page(view: ReturnView, party: Party) -> ReturnPage:
    order = orders.by_ref(view.order_ref)
    lines = [(line, view.pieces[line.id]) for line in order.lines if line.id in view.pieces]
    acts, shortened = _acts(view, party), outcomes.shortened(view, order)
    return ReturnPage(
        view=view,
        order=order,
        vendor=vendors.vendor(order.vendor_id),
        lines=lines,
        rows=route.rails(_story(view, shortened)),
        acts=acts,
        compensated=compensations(order_ref=order.ref)
        if acts & _REFUNDING or view.due_at is not None
        else (),
        vendor_goods=queries.vendor_goods(order, view.pieces),
        photos=photos.of(album=rules.ALBUM, subject=view.ref),
        way=orders.refund_way_of(order.group_ref) if party is Party.BUYER else None,
        shortened=shortened,
    )


_REFUNDING = frozenset({Act.RECEIVE, Act.UPHOLD})


def _acts(view: ReturnView, party: Party) -> frozenset[Act]:
    is_late = view.due_at is not None and clock.now() >= view.due_at
    return frozenset(
        act
        for (state, act), step in rules.STEPS.items()
        if state is view.state
        and step.by is party
        and not (is_late and act in rules.IN_TIME)
        and rules.may_refuse(act, state, view.reason)
    )


def _story(view: ReturnView, shortened: Shortened | None) -> list[RouteEvent]:
    query = (
        select(ReturnStep.state, ReturnStep.at)
        .where(ReturnStep.return_id == view.id)
        .order_by(ReturnStep.id)
    )
    with reading() as current:
        steps = current.execute(query).all()
    events = [
        RouteEvent(
            at=at,
            lane=Lane.MONEY if state in _MONEY else Lane.GOODS,
            title=Message(_STORY[State(state)] if n else _begun(view)),
            is_now=n == len(steps) - 1 and not view.is_over,
        )
        for n, (state, at) in enumerate(steps)
    ]
    if view.due_at is None:
        return events
    waits = view.waits_for_seller
    act = rules.due_act(view.state, waits_for_seller=waits)
    sentence = _BY_ITSELF if act is Act.OVERDUE else _LAPSES
    coming = RouteEvent(
        at=view.due_at,
        lane=Lane.MONEY,
        is_planned=True,
        title=Message(sentence, {"amount": shortened.given if shortened else view.parts.total}),
    )
    return [*events, coming]


_MONEY = {State.SETTLED, State.CANCELLED}
_STORY = STATE_WORDS | {
    State.OPEN: N_("Waiting for the buyer to send it back"),
    State.SENT: N_("Sent back by the buyer"),
    State.DISPUTED: N_("The buyer asked Entrepôt to decide"),
}
_BY_ITSELF = N_("%(amount)s is refunded automatically")
_LAPSES = N_("Without the next step, it closes without a refund")


def _begun(view: ReturnView) -> str:
    if view.reason is Reason.CHANGED_MIND:
        return N_("Withdrawn by the buyer")
    return N_("The buyer asked to return it")
