"""What a vendor sees first: orders by what they wait for, and the money in its buckets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from banking import api as bank
from insurance import api as cover
from kernel import clock
from kernel.actor import Actor
from kernel.money import Money, total
from kernel.text import N_
from kernel.web.preferences import COUNTRY_CURRENCY
from marketplace.aftersales.returns import queries as returns
from marketplace.aftersales.returns.queries import ReturnView, Waiting
from marketplace.buying.buyers import queries as buyers
from marketplace.buying.orders import queries as orders
from marketplace.buying.orders.queries import VendorOrderView
from marketplace.catalogue.vendors import queries as vendors
from marketplace.catalogue.vendors.queries import VendorView
from marketplace.landed.previews import queries as previews
from marketplace.logistics.shipping import queries as shipping
from marketplace.logistics.shipping.errors import NoSuchPaper
from marketplace.logistics.shipping.queries import Paper
from marketplace.selling.seller_desk.figures import Earned, Figures, earned_of, figures_of
from marketplace.selling.seller_desk.worklist import counts_of, duty_words, waiting_for
from marketplace.trust.messages import queries as messages
from marketplace.trust.messages.queries import Unread
from marketplace.trust.questions import queries as questions
from marketplace.trust.questions.queries import ToAnswer

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

    Shape: to_pack are the first of them; counts holds the views that are counted; oldest_at is when
    the first of those to pack was paid; earned one per currency; setup is what a shop has still to
    do before it can sell, with what is done already, empty once it sold; returns are those that
    wait for the seller.
    """

    vendor: VendorView
    to_pack: list[VendorOrderView]
    counts: Mapping[str, int]
    oldest_at: datetime | None
    disputed_since: datetime | None
    earned: list[Earned]
    figures: Figures
    setup: tuple[Step, ...]
    returns: Waiting
    today: date
    questions: ToAnswer
    messages: Unread

    def duties(self, order: VendorOrderView) -> str:
        """Return how duties of an order are paid, as a marked sentence."""
        return duty_words(order, self.vendor)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of opening a shop. Shape: words a marked sentence; endpoint of the page for it."""

    words: str
    endpoint: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One order of a vendor.

    Shape: papers in the order in which they are packed; back is what
    returned to the buyer; questions are what the holder of a card that paid disputed with their
    bank; held is the shop's own of this parcel, claims are what was asked of it.
    """

    order: VendorOrderView
    papers: tuple[Paper, ...]
    back: Money
    returns: Sequence[ReturnView]
    questions: Sequence[bank.QuestionView]
    held: cover.PolicyView | None
    claims: Sequence[cover.ClaimView]

    def words(self, paper: Paper) -> str:
        """Return a paper's name as a marked sentence."""
        return PAPER_WORDS[paper]


@dataclass(frozen=True, slots=True)
class ShopPage:
    """A shop as its own people set it up.

    Shape: countries is every one that the house serves; phone and phone_example as people of the
    shop's country write them.
    """

    vendor: VendorView
    countries: tuple[str, ...]
    phone: str
    phone_example: str
    lacks_answer: bool


def shop_for(actor: Actor) -> ShopPage:
    """Return the actor's shop. Raises: NotAVendor."""
    vendor = vendors.vendor_of(actor)
    return ShopPage(
        vendor,
        tuple(COUNTRY_CURRENCY),
        phone=buyers.phone_in(vendor.country, vendor.legal.get("phone", "")),
        phone_example=buyers.phone_example(vendor.country),
        lacks_answer=_lacks_answer(vendor),
    )


def desk_for(actor: Actor) -> Desk:
    """Return the actor's desk. Raises: NotAVendor."""
    vendor, today = vendors.vendor_of(actor), clock.today()
    frozen = bank.frozen_escrows(beneficiary_id=vendor.organisation_id)
    counts = orders.vendor_counts(actor, today=today)
    figures = figures_of(vendor)
    return Desk(
        vendor=vendor,
        to_pack=waiting_for(actor) if counts.to_pack else [],
        counts=counts_of(counts, len(frozen)),
        oldest_at=counts.oldest_at,
        disputed_since=min((one.funded_at for one in frozen.values()), default=None),
        earned=earned_of(vendor, frozen),
        figures=figures,
        setup=() if figures.health.is_any or counts.to_pack else _setup(vendor, figures),
        today=today,
        questions=questions.to_answer(vendor.id),
        messages=messages.unread_of_vendor(actor),
        returns=returns.waiting_for(actor),
    )


def _setup(vendor: VendorView, figures: Figures) -> tuple[Step, ...]:
    return (
        Step(N_("List your first product"), "listings.new", figures.goods > 0),
        Step(
            N_("Add customs details and a weight to every version"),
            "listings.index",
            figures.goods > 0 and not figures.unsendable,
        ),
        Step(N_("Add your stock"), "listings.index", figures.goods > figures.sold_out),
        Step(N_("Choose where you ship to"), "desk.shop", vendor.sends_to is not None),
        Step(
            N_("Name a responsible person in the European Union"),
            "desk.shop",
            not _lacks_answer(vendor),
        ),
        Step(N_("Choose where your earnings go"), "payouts.home", _is_paid_out(vendor)),
    )


def _lacks_answer(vendor: VendorView) -> bool:
    """Whether a shop offers its products to the Union and names nobody there for all of them."""
    is_offered = any(vendor.sends(country) for country in previews.union())
    return is_offered and not previews.is_answered(is_named=False, vendor=vendor)


def _is_paid_out(vendor: VendorView) -> bool:
    return bool(bank.payout_plans(vendor_id=vendor.organisation_id))


def order_page_for(actor: Actor, ref: str) -> OrderPage:
    """Return an order of the actor's company with what can be printed for it. Raises: NotFound."""
    order = orders.vendor_order_for(actor, ref)
    is_sent = order.dispatched_at is not None
    papers = shipping.papers_of(parcel_ref=order.parcel_ref) if is_sent else ()
    moves = bank.moves_of(order_refs=[order.ref])[order.ref]
    back = total([m.amount for m in moves if m.kind == "refunded"], order.total.currency)
    own = cover.policy_for_parcel(parcel_ref=order.parcel_ref, side=cover.Side.SELLER)
    return OrderPage(
        order,
        papers,
        back,
        returns.returns_of([order.ref]).get(order.ref, ()),
        bank.questions_of(order_refs=[order.ref]).get(order.ref, ()),
        own,
        cover.claims_under(policy_id=own.id) if own is not None else (),
    )


def paper_for(actor: Actor, ref: str, name: str) -> bytes:
    """Return a paper of an order's parcel as PDF. Raises: NotFound, NoSuchPaper."""
    page = order_page_for(actor, ref)
    paper = next((paper for paper in page.papers if paper.value == name), None)
    if paper is None:
        raise NoSuchPaper
    return shipping.paper_pdf(parcel_ref=page.order.parcel_ref, paper=paper)
