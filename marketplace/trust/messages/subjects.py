"""What a new message may be about: a shop, goods of it, or an order of both sides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from kernel.actor import Actor
from kernel.db import reading, session
from kernel.errors import NotFound
from kernel.ids import new_id
from marketplace.buying.buyers import queries as buyers
from marketplace.buying.orders import queries as orders
from marketplace.buying.orders.queries import VendorOrderView
from marketplace.catalogue.products.queries import slug
from marketplace.catalogue.vendors import queries as vendors
from marketplace.catalogue.vendors.queries import VendorView
from marketplace.logistics.shipping import queries as shipping
from marketplace.trust.messages.errors import NobodyToAsk
from marketplace.trust.messages.queries import TITLES, Side, row_for, side_of

_EXISTING = text(
    "SELECT ref FROM marketplace.message_thread WHERE buyer_id = :buyer AND vendor_id = :vendor"
    " AND coalesce(product_id, 0) = :product AND coalesce(order_ref, '') = :order"
)
_GOODS = (
    "SELECT p.id, p.ref, p.source_locale, p.status, {titles} AS titles"
    " FROM marketplace.product p WHERE p.ref = :ref"
)
_PRODUCT = text(_GOODS.format(titles=TITLES))


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a new message is about, and who would read it.

    Shape: thread_ref is the thread about it that exists, empty for none; product_ref, titles and
    order_ref are empty when it is about neither; known are the order's own numbers.
    """

    side: Side
    buyer_id: UUID
    buyer_name: str
    vendor: VendorView
    product_id: int | None = None
    product_ref: str = ""
    titles: Mapping[str, str]
    source: str = ""
    order_ref: str = ""
    group_ref: str = ""
    known: tuple[str, ...] = ()
    thread_ref: str = ""

    @property
    def key(self) -> UUID:
        """A key for the form that is shown now."""
        return new_id()

    @property
    def slug(self) -> str:
        """The last part of the goods' address."""
        return slug(self.titles.get("en") or self.titles.get(self.source, ""))


def subject_for(actor: Actor, *, shop: str = "", product: str = "", order: str = "") -> Subject:
    """Return what somebody wants to write about: an order of theirs, or a shop and its goods.

    Raises: NotFound for another's order, NoSuchVendor, NobodyToAsk.
    """
    person_id = actor.somebody()
    if order:
        return _about_order(actor, order)
    vendor = vendors.vendor_by_slug(shop)
    if not vendor.is_open or vendor.organisation_id in actor.organisation_ids:
        raise NobodyToAsk
    row = session().execute(_PRODUCT, {"ref": product}).one_or_none() if product else None
    if product and (row is None or row.status != "listed"):
        raise NotFound
    return Subject(
        side=Side.BUYER,
        buyer_id=person_id,
        buyer_name="",
        vendor=vendor,
        product_id=row.id if row else None,
        product_ref=row.ref if row else "",
        titles=row.titles if row else {},
        source=row.source_locale if row else "",
        thread_ref=_existing(person_id, vendor.id, row.id if row else 0, ""),
    )


def _about_order(actor: Actor, ref: str) -> Subject:
    """Return an order as a subject, to its buyer or to its shop. Raises: NotFound."""
    order = orders.by_ref(ref)
    group = orders.group_by_ref(order.group_ref)
    side = side_of(actor, buyer_id=group.person_id, organisation_id=order.organisation_id)
    if side is None:
        raise NotFound
    return Subject(
        side=side,
        buyer_id=group.person_id,
        buyer_name=str(group.address.get("name", "")),
        vendor=vendors.vendor(order.vendor_id),
        order_ref=order.ref,
        group_ref=order.group_ref,
        titles=order.lines[0].titles if order.lines else {},
        known=_numbers(order),
        thread_ref=_existing(group.person_id, order.vendor_id, 0, order.ref),
    )


def _numbers(order: VendorOrderView) -> tuple[str, ...]:
    """Return what a message about an order has to say and what looks like a number elsewhere."""
    address = order.address
    names = (address.get(key) for key in ("postcode", "city", "name"))
    given = [order.ref, order.group_ref, order.parcel_ref, *names, *address.get("lines", ())]
    given += buyers.phone_forms(str(address.get("phone") or ""))
    given += [line.hs_code for line in order.lines] + [line.sku for line in order.lines]
    sent = shipping.find_parcels(parcel_refs=[order.parcel_ref]).get(order.parcel_ref)
    given.append(sent.tracking_number if sent else None)
    return tuple(str(text) for text in given if text)


def known_in(actor: Actor, thread_ref: str) -> tuple[str, ...]:
    """Return the numbers that belong into a thread: those of its order. Raises: ThreadUnknown."""
    with reading():
        row = row_for(actor, thread_ref)
        return _numbers(orders.by_ref(row.order_ref)) if row.order_ref else ()


def _existing(buyer_id: UUID, vendor_id: int, product_id: int, order_ref: str) -> str:
    binds = {"buyer": buyer_id, "vendor": vendor_id, "product": product_id, "order": order_ref}
    return session().execute(_EXISTING, binds).scalar_one_or_none() or ""
