"""What a vendor sees first: orders by what they wait for, and the money in its buckets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from banking import api as bank
from kernel import clock
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.money import Money, total
from kernel.text import N_
from kernel.web.preferences import COUNTRY_CURRENCY
from marketplace.messages import queries as messages
from marketplace.messages.queries import Unread
from marketplace.orders import queries as orders
from marketplace.orders.queries import PAGE_SIZE, OrderState, VendorOrderView
from marketplace.questions import queries as questions
from marketplace.questions.queries import ToAnswer
from marketplace.shipping import queries as shipping
from marketplace.shipping.errors import NoSuchPaper
from marketplace.shipping.queries import Paper
from marketplace.vendordesk.figures import Earned, Figures, earned_of, figures_of
from marketplace.vendors import queries as vendors
from marketplace.vendors.queries import VendorView

# What a vendor looks for, and the states it means.
VIEWS: dict[str, tuple[OrderState, ...]] = {
    "to-pack": (OrderState.PAID,),
    "under-way": (OrderState.DISPATCHED, OrderState.IN_TRANSIT, OrderState.CUSTOMS),
    "delivered": (OrderState.DELIVERED,),
    "closed": (
        OrderState.COMPLETED,
        OrderState.REFUNDED,
        OrderState.CANCELLED,
        OrderState.LOST,
        OrderState.INDEMNIFIED,
    ),
}

LAST_PAGE = 500  # of what waits to be packed

PAPER_WORDS = {
    Paper.LABEL: N_("Address label"),
    Paper.CN22: N_("Customs form CN 22"),
    Paper.CN23: N_("Customs form CN 23"),
    Paper.INVOICE: N_("Commercial invoice"),
    Paper.PACKING_LIST: N_("Packing list"),
    Paper.ORIGIN: N_("Statement of origin"),
}


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk's first page.

    Shape: to_pack oldest promise first; earned one per currency; overdue are those whose promised
    day has passed while they wait.
    """

    vendor: VendorView
    to_pack: list[VendorOrderView]
    recent: list[VendorOrderView]
    earned: list[Earned]
    figures: Figures
    today: date
    questions: ToAnswer
    messages: Unread

    @property
    def overdue(self) -> int:
        """How many wait although their promised day has passed."""
        return sum(order.promised_on < self.today for order in self.to_pack)


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One order of a vendor.

    Shape: papers in the order in which they are packed; back is what returned to the buyer.
    """

    order: VendorOrderView
    papers: tuple[Paper, ...]
    back: Money

    def words(self, paper: Paper) -> str:
        """Return a paper's name as a marked sentence."""
        return PAPER_WORDS[paper]


@dataclass(frozen=True, slots=True)
class OrderList:
    """One view of a vendor's orders.

    Shape: what waits is first promised first, the rest newest first; more names the next page in
    an address, nothing on the last one.
    """

    vendor: VendorView
    view: str
    orders: list[VendorOrderView]
    more: dict[str, object]
    today: date


@dataclass(frozen=True, slots=True)
class ShopPage:
    """A shop as its own people set it up. Shape: countries is every one that the house serves."""

    vendor: VendorView
    countries: tuple[str, ...]


def shop_for(actor: Actor) -> ShopPage:
    """Return the actor's shop. Raises: NotAVendor."""
    return ShopPage(vendors.vendor_of(actor), tuple(COUNTRY_CURRENCY))


def desk_for(actor: Actor) -> Desk:
    """Return the actor's desk. Raises: NotAVendor."""
    vendor = vendors.vendor_of(actor)
    waiting = orders.waiting_for_vendor(actor)
    recent = orders.vendor_orders_of(actor, states=VIEWS["under-way"] + VIEWS["delivered"])
    return Desk(
        vendor=vendor,
        to_pack=waiting,
        recent=recent[:PAGE_SIZE],
        earned=earned_of(vendor),
        figures=figures_of(vendor),
        today=clock.today(),
        questions=questions.to_answer(vendor.id),
        messages=messages.unread_of_vendor(actor),
    )


def order_page_for(actor: Actor, ref: str) -> OrderPage:
    """Return an order of the actor's company with what can be printed for it. Raises: NotFound."""
    order = orders.vendor_order_for(actor, ref)
    is_sent = order.dispatched_at is not None
    papers = shipping.papers_of(parcel_ref=order.parcel_ref) if is_sent else ()
    moves = bank.moves_of(order_refs=[order.ref])[order.ref]
    back = total([m.amount for m in moves if m.kind == "refunded"], order.total.currency)
    return OrderPage(order, papers, back)


def paper_for(actor: Actor, ref: str, name: str) -> bytes:
    """Return a paper of an order's parcel as PDF. Raises: NotFound, NoSuchPaper."""
    page = order_page_for(actor, ref)
    paper = next((paper for paper in page.papers if paper.value == name), None)
    if paper is None:
        raise NoSuchPaper
    return shipping.paper_pdf(parcel_ref=page.order.parcel_ref, paper=paper)


def order_list_for(actor: Actor, view: str, before: datetime | None, page: int) -> OrderList:
    """Return one view of the actor's orders. Raises: NotAVendor, NotFound."""
    if view not in VIEWS:
        raise NotFound
    if view == "to-pack":
        page = min(max(page, 1), LAST_PAGE)
        found = orders.waiting_for_vendor(actor, page=page)
        more: dict[str, object] = {"page": page + 1}
    else:
        found = orders.vendor_orders_of(actor, states=VIEWS[view], before=before)
        more = {"before": found[:PAGE_SIZE][-1].placed_at.isoformat()} if found else {}
    return OrderList(
        vendors.vendor_of(actor),
        view,
        found[:PAGE_SIZE],
        more=more if len(found) > PAGE_SIZE else {},
        today=clock.today(),
    )
