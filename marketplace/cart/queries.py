"""Reads of carts: lines by vendor, priced now and at the door, with what changed since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from kernel.actor import Actor
from kernel.db import reading
from kernel.money import Money, total
from kernel.text import Message
from kernel.web.preferences import Preferences
from marketplace.previews import queries as previews
from marketplace.previews.queries import CoverPrice, Destination, Piece, Preview, Stair
from marketplace.pricing import queries as pricing
from marketplace.pricing.queries import OfferLine
from marketplace.vendors import queries as vendors
from marketplace.vendors.queries import VendorView

# A person's own cart before the one a cookie names, which is nobody's.
_ID = """
    SELECT id FROM marketplace.cart
    WHERE person_id = :person_id OR (id = :cart_id AND person_id IS NULL)
    ORDER BY person_id LIMIT 1
"""
_LINES = text(
    f"""
    SELECT c.id, l.offer_id, l.quantity, l.seen_minor, l.seen_currency
    FROM ({_ID}) c LEFT JOIN marketplace.cart_line l ON l.cart_id = c.id
    ORDER BY l.added_at, l.offer_id
    """  # noqa: S608 - our own text
)
_FOUND = text(_ID)
_COUNT = text(
    """
    SELECT coalesce(sum(l.quantity), 0) FROM marketplace.cart c
    JOIN marketplace.cart_line l ON l.cart_id = c.id WHERE c.person_id = :person_id
    """
)


@dataclass(frozen=True, slots=True)
class LineView:
    """Goods in a cart.

    Units: quantity in pieces; unit and seen per piece. Shape: unit is None when the price cannot
    be reached in this currency.
    """

    offer: OfferLine
    quantity: int
    seen: Money

    @property
    def unit(self) -> Money | None:
        """Today's price of one piece."""
        return self.offer.price.money if self.offer.price else None

    @property
    def total(self) -> Money | None:
        """Today's price of all pieces."""
        return self.unit.times(self.quantity) if self.unit else None

    @property
    def old_price(self) -> Money | None:
        """What one piece cost when it was added, when that is another price in this currency."""
        is_other = self.unit and self.seen.currency == self.unit.currency and self.seen != self.unit
        return self.seen if is_other else None

    @property
    def is_short(self) -> bool:
        """Whether fewer pieces are there than wanted."""
        return self.offer.available < self.quantity

    @property
    def is_buyable(self) -> bool:
        """Whether this line can be paid for as it stands."""
        return self.offer.is_for_sale and not self.is_short and self.unit is not None


@dataclass(frozen=True, slots=True)
class VendorGroup:
    """The lines of one vendor: one parcel."""

    vendor: VendorView
    lines: tuple[LineView, ...]
    subtotal: Money


@dataclass(frozen=True, slots=True)
class CartView:
    """A cart as its page shows it. Shape: groups sorted by when their first line was added."""

    id: UUID | None
    groups: tuple[VendorGroup, ...]
    goods: Money

    @property
    def count(self) -> int:
        """How many pieces there are."""
        return sum(line.quantity for group in self.groups for line in group.lines)

    @property
    def lines(self) -> list[LineView]:
        """Every line, group by group."""
        return [line for group in self.groups for line in group.lines]

    @property
    def is_buyable(self) -> bool:
        """Whether every line can be paid for as it stands."""
        return bool(self.groups) and all(line.is_buyable for line in self.lines)


@dataclass(frozen=True, slots=True)
class ParcelView:
    """A vendor's lines that can be sent together, with their price at the door.

    Shape: levels are the covers on offer, narrow to wide; level is the one wished for, empty for
    none; seen is never a refusal.
    """

    vendor: VendorView
    lines: tuple[LineView, ...]
    seen: Preview
    levels: tuple[CoverPrice, ...]
    level: str

    @property
    def goods(self) -> Money:
        """The goods of this parcel."""
        amounts = [line.total for line in self.lines if line.total]
        return total(amounts, amounts[0].currency)

    @property
    def premium(self) -> Money | None:
        """What the wished cover costs, None for none."""
        return next((c.premium for c in self.levels if c.level == self.level), None)

    def of(self, *kinds: str) -> list[Stair]:
        """Return the landed-cost steps of some kinds that cost something."""
        return [step for step in self.seen.steps if step.kind in kinds and step.amount]


@dataclass(frozen=True, slots=True)
class CartPage:
    """A cart as its page shows it.

    Shape: aside are lines that cannot go there as they stand, each with its reason where the line
    itself does not say it.
    """

    cart: CartView
    parcels: tuple[ParcelView, ...]
    aside: tuple[tuple[LineView, Message | None], ...]
    currency: str

    @property
    def total(self) -> Money:
        """What all parcels cost at the door, wished cover included."""
        parts = [p.seen.total for p in self.parcels if p.seen.total]
        parts += [p.premium for p in self.parcels if p.premium]
        return total(parts, self.currency)

    @property
    def pieces(self) -> int:
        """How many pieces the total pays for."""
        return sum(line.quantity for parcel in self.parcels for line in parcel.lines)

    @property
    def is_about(self) -> bool:
        """Whether the region of the address may change the total."""
        return any(parcel.seen.high for parcel in self.parcels)


def cart_id_for(actor: Actor, cart_id: UUID | None) -> UUID | None:
    """Return the id of the cart this visitor may use, their own when they have one."""
    if cart_id is None and actor.person_id is None:
        return None
    with reading() as current:
        found = current.execute(_FOUND, {"cart_id": cart_id, "person_id": actor.person_id})
        return found.scalar_one_or_none()


def count(actor: Actor) -> int:
    """Return how many pieces the actor's own cart holds, for the header."""
    with reading() as current:
        return int(current.execute(_COUNT, {"person_id": actor.person_id}).scalar_one())


def cart_for(actor: Actor, cart_id: UUID | None, *, locale: str, currency: str) -> CartView:
    """Return the visitor's cart, an empty one when there is none. Three statements at most."""
    if cart_id is None and actor.person_id is None:
        return CartView(None, (), Money.zero(currency))
    with reading() as current:
        found = current.execute(_LINES, {"cart_id": cart_id, "person_id": actor.person_id}).all()
        rows = [row for row in found if row.offer_id is not None]
        offers = pricing.offer_lines([r.offer_id for r in rows], locale=locale, currency=currency)
        lines = [
            LineView(offers[r.offer_id], r.quantity, Money(r.seen_minor, r.seen_currency))
            for r in rows
            if r.offer_id in offers
        ]
        groups = _by_vendor(lines, currency)
    allowed = found[0].id if found else None
    return CartView(allowed, groups, total([group.subtotal for group in groups], currency))


def cart_page(cart: CartView, prefs: Preferences, wishes: Mapping[str, str]) -> CartPage:
    """Return the cart with every parcel's price at the door. No statement of its own.

    Shape: wishes maps vendor id to the cover that was wished for.
    """
    to = Destination(prefs.country, prefs.currency)
    parcels: list[ParcelView] = []
    aside: list[tuple[LineView, Message | None]] = []
    for group in cart.groups:
        fit = []
        for line in group.lines:
            refusal = None if not line.is_buyable else _refusal(line, group.vendor, to)
            if line.is_buyable and refusal is None:
                fit.append(line)
            else:
                aside.append((line, refusal))
        if fit:
            wish = wishes.get(str(group.vendor.id), "")
            parcels.append(_parcel(group.vendor, tuple(fit), to, wish))
    return CartPage(cart, tuple(parcels), tuple(aside), prefs.currency)


def _refusal(line: LineView, vendor: VendorView, to: Destination) -> Message | None:
    return previews.parcel_preview([_piece(line, vendor)], to).refusal


def _parcel(
    vendor: VendorView, lines: tuple[LineView, ...], to: Destination, wish: str
) -> ParcelView:
    pieces = [_piece(line, vendor) for line in lines]
    seen = previews.parcel_preview(pieces, to)
    levels = previews.cover_prices(pieces, to, seen)
    level = wish if wish in {choice.level for choice in levels} else ""
    return ParcelView(vendor, lines, seen, levels, level)


def _piece(line: LineView, vendor: VendorView) -> tuple[Piece, int]:
    assert line.unit is not None, "only lines with a price are asked for"
    offer = line.offer
    return Piece(
        key=(offer.offer_id, offer.version), title=offer.title, price=line.unit,
        dispatch_country=vendor.country, hs_code=offer.hs_code,
        origin_country=offer.origin_country, weight_g=offer.weight_g,
        lead_days=vendor.lead_time_days,
    ), line.quantity  # fmt: skip


def _by_vendor(lines: list[LineView], currency: str) -> tuple[VendorGroup, ...]:
    by_vendor: dict[int, list[LineView]] = {}
    for line in lines:
        by_vendor.setdefault(line.offer.vendor_id, []).append(line)
    known = vendors.vendors(list(by_vendor))
    return tuple(
        VendorGroup(
            known[vendor_id],
            tuple(members),
            total([line.total for line in members if line.total], currency),
        )
        for vendor_id, members in by_vendor.items()
    )
