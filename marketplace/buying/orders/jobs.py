"""What orders hear of: parcels, claims, and the clock; and the mails they cause."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from banking import api as bank
from banking.events import EscrowChargedBack, EscrowQuestioned, PaidOrderRefunded
from insurance import api as cover
from insurance.events import ClaimPaid, ClaimRefused, GoodsKept, PolicyBound
from kernel import clock, mail
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.events import on
from kernel.jobs import one_by_one, schedule
from kernel.money import Money
from kernel.people.identity import queries as people
from kernel.people.identity.queries import PersonView
from kernel.web.formats import day_in
from marketplace.borders.customs.events import DeclarationAssessed, DeclarationRefused
from marketplace.buying.orders import (
    buyer_cover,
    covered,
    delays,
    queries,
    sellers_open_cover,
    service,
)
from marketplace.buying.orders.events import (
    OrderPlaced,
    VendorOrderCompleted,
    VendorOrderDelayed,
    VendorOrderDelivered,
    VendorOrderDispatched,
    VendorOrderLost,
    VendorOrderRefunded,
)
from marketplace.buying.orders.queries import GroupView, VendorOrderView
from marketplace.buying.orders.rules import UNDER_WAY, OrderState
from marketplace.catalogue.products.queries import in_language
from marketplace.logistics.shipping import queries as shipping
from marketplace.logistics.shipping.events import (
    ParcelClearedCustoms,
    ParcelDelivered,
    ParcelFound,
    ParcelHeldAtCustoms,
    ParcelLate,
    ParcelLost,
    ParcelReturned,
    ParcelScanned,
)
from marketplace.logistics.shipping.queries import ParcelView


@on(
    OrderPlaced,
    "marketplace.orders.cover_for_sellers",
    queue="money",
    when=lambda event: event.may_be_insured,
)
def cover_for_sellers(event: OrderPlaced) -> None:
    """Insure parcels whose shops have a rule for them, before anybody packs them."""
    for ref in event.vendor_order_refs:
        service.cover_for_seller(order_ref=ref, actor=SYSTEM)


@on(VendorOrderDispatched, "marketplace.orders.insure_by_open_cover", queue="money")
def declare_to_open_cover(event: VendorOrderDispatched) -> None:
    """Insure what a business bought under its open cover, as soon as it is sent."""
    buyer_cover.declare_to_open_cover(order_ref=event.order_ref, actor=SYSTEM)


@on(VendorOrderDispatched, "marketplace.orders.insure_sale_by_open_cover", queue="money")
def declare_sale_to_open_cover(event: VendorOrderDispatched) -> None:
    """Insure a parcel under its shop's open cover, as soon as its carrier has it."""
    sellers_open_cover.declare_sale_to_open_cover(order_ref=event.order_ref, actor=SYSTEM)


@on(ParcelScanned, "marketplace.orders.begin_journey", queue="money")
def begin_journey(event: ParcelScanned) -> None:
    """Begin journey and cover with the first scan."""
    with reading():
        parcel = shipping.parcel(parcel_ref=event.parcel_ref)
    _note_scanned(parcel, at=event.at, place=event.place)


def _note_scanned(parcel: ParcelView, *, at: datetime, place: str) -> None:
    service.note_scanned(
        parcel_ref=parcel.ref,
        at=at,
        place=place,
        carrier=parcel.carrier,
        tracking_number=parcel.tracking_number or "",
        weight_g=parcel.weight_g,
        actor=SYSTEM,
    )


@on(ParcelHeldAtCustoms, "marketplace.orders.wait_at_customs")
def wait_at_customs(event: ParcelHeldAtCustoms) -> None:
    """Note that customs has the parcel."""
    service.note_customs(parcel_ref=event.parcel_ref, is_cleared=False, actor=SYSTEM)


@on(ParcelClearedCustoms, "marketplace.orders.leave_customs")
def leave_customs(event: ParcelClearedCustoms) -> None:
    """Note that customs let the parcel go."""
    service.note_customs(parcel_ref=event.parcel_ref, is_cleared=True, actor=SYSTEM)


@on(DeclarationRefused, "marketplace.orders.be_refused")
def be_refused(event: DeclarationRefused) -> None:
    """Note that the parcel may not enter: nobody waits for it any more."""
    service.note_refused(parcel_ref=event.parcel_ref, actor=SYSTEM)


@on(ParcelDelivered, "marketplace.orders.arrive", queue="money")
def arrive(event: ParcelDelivered) -> None:
    """Note that the parcel is at the door."""
    service.note_delivered(parcel_ref=event.parcel_ref, at=event.at, actor=SYSTEM)


@on(ParcelLost, "marketplace.orders.lose", queue="money")
def lose(event: ParcelLost) -> None:
    """Note that the carrier gave the parcel up; its cover began with the scan, told or not yet."""
    with reading():
        parcel = shipping.parcel(parcel_ref=event.parcel_ref)
    if parcel.scanned_at is not None:
        _note_scanned(parcel, at=parcel.scanned_at, place=parcel.scans[0].place)
    service.note_lost(
        parcel_ref=event.parcel_ref,
        at=event.at,
        evidence={"carrier": event.evidence},
        actor=SYSTEM,
    )


@on(ParcelFound, "marketplace.orders.find_again", queue="money")
def find_again(event: ParcelFound) -> None:
    """Note that a parcel that was given up was seen again."""
    service.note_found(parcel_ref=event.parcel_ref, at=event.at, place=event.place, actor=SYSTEM)


@on(GoodsKept, "marketplace.orders.keep_what_was_found", queue="money")
def keep_what_was_found(event: GoodsKept) -> None:
    """Complete the order of goods that were found and kept."""
    service.note_kept(parcel_ref=event.parcel_ref, actor=SYSTEM)


@on(ParcelReturned, "marketplace.orders.come_back", queue="money")
def come_back(event: ParcelReturned) -> None:
    """Note that the parcel went back to its vendor."""
    service.note_returned(parcel_ref=event.parcel_ref, actor=SYSTEM)


@on(ParcelLate, "marketplace.orders.be_late", queue="money")
def be_late(event: ParcelLate) -> None:
    """Tell the cover against delay that the promised day has passed: it pays by itself."""
    cover.parcel_late(
        parcel_ref=event.parcel_ref,
        promised_on=event.promised_on,
        delivered_on=event.delivered_on,
        actor=SYSTEM,
    )


@on(ParcelLate, "marketplace.orders.tell_late", queue="mail")
def tell_late(event: ParcelLate) -> None:
    """Tell the buyer on the first late day what is late, where it is, and what may be done.

    Once it has come, the letter about the delivery tells it; no second one is needed. Nor is it
    when the buyer heard of the delay before the goods were packed, or customs let nothing in.
    """
    order = queries.by_parcel(event.parcel_ref)
    is_told = event.delivered_on is not None or order.delay_told_at is not None
    if is_told or order.is_refused or order.state not in UNDER_WAY:
        return
    buyer = _buyer(order.group_ref)
    seen = shipping.parcel(parcel_ref=event.parcel_ref).scans[-1:]
    policy = cover.policies_for_parcels(parcel_refs=[event.parcel_ref]).get(event.parcel_ref)
    if policy is not None and not policy.is_in_force:
        policy = None
    terms = policy.delay if policy else None
    is_covered = policy is not None and cover.Cause.LOST in policy.perils
    _to_buyer(
        buyer,
        order.group_ref,
        "order_late",
        {
            "ref": order.ref,
            "by": event.promised_on.isoformat(),
            "titles": _titles(order, buyer.locale),
            "seen_at": seen[0].at.astimezone(UTC).isoformat() if seen else "",
            "place": seen[0].place if seen else "",
            "is_covered": is_covered,
            "is_borne": order.business_name is not None and not is_covered,
            "benefit": terms.benefit.plain() if terms else None,
            "days": terms.trigger_days if terms else 0,
            **_way(queries.group_by_ref(order.group_ref)),
        },
    )


@schedule("marketplace.orders.watch_vendors", every=timedelta(minutes=5))
def watch_vendors() -> None:
    """Find the orders that nobody packed and that cannot come in time, each in its own commit."""
    one_by_one(
        delays.delayed(at=clock.now()),
        lambda ref: service.note_delayed(order_ref=ref, actor=SYSTEM),
    )


@on(VendorOrderDelayed, "marketplace.orders.tell_delayed", queue="mail")
def tell_delayed(event: VendorOrderDelayed) -> None:
    """Tell the buyer that the goods have not left the vendor, and what may be done.

    Packed or called off meanwhile, they have a letter of their own.
    """
    order = queries.by_ref(event.order_ref)
    if not order.may_be_cancelled:
        return
    buyer = _buyer(order.group_ref)
    _to_buyer(
        buyer,
        order.group_ref,
        "order_delayed",
        {
            "ref": order.ref,
            "by": order.promised_on.isoformat(),
            "leave_by": order.ship_by_on.isoformat(),
            "is_past": day_in(order.country, clock.now()) > order.promised_on,
            "titles": _titles(order, buyer.locale),
            "total": order.total.plain(),
            "is_covered": order.cover is not None,
            **_way(queries.group_by_ref(order.group_ref)),
        },
    )


@on(DeclarationAssessed, "marketplace.orders.give_surplus_back", queue="money")
def give_surplus_back(event: DeclarationAssessed) -> None:
    """Give the buyer what customs did not take."""
    service.note_assessed(
        parcel_ref=event.parcel_ref, quoted=event.quoted, assessed=event.assessed, actor=SYSTEM
    )


@on(
    PolicyBound,
    "marketplace.orders.hear_of_cover",
    queue="money",
    when=lambda event: event.is_added,
)
def hear_of_cover(event: PolicyBound) -> None:
    """Note that a buyer's parcel is covered, where its cover was bought after the order."""
    if event.side == cover.Side.BUYER:
        covered.note_covered(parcel_ref=event.parcel_ref, level=event.cover, actor=SYSTEM)


@on(ClaimPaid, "marketplace.orders.settle_after_payment", queue="money")
def settle_after_payment(event: ClaimPaid) -> None:
    """Settle a lost parcel that the cover paid for."""
    if event.cause == cover.Cause.LOST:
        service.settle_insured_loss(parcel_ref=event.parcel_ref, is_paid=True, actor=SYSTEM)


@on(ClaimRefused, "marketplace.orders.settle_after_refusal", queue="money")
def settle_after_refusal(event: ClaimRefused) -> None:
    """Settle a lost parcel that the cover refuses: the hold pays."""
    if event.cause == cover.Cause.LOST:
        service.settle_insured_loss(parcel_ref=event.parcel_ref, is_paid=False, actor=SYSTEM)


@on(PaidOrderRefunded, "marketplace.orders.note_money_paid_back", queue="money")
def note_money_paid_back(event: PaidOrderRefunded) -> None:
    """Note that the buyer has money of a settled order back."""
    service.note_paid_back(
        order_ref=event.order_ref, refunded=event.amount, is_all=not event.left, actor=SYSTEM
    )


@schedule("marketplace.orders.release_what_is_due", every=timedelta(seconds=30), queue="money")
def release_what_is_due() -> None:
    """Pay out every delivered order whose window ended, each in its own commit.

    What a cardholder disputes waits until the card's bank has decided.
    """
    with reading():
        disputed = bank.questioned_orders()
    while refs := queries.due_for_release(clock.now(), held=disputed):
        one_by_one(refs, lambda ref: service.complete(order_ref=ref, actor=SYSTEM))


@on(EscrowChargedBack, "marketplace.orders.end_without_money", queue="money")
def end_without_money(event: EscrowChargedBack) -> None:
    """End an order that nobody has packed yet once a card's bank took all of its money."""
    if not event.remaining:
        service.end_charged_back(order_ref=event.order_ref, actor=SYSTEM)


@on(OrderPlaced, "marketplace.orders.tell_buyer_and_vendors", queue="mail")
def tell_buyer_and_vendors(event: OrderPlaced) -> None:
    """Confirm to the buyer; ask each vendor to pack."""
    group = queries.group_by_ref(event.group_ref)
    buyer = _buyer_of(group)
    _to_buyer(
        buyer,
        group.ref,
        "order_placed",
        {
            "total": group.total.plain(),
            **_way(group),
            "parcels": [
                {
                    "ref": o.ref,
                    "total": o.total.plain(),
                    "by": o.promised_on.isoformat(),
                    "titles": _titles(o, buyer.locale),
                }
                for o in group.orders
            ],
        },
    )
    for order in group.orders:
        _to_vendor(
            order,
            "vendor_order_placed",
            {
                "net": order.vendor_net.plain(),
                "lines": _pieces(order),
            },
        )


@on(VendorOrderDispatched, "marketplace.orders.tell_dispatched", queue="mail")
def tell_dispatched(event: VendorOrderDispatched) -> None:
    """Tell the buyer that the parcel was handed over."""
    order = queries.by_ref(event.order_ref)
    _to_buyer(
        _buyer(order.group_ref),
        order.group_ref,
        "order_dispatched",
        {
            "ref": order.ref,
            "parcel": event.parcel_ref,
            "by": order.promised_on.isoformat(),
            "is_delayed": order.delay_told_at is not None,
        },
    )


@on(VendorOrderDelivered, "marketplace.orders.tell_delivered", queue="mail")
def tell_delivered(event: VendorOrderDelivered) -> None:
    """Tell the buyer that the parcel arrived and how long there is to look at it."""
    order = queries.by_ref(event.order_ref)
    assert order.release_due_at is not None, "delivery sets the window"
    _to_buyer(
        _buyer(order.group_ref),
        order.group_ref,
        "order_delivered",
        {
            "ref": order.ref,
            "until": order.release_due_at.isoformat(),
        },
    )


@on(VendorOrderLost, "marketplace.orders.tell_lost", queue="mail")
def tell_lost(event: VendorOrderLost) -> None:
    """Tell the buyer at once, with what happens to the money."""
    order = queries.by_ref(event.order_ref)
    back = cover.given_back_for_loss(parcel_ref=order.parcel_ref)
    _to_buyer(
        _buyer(order.group_ref),
        order.group_ref,
        "order_lost",
        {
            "ref": order.ref,
            "is_insured": cover.pays_for_loss(parcel_ref=order.parcel_ref),
            "is_borne": order.state is queries.OrderState.BORNE,
            "border_back": bool(order.duty or order.tax or order.fees),
            "cover_back": back.plain() if back else None,
            **_way(queries.group_by_ref(order.group_ref)),
        },
    )


@on(VendorOrderRefunded, "marketplace.orders.tell_refunded", queue="mail")
def tell_refunded(event: VendorOrderRefunded) -> None:
    """Tell the buyer that money came back, and the vendor when there is nothing to pack."""
    order = queries.by_ref(event.order_ref)
    taken = bank.charged_back(order_ref=order.ref, currency=event.refunded.currency)
    if event.reason == "cancelled":
        _to_vendor(order, "vendor_order_cancelled", {"lines": _pieces(order)})
    _to_buyer(
        _buyer(order.group_ref),
        order.group_ref,
        "order_refunded",
        {
            "ref": order.ref,
            "refunded": event.refunded.plain(),
            "reason": event.reason,
            "taken": taken.plain() if taken else "",
            **_way(queries.group_by_ref(order.group_ref)),
        },
    )


@on(VendorOrderCompleted, "marketplace.orders.tell_vendor_paid", queue="mail")
def tell_vendor_paid(event: VendorOrderCompleted) -> None:
    """Tell the vendor that the money is there, and what a cardholder's bank took of it before.

    Where it took everything nothing is there, and the letter about its decision has said so.
    """
    order, paid = queries.by_ref(event.order_ref), event.paid_to_vendor
    goods = order.vendor_goods - order.vendor_back
    commission = order.vendor_commission - order.commission_back
    taken = max(goods - commission - paid, Money.zero(paid.currency))
    if paid or not taken:
        _to_vendor(
            order,
            "vendor_order_paid",
            {
                "paid": paid.plain(),
                "goods": goods.plain(),
                "commission": commission.plain(),
                "taken": taken.plain() if taken else "",
            },
        )


@on(EscrowQuestioned, "marketplace.orders.tell_vendor_of_dispute", queue="mail")
def tell_vendor_of_dispute(event: EscrowQuestioned) -> None:
    """Tell the vendor that the card payment is disputed with its bank, and what that decided."""
    questions = bank.questions_of(order_refs=[event.order_ref]).get(event.order_ref, ())
    question = next((one for one in questions if one.dispute_ref == event.dispute_ref), None)
    if question is None:
        return  # news of a version that did not say which dispute: the order's page tells
    order = queries.by_ref(event.order_ref)
    facts = {
        "amount": question.amount.plain(),
        "is_sent": order.state is not OrderState.PAID,
        "is_paid_out": order.state is OrderState.COMPLETED,
    }
    if question.ended_at is None:
        _to_vendor(order, "vendor_payment_disputed", facts)
        return
    end = "won" if question.is_won else "lost" if question.taken else "closed"
    facts |= {"end": end, "taken": question.taken.plain()}
    _to_vendor(order, "vendor_dispute_decided", facts)


def _buyer(group_ref: str) -> PersonView:
    return _buyer_of(queries.group_by_ref(group_ref))


def _buyer_of(group: GroupView) -> PersonView:
    buyer = people.person(group.person_id)
    assert buyer is not None, "a buyer has an account"
    return buyer


def _way(group: GroupView) -> dict[str, str]:
    """Return where refunds of a group go, for letters. Shape: card is empty where none is named."""
    way = queries.refund_way(group)
    return {"refund_to": way.to, "card": way.card}


def _to_buyer(buyer: PersonView, group_ref: str, template: str, data: Mapping[str, object]) -> None:
    mail.send(
        to=buyer,
        template=f"marketplace/mail/{template}.txt",
        locale=buyer.locale,
        data={"name": buyer.name, "zone": buyer.zone, "group_ref": group_ref, **data},
    )


def _to_vendor(order: VendorOrderView, template: str, data: dict[str, object]) -> None:
    for person in people.staff_of(order.organisation_id):
        mail.send(
            to=person,
            template=f"marketplace/mail/{template}.txt",
            locale=person.locale,
            data={"name": person.name, "ref": order.ref, **data},
        )


def _pieces(order: VendorOrderView) -> list[dict[str, object]]:
    return [{"sku": line.sku, "quantity": line.quantity} for line in order.lines]


def _titles(order: VendorOrderView, locale: str) -> list[str]:
    return [in_language(line.titles, locale) for line in order.lines]
