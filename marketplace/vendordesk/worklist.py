"""A vendor's orders by what they wait for: the saved views, their counts, and their rows."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from banking import api as bank
from kernel import clock
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.text import N_
from marketplace.customs import queries as customs
from marketplace.orders import queries as orders
from marketplace.orders.queries import PAGE_SIZE, OrderState, VendorCounts, VendorOrderView
from marketplace.shipping import queries as shipping
from marketplace.vendordesk.errors import NothingTicked
from marketplace.vendors import queries as vendors
from marketplace.vendors.queries import VendorView

# What a vendor looks for, in the order of the page: a view's name in its address, and its words.
VIEWS: dict[str, str] = {
    "to-pack": N_("To pack"),
    "today": N_("To ship today"),
    "late": N_("Overdue"),
    "disputed": N_("In dispute"),
    "under-way": N_("On their way"),
    "delivered": N_("With the buyer"),
    "closed": N_("Closed"),
    "all": N_("All orders"),
}
STATES: dict[str, tuple[OrderState, ...]] = {
    "under-way": (OrderState.DISPATCHED, OrderState.IN_TRANSIT, OrderState.CUSTOMS),
    "delivered": (OrderState.DELIVERED,),
    "closed": (
        OrderState.COMPLETED,
        OrderState.REFUNDED,
        OrderState.CANCELLED,
        OrderState.LOST,
        OrderState.INDEMNIFIED,
    ),
    "all": (),
}
# Those whose rows wait to be packed: first to be shipped first, by pages.
WAITING = ("to-pack", "today", "late")

LAST_PAGE = 500  # of what waits to be packed
MOST_EXPORTED = 5_000
MOST_PRINTED = 20

_HEADS = ("order", "placed_at", "state", "country", "articles", "pieces", "ship_by", "promised",
          "duties", "cover", "you_receive", "currency")  # fmt: skip
_DUTIES = {
    "none": N_("no border"),
    "free": N_("nothing due"),
    "paid": N_("paid at checkout"),
}


@dataclass(frozen=True, slots=True)
class OrderList:
    """One view of a vendor's orders.

    Shape: what waits is first to be shipped first, the rest newest first; counts holds the views
    that are counted; more names the next page in an address, nothing on the last one.
    """

    vendor: VendorView
    view: str
    orders: Sequence[VendorOrderView]
    counts: Mapping[str, int]
    more: Mapping[str, object]
    today: date

    def duties(self, order: VendorOrderView) -> str:
        """Return how duties of an order are paid, as a marked sentence."""
        return duty_words(order, self.vendor)


def order_list_for(actor: Actor, view: str, before: datetime | None, page: int) -> OrderList:
    """Return one view of the actor's orders. Raises: NotAVendor, NotFound."""
    vendor, today = vendors.vendor_of(actor), clock.today()
    frozen = bank.frozen_escrows(beneficiary_id=vendor.organisation_id)
    page = min(max(page, 1), LAST_PAGE)
    found = _rows(actor, view, today, frozen, before=before, page=page, most=PAGE_SIZE + 1)
    more: dict[str, object] = {}
    if len(found) > PAGE_SIZE:
        last = found[PAGE_SIZE - 1].placed_at.isoformat()
        more = {"page": page + 1} if view in WAITING else {"before": last}
    counts = counts_of(orders.vendor_counts(actor, today=today), len(frozen))
    return OrderList(vendor, view, found[:PAGE_SIZE], counts, more, today)


def counts_of(counts: VendorCounts, disputed: int) -> dict[str, int]:
    """Return how many orders stand in the views of what is not over yet."""
    return {
        "to-pack": counts.to_pack, "today": counts.today, "late": counts.late,
        "disputed": disputed, "under-way": counts.under_way, "delivered": counts.delivered,
    }  # fmt: skip


def _rows(
    actor: Actor, view: str, today: date, frozen: Mapping[str, object], *,
    before: datetime | None = None, page: int = 1, most: int,
) -> list[VendorOrderView]:  # fmt: skip
    if view not in VIEWS:
        raise NotFound
    if view in WAITING:
        yesterday = today - timedelta(days=1)
        days = {"today": (today, today), "late": (date.min, yesterday)}.get(view)
        return orders.waiting_for_vendor(actor, page=page, days=days, most=most)
    refs = list(frozen) if view == "disputed" else None
    return orders.vendor_orders_of(
        actor, states=STATES.get(view, ()), refs=refs, before=before, most=most
    )


def duty_mode(order: VendorOrderView, vendor: VendorView) -> str:
    """Return how the border is paid: none is crossed, nothing is due, or the buyer paid it."""
    if not customs.needs_declaration(
        dispatch_country=vendor.country, destination_country=order.country
    ):
        return "none"
    return "paid" if order.duty + order.tax + order.fees else "free"


def duty_words(order: VendorOrderView, vendor: VendorView) -> str:
    """Return how the border is paid, as a marked sentence."""
    return _DUTIES[duty_mode(order, vendor)]


def table_for(actor: Actor, view: str) -> bytes:
    """Return a view as CSV, the first five thousand rows of it. Raises: NotAVendor, NotFound."""
    vendor, today = vendors.vendor_of(actor), clock.today()
    frozen = bank.frozen_escrows(beneficiary_id=vendor.organisation_id)
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\r\n")
    table.writerow(_HEADS)
    for order in _rows(actor, view, today, frozen, most=MOST_EXPORTED):
        net = order.vendor_net
        table.writerow([
            order.ref, order.placed_at.isoformat(timespec="seconds"), order.state.value,
            order.country, " ".join(_text(line.sku) for line in order.lines),
            sum(line.quantity for line in order.lines), order.ship_by_on.isoformat(),
            order.promised_on.isoformat(), duty_mode(order, vendor), order.cover or "",
            net.amount, net.currency,
        ])  # fmt: skip
    return written.getvalue().encode()


def _text(value: str) -> str:
    # What a spreadsheet would take for a formula stays a text.
    return f"'{value}" if value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value


def papers_of(actor: Actor, refs: Sequence[str]) -> bytes:
    """Return all papers of packed orders of the actor's company, in one archive.

    Shape: a folder for each order; at most twenty orders. Raises: NotFound, NothingTicked.
    """
    wanted = sorted(set(refs))[:MOST_PRINTED]
    found = orders.vendor_orders_of(actor, refs=wanted)
    if len(found) < len(wanted):
        raise NotFound
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for order in found:
            if order.dispatched_at is None:
                continue
            for paper in shipping.papers_of(parcel_ref=order.parcel_ref):
                printed = shipping.paper_pdf(parcel_ref=order.parcel_ref, paper=paper)
                archive.writestr(f"{order.ref}/{paper.value}.pdf", printed)
        if not archive.namelist():
            raise NothingTicked
    return packed.getvalue()
