"""A vendor's orders by what they wait for: the saved views, their counts, and their rows."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from banking import api as bank
from kernel import clock
from kernel.actor import Actor
from kernel.csv_files import csv_file
from kernel.errors import NotFound
from kernel.text import N_
from kernel.web.sorting import Column, Sorting, sorting_of
from marketplace.borders.duties import queries as duties
from marketplace.buying.orders import queries as orders
from marketplace.buying.orders.queries import (
    PAGE_SIZE,
    OrderBy,
    OrderState,
    VendorCounts,
    VendorOrderView,
)
from marketplace.catalogue.vendors import queries as vendors
from marketplace.catalogue.vendors.queries import VendorView
from marketplace.logistics.shipping import queries as shipping
from marketplace.selling.seller_desk.errors import NothingTicked

# What a vendor looks for, in the order of the page: a view's name in its address, and its words.
VIEWS: dict[str, str] = {
    "to-pack": N_("To pack"),
    "today": N_("To ship today"),
    "late": N_("Overdue"),
    "disputed": N_("In dispute"),
    "under-way": N_("In transit"),
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
        OrderState.BORNE,
    ),
    "all": (),
}
# Those whose rows wait to be packed: first to be shipped first, the others newest first.
WAITING = ("to-pack", "today", "late")

_BY_DAY = {
    "placed": Column(N_("Oldest first"), N_("Newest first"), falls=True),
    "ship-by": Column(N_("Soonest to ship first"), N_("Latest to ship first")),
}
_BY_ALL = _BY_DAY | {
    "received": Column(N_("Smallest amount first"), N_("Largest amount first"), falls=True),
}

MOST_EXPORTED = 5_000
MOST_PRINTED = 20

_HEADS = (
    "order",
    "placed_at",
    "state",
    "country",
    "articles",
    "pieces",
    "ship_by",
    "promised",
    "duties",
    "cover",
    "you_receive",
    "currency",
)
_DUTIES = {
    "none": N_("no border"),
    "free": N_("nothing to pay"),
    "paid": N_("paid at checkout"),
}


@dataclass(frozen=True, slots=True)
class OrderList:
    """One view of a vendor's orders.

    Shape: counts holds the views that are counted; after is the order behind which the next page
    begins, empty on the last one.
    """

    vendor: VendorView
    view: str
    orders: Sequence[VendorOrderView]
    counts: Mapping[str, int]
    sorting: Sorting
    after: str
    today: date

    def duties(self, order: VendorOrderView) -> str:
        """Return how duties of an order are paid, as a marked sentence."""
        return duty_words(order, self.vendor)


def order_list_for(actor: Actor, view: str, *, sort: str = "", after: str = "") -> OrderList:
    """Return one view of the actor's orders. Raises: NotAVendor, NotFound."""
    vendor, today = vendors.vendor_of(actor), clock.today()
    frozen = bank.frozen_escrows(beneficiary_id=vendor.organisation_id)
    sorting = sorting_for(view, sort)
    rows = _rows(actor, view, sorting, frozen, after=after, most=PAGE_SIZE + 1)
    counts = counts_of(orders.vendor_counts(actor, today=today), len(frozen))
    last = rows[PAGE_SIZE - 1].ref if len(rows) > PAGE_SIZE else ""
    return OrderList(vendor, view, rows[:PAGE_SIZE], counts, sorting, last, today)


def sorting_for(view: str, sort: str) -> Sorting:
    """Return how a view stands. What is over stands by its days alone, which an index holds.

    Raises: NotFound.
    """
    if view not in VIEWS:
        raise NotFound
    columns = _BY_DAY if view in {"closed", "all"} else _BY_ALL
    return sorting_of(sort, columns, standard="ship-by" if view in WAITING else "-placed")


def waiting_for(actor: Actor) -> list[VendorOrderView]:
    """Return what the actor's companies have to pack, first to be shipped first, a page of it."""
    return _rows(actor, "to-pack", sorting_for("to-pack", ""), {}, most=PAGE_SIZE + 1)


def counts_of(counts: VendorCounts, disputed: int) -> dict[str, int]:
    """Return how many orders stand in the views of what is not over yet."""
    return {
        "to-pack": counts.to_pack,
        "today": counts.today,
        "late": counts.late,
        "disputed": disputed,
        "under-way": counts.under_way,
        "delivered": counts.delivered,
    }


def _rows(
    actor: Actor,
    view: str,
    sorting: Sorting,
    frozen: Collection[str],
    *,
    after: str = "",
    most: int,
) -> list[VendorOrderView]:
    today = clock.today()
    days = {"today": (today, today), "late": (date.min, today - timedelta(days=1))}.get(view)
    return orders.vendor_orders_of(
        actor,
        states=(OrderState.PAID,) if view in WAITING else STATES.get(view, ()),
        refs=list(frozen) if view == "disputed" else None,
        with_refused=view != "under-way",
        days=days,
        by=OrderBy(sorting.by),
        falls=sorting.falls,
        after=after,
        most=most,
    )


def duty_mode(order: VendorOrderView, vendor: VendorView) -> str:
    """Return how the border is paid: none is crossed, nothing is due, or the buyer paid it."""
    if not duties.needs_declaration(
        dispatch_country=vendor.country, destination_country=order.country
    ):
        return "none"
    return "paid" if order.duty + order.tax + order.fees else "free"


def duty_words(order: VendorOrderView, vendor: VendorView) -> str:
    """Return how the border is paid, as a marked sentence."""
    return _DUTIES[duty_mode(order, vendor)]


def table_for(actor: Actor, view: str, sort: str = "") -> bytes:
    """Return a view as CSV, as it stands, its first five thousand rows.

    Raises: NotAVendor, NotFound.
    """
    vendor, sorting = vendors.vendor_of(actor), sorting_for(view, sort)
    frozen = bank.frozen_escrows(beneficiary_id=vendor.organisation_id)
    rows: list[list[object]] = []
    for order in _rows(actor, view, sorting, frozen, most=MOST_EXPORTED):
        net = order.vendor_net
        rows.append(
            [
                order.ref,
                order.placed_at.isoformat(timespec="seconds"),
                order.state.value,
                order.country,
                " ".join(line.sku for line in order.lines),
                sum(line.quantity for line in order.lines),
                order.ship_by_on.isoformat(),
                order.promised_on.isoformat(),
                duty_mode(order, vendor),
                order.cover or "",
                net.amount,
                net.currency,
            ]
        )
    return csv_file(_HEADS, rows)


def papers_of(actor: Actor, refs: Sequence[str]) -> bytes:
    """Return all papers of packed orders of the actor's company, in one archive.

    Shape: a folder for each order; at most twenty orders. Raises: NotFound, NothingTicked.
    """
    wanted = sorted(set(refs))[:MOST_PRINTED]
    ticked_orders = orders.vendor_orders_of(actor, refs=wanted)
    if len(ticked_orders) < len(wanted):
        raise NotFound
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for order in ticked_orders:
            if order.dispatched_at is None:
                continue
            for paper in shipping.papers_of(parcel_ref=order.parcel_ref):
                printed = shipping.paper_pdf(parcel_ref=order.parcel_ref, paper=paper)
                archive.writestr(f"{order.ref}/{paper.value}.pdf", printed)
        if not archive.namelist():
            raise NothingTicked
    return packed.getvalue()
