"""One order as its buyer sees it, put together from parcels, escrow, cover and claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from banking import api as bank
from insurance import api as cover
from kernel import clock
from kernel.actor import Actor
from kernel.money import Money, total
from kernel.people.guests import queries as guests
from kernel.text import N_, Message
from kernel.web import route
from kernel.web.formats import country_name, day_in
from kernel.web.route import Lane, RouteEvent
from marketplace.aftersales.returns import queries as returns
from marketplace.aftersales.tracking.covering import may_be_insured
from marketplace.aftersales.tracking.prospects import (
    UNDER_WAY,
    arrival_range,
    border_words,
    bound_words,
    delay_words,
    headline,
    is_awaited,
)
from marketplace.borders.customs import queries as customs
from marketplace.borders.duties import queries as duties
from marketplace.buying.orders import queries as orders
from marketplace.buying.orders.queries import (
    GroupView,
    OrderState,
    RefundWay,
    VendorOrderView,
    refund_way,
    release_due,
)
from marketplace.catalogue.vendors import queries as vendors
from marketplace.catalogue.vendors.queries import VendorView
from marketplace.logistics.shipping import queries as shipping
from marketplace.trust.reviews import queries as reviews


@dataclass(frozen=True, slots=True)
class ParcelStory:
    """A parcel on its page.

    Shape: rows are the timeline newest first; way is 0 to 100 between the vendor and the door, None
    once nothing is on it;
    back is what returned to the buyer's wallet, from wherever it was; border, delay and bound (what
    cannot be changed, and why) are sentences, None where there is none; arrives is the first and
    last day, while in time;
    report_until ends the time in which the cover hears of damage; handed_over is the carrier's scan
    at the door; returning is what may be sent back, and was; questions are what a cardholder
    disputed with the bank.
    """

    order: VendorOrderView
    vendor: VendorView
    crosses_border: bool
    headline: Message
    rows: list[route.RailRow]
    chart: route.Score
    way: int | None
    escrow: bank.EscrowView
    back: Money
    policy: cover.PolicyView | None
    claims: list[cover.ClaimView]
    found: cover.RecoveryView | None
    tracking_number: str | None
    declaration: customs.DeclarationView | None
    border: Message | None
    delay: Message | None
    bound: Message | None
    arrives: tuple[date, date] | None
    report_until: datetime | None
    handed_over: shipping.ScanView | None
    returning: returns.ParcelReturns
    questions: Sequence[bank.QuestionView]

    @property
    def is_under_way(self) -> bool:
        """Whether the buyer still waits for the goods."""
        return is_awaited(self.order)

    @property
    def may_be_insured(self) -> bool:
        """Whether cover can still be added."""
        return may_be_insured(self.order, self.policy)

    @property
    def is_moving(self) -> bool:
        """Whether the page may say something new later on."""
        return self.order.state not in _OVER


_NEW = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class OrderPage:
    """A group with the story of each parcel.

    Shape: reviewed maps the id of a delivered line to the reference of its review; card is the one
    that paid, alone or beside a wallet; refunds says where these go.
    """

    group: GroupView
    parcels: list[ParcelStory]
    reviewed: Mapping[int, str]
    card: bank.PaidCard | None
    refunds: RefundWay

    @property
    def is_new(self) -> bool:
        """Whether it was placed a moment ago and nobody has touched it: a buyer is thanked."""
        is_untouched = all(parcel.order.state is OrderState.PAID for parcel in self.parcels)
        return is_untouched and clock.now() < self.group.placed_at + _NEW

    def may_choose_refunds(self, actor: Actor) -> bool:
        """Whether somebody may say that what comes back goes to their wallet, not to the card."""
        is_own = self.group.person_id == actor.person_id and not actor.is_guest
        return is_own and self.group.payment_id is not None


@dataclass(frozen=True, slots=True)
class _CoverOf:
    """What stands by a parcel's cover."""

    policy: cover.PolicyView | None
    claims: list[cover.ClaimView]
    found: cover.RecoveryView | None


def tracked(group: GroupView, actor: Actor) -> OrderPage:
    """Return the page of a group that the actor may see."""
    if actor.is_guest:
        guests.keep_bought(actor.somebody())  # or the header of this very page would ask
    shops = vendors.vendors([order.vendor_id for order in group.orders])
    refs = [order.parcel_ref for order in group.orders]
    is_covered = any(order.cover for order in group.orders)
    policies = cover.policies_for_parcels(parcel_refs=refs) if is_covered else {}
    claims = cover.claims_of(owner_id=group.person_id) if policies else []
    recoveries = cover.recoveries_for_parcels(parcel_refs=refs) if claims else {}
    money = bank.order_money(order_refs=[order.ref for order in group.orders])
    sent = [order.parcel_ref for order in group.orders if order.dispatched_at is not None]
    parcels = shipping.find_parcels(parcel_refs=sent) if sent else {}
    declarations = customs.declarations_of(parcel_refs=sent) if sent else {}
    returning = returns.parcels_of([group], claims=claims)
    return OrderPage(
        group,
        [
            _story(
                order,
                shops[order.vendor_id],
                money[order.ref],
                parcels.get(order.parcel_ref),
                declarations.get(order.parcel_ref),
                _CoverOf(
                    policies.get(order.parcel_ref),
                    [claim for claim in claims if claim.parcel_ref == order.parcel_ref],
                    recoveries.get(order.parcel_ref),
                ),
                returning[order.ref],
            )
            for order in group.orders
        ],
        reviewed_in([group]),
        bank.paid_card(payer_id=group.payment_id) if group.payment_id else None,
        refund_way(group),
    )


def reviewed_in(groups: Iterable[GroupView]) -> Mapping[int, str]:
    """Return the references of the reviews that delivered lines of some groups have."""
    delivered = [order for group in groups for order in group.orders if order.delivered_at]
    return reviews.of_lines([line.id for order in delivered for line in order.lines])


def _story(
    order: VendorOrderView,
    vendor: VendorView,
    money: bank.OrderMoney,
    parcel: shipping.ParcelView | None,
    declaration: customs.DeclarationView | None,
    insured: _CoverOf,
    returning: returns.ParcelReturns,
) -> ParcelStory:
    escrow, moves = money.escrow, money.moves
    events = [
        *_money(order, escrow, moves),
        *_goods(order, parcel),
        *_cover(order, insured.policy, insured.claims),
    ]
    today = day_in(order.country, clock.now())
    return ParcelStory(
        order=order,
        vendor=vendor,
        crosses_border=_crosses_border(order, vendor),
        headline=headline(order, insured.found, today=today),
        rows=route.rails(events),
        chart=route.score(events, today=clock.today(), goes_on=is_awaited(order)),
        way=_way(order, insured.found),
        escrow=escrow,
        back=total([m.amount for m in moves if m.kind == "refunded"], escrow.funded.currency),
        policy=insured.policy,
        claims=insured.claims,
        found=insured.found,
        tracking_number=parcel.tracking_number if parcel else None,
        declaration=declaration,
        border=border_words(declaration) if declaration and _meets_customs(order, parcel) else None,
        delay=delay_words(order, today=today),
        bound=bound_words(order),
        arrives=arrival_range(order, today=today),
        report_until=cover.notice_until(policy=insured.policy) if insured.policy else None,
        handed_over=_handed_over(parcel),
        returning=returning,
        questions=money.questions,
    )


def _crosses_border(order: VendorOrderView, vendor: VendorView) -> bool:
    return duties.needs_declaration(
        dispatch_country=vendor.country, destination_country=order.country
    )


def _meets_customs(order: VendorOrderView, parcel: shipping.ParcelView | None) -> bool:
    """Whether the parcel may still come to the border, or has been there.

    A parcel that was lost or called off before has a declaration, and gets its duty and tax back.
    """
    if order.state in UNDER_WAY or order.delivered_at is not None:
        return True
    scans = parcel.scans if parcel else ()
    return any(scan.state in _SEEN_BY_CUSTOMS for scan in scans)


def _handed_over(parcel: shipping.ParcelView | None) -> shipping.ScanView | None:
    """Return the scan that proves delivery, None while there is none."""
    scans = parcel.scans if parcel else ()
    return next((s for s in scans if s.state is shipping.ParcelState.DELIVERED), None)


@dataclass(frozen=True, slots=True)
class UnderWay:
    """The parcel a buyer waits for, in one line."""

    order: VendorOrderView
    vendor: VendorView
    crosses_border: bool
    headline: Message
    way: int


def under_way(actor: Actor) -> UnderWay | None:
    """Return the newest of the actor's parcels that is on its way to them, None without one."""
    if not actor.is_signed_in:
        return None
    order = orders.newest_awaited(actor, states=UNDER_WAY)
    if order is None:
        return None
    vendor = vendors.vendors([order.vendor_id])[order.vendor_id]
    return UnderWay(
        order,
        vendor,
        _crosses_border(order, vendor),
        headline(order, None, today=day_in(order.country, clock.now())),
        _WAY[order.state],
    )


_WAY = {
    OrderState.PAID: 0,
    OrderState.DISPATCHED: 6,
    OrderState.IN_TRANSIT: 50,
    OrderState.CUSTOMS: 66,
}


def _way(order: VendorOrderView, found: cover.RecoveryView | None) -> int | None:
    """Return where the goods are now, None once they are not on their way any more."""
    if is_awaited(order):
        return _WAY[order.state]
    is_on_its_way = (
        found is not None
        and found.whereabouts is cover.Whereabouts.CARRIER
        and found.arrived_at is None
    )
    return 50 if is_on_its_way else None


def _money(
    order: VendorOrderView, escrow: bank.EscrowView, moves: Sequence[bank.EscrowMoveView]
) -> Iterator[RouteEvent]:
    yield RouteEvent(
        at=escrow.funded_at,
        lane=Lane.MONEY,
        title=Message(N_("%(amount)s held for this parcel"), {"amount": escrow.funded}),
        text=Message(
            N_("For the items, delivery, duty and tax, until your order has reached you.")
        ),
        word=Message(N_("held")),
    )
    for move in moves:
        sentence = _paid_to(order, move.amount) if move.kind == "released" else _REFUNDED
        yield RouteEvent(
            at=move.at, lane=Lane.MONEY, title=Message(sentence, {"amount": move.amount})
        )
    due = _release_day(order)
    if due is not None:
        yield RouteEvent(
            at=due,
            lane=Lane.MONEY,
            title=Message(N_("The seller is paid")),
            text=Message(N_("Unless you report a problem first.")),
            is_planned=True,
            is_day_only=True,
            word=Message(N_("seller paid")),
        )


def _release_day(order: VendorOrderView) -> datetime | None:
    """Return when the hold ends: known once delivered, expected while under way."""
    if order.state == OrderState.DELIVERED:
        return order.release_due_at
    expected = _expected(order)
    return release_due(expected, order.promised_on) if expected else None


def _expected(order: VendorOrderView) -> datetime | None:
    """Return when goods under way are to be at the door, None once they cannot be in time."""
    today = day_in(order.country, clock.now())
    if arrival_range(order, today=today) is None:
        return None
    return datetime.combine(order.promised_on, time(12), tzinfo=UTC)


def _paid_to(order: VendorOrderView, released: Money) -> str:
    """Return who was paid: customs too when more left than what vendor and carrier earned."""
    if released > order.goods + order.freight:
        return N_("%(amount)s paid to seller, carrier and customs")
    return N_("%(amount)s paid to seller and carrier")


_REFUNDED = N_("%(amount)s refunded")
_SEEN_BY_CUSTOMS = {
    shipping.ParcelState.CUSTOMS_PRESENTED,
    shipping.ParcelState.CUSTOMS_HELD,
    shipping.ParcelState.CUSTOMS_RELEASED,
}
_AT_BORDER = _SEEN_BY_CUSTOMS | {shipping.ParcelState.EXPORTED}
_OVER = {
    OrderState.COMPLETED,
    OrderState.INDEMNIFIED,
    OrderState.BORNE,
    OrderState.REFUNDED,
    OrderState.CANCELLED,
}


def _goods(order: VendorOrderView, parcel: shipping.ParcelView | None) -> Iterator[RouteEvent]:
    if order.dispatched_at is not None:
        yield RouteEvent(
            at=order.dispatched_at, lane=Lane.GOODS, title=Message(N_("Packed by the seller"))
        )
    scans = parcel.scans if parcel else ()
    for number, scan in enumerate(scans, start=1):
        is_last = number == len(scans) and order.state in UNDER_WAY
        is_new = number == 1 or scans[number - 2].place != scan.place
        yield RouteEvent(
            at=scan.at,
            lane=Lane.GATE if scan.state in _AT_BORDER else Lane.GOODS,
            title=scan.name,
            text=_by(scan),
            is_now=is_last,
            word=_place(scan.place) if is_new else "",
        )
    if (expected := _expected(order)) is not None:
        yield RouteEvent(
            at=expected,
            lane=Lane.GOODS,
            title=Message(N_("At your door")),
            is_planned=True,
            is_day_only=True,
            word=Message(N_("your door")),
        )


def _by(scan: shipping.ScanView) -> Message:
    """Return who says so, and where."""
    by_customs = scan.state in _SEEN_BY_CUSTOMS
    sentence = N_("Customs, %(place)s") if by_customs else N_("Carrier, %(place)s")
    return Message(sentence, {"place": _place(scan.place)})


def _place(code: str) -> str:
    """Return a place as people say it; carriers name countries by their code."""
    return country_name(code) if len(code) == 2 and code.isupper() else code


def _cover(
    order: VendorOrderView, policy: cover.PolicyView | None, claims: list[cover.ClaimView]
) -> Iterator[RouteEvent]:
    if policy is None:
        return
    yield RouteEvent(
        at=policy.attached_at or policy.bound_at,
        lane=Lane.COVER,
        title=Message(N_("Cover starts") if policy.attached_at else N_("Cover confirmed")),
        text=Message(N_("Up to %(amount)s."), {"amount": policy.sum_insured}),
        word=Message(N_("starts")) if policy.attached_at else "",
    )
    for claim in claims:
        yield RouteEvent(
            at=claim.opened_at, lane=Lane.COVER, title=Message(N_("We opened your claim"))
        )
        if claim.paid_at is not None:
            yield RouteEvent(
                at=claim.paid_at,
                lane=Lane.COVER,
                title=Message(N_("Your cover paid %(amount)s"), {"amount": claim.payable}),
                text=Message(N_("It goes back to what you paid with.")),
            )
    expected = _expected(order)
    if policy.ended_at is None and not claims and expected is not None:
        yield RouteEvent(
            at=expected,
            lane=Lane.COVER,
            title=Message(N_("Cover ends")),
            is_planned=True,
            is_day_only=True,
            word=Message(N_("ends")),
        )
    if policy.ended_at is not None and not claims:
        yield RouteEvent(
            at=policy.ended_at,
            lane=Lane.COVER,
            title=Message(N_("Cover ends")),
            word=Message(N_("ends")),
        )
