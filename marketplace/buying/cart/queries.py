"""Reads of carts: lines by vendor, priced now and at the door, with what changed since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from kernel.actor import Actor
from kernel.db import reading
from kernel.money import Money, total
from kernel.text import N_, NP_, Message
from kernel.web.preferences import Preferences
from marketplace.catalogue.vendors import queries as vendors
from marketplace.catalogue.vendors.queries import VendorView
from marketplace.landed.previews import queries as previews
from marketplace.landed.previews.queries import (
    CoverPrice,
    Destination,
    LandedCostLine,
    Piece,
    Preview,
    ThresholdNotice,
)
from marketplace.landed.pricing import queries as pricing
from marketplace.landed.pricing.queries import OfferLine

GONE = N_("No longer for sale. Please remove it.")
SHORT = NP_("Only %(free)d left.", "Only %(free)d left.", by="free")
SOLD_OUT = N_("Sold out at the moment.")
NO_PRICE = N_("There is no price in your currency today. Please choose another currency.")

# A person's own cart, and one that this browser filled before anybody signed in: nobody's yet.
# Alone is the one that is named: what is bought at once leaves the person's own as it is.
_CARTS = """
    SELECT id, person_id FROM marketplace.cart WHERE (id = :cart_id OR NOT CAST(:is_alone AS bool))
    AND (person_id = :person_id OR (id = :cart_id AND person_id IS NULL))
"""
# Both carts as the next command will join them. What an open checkout of them keeps is not missing.
_LINES = text(
    f"""
    WITH carts AS ({_CARTS})
    SELECT (SELECT id FROM carts ORDER BY person_id LIMIT 1) AS id, l.offer_id,
        max(l.quantity) AS quantity, bool_and(l.is_saved) AS is_saved, min(l.added_at) AS added_at,
        (array_agg(l.seen_minor ORDER BY c.person_id))[1] AS seen_minor,
        (array_agg(l.seen_currency ORDER BY c.person_id))[1] AS seen_currency,
        bool_or(c.person_id IS NULL) AND CAST(:person_id AS uuid) IS NOT NULL AS is_brought,
        (SELECT coalesce(sum(k.quantity), 0) FROM marketplace.stock_reservation r
         JOIN marketplace.stock_reservation_line k
           ON k.reservation_id = r.id AND k.offer_id = l.offer_id AND k.state = 'reserved'
         WHERE r.is_open AND r.cart_ref IN (SELECT CAST(id AS text) FROM carts)) AS kept
    FROM carts c LEFT JOIN marketplace.cart_line l ON l.cart_id = c.id
    GROUP BY l.offer_id ORDER BY min(l.added_at), l.offer_id
    """  # noqa: S608 - our own text
)
_FOUND = text(f"{_CARTS} ORDER BY person_id NULLS FIRST LIMIT 1")
_COUNT = text(
    """
    SELECT coalesce(sum(pieces), 0) FROM (
        SELECT max(l.quantity) AS pieces FROM marketplace.cart c
        JOIN marketplace.cart_line l ON l.cart_id = c.id
        WHERE c.person_id = :person_id OR (c.id = :cart_id AND c.person_id IS NULL)
        GROUP BY l.offer_id HAVING NOT bool_and(l.is_saved)
    ) AS wanted
    """
)


@dataclass(frozen=True, slots=True)
class LineView:
    """Goods in a cart.

    Units: quantity and kept in pieces; unit and seen per piece. Shape: unit is None when the price
    cannot be reached in this currency; kept is what a checkout of this cart holds back already.
    """

    offer: OfferLine
    quantity: int
    seen: Money
    kept: int = 0

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
    def left(self) -> int:
        """How many pieces this cart can have."""
        return self.offer.available + self.kept

    @property
    def is_short(self) -> bool:
        """Whether fewer pieces are there than wanted."""
        return self.left < self.quantity

    @property
    def may_take_fewer(self) -> bool:
        """Whether some pieces can be bought, only fewer than wanted."""
        return self.offer.is_for_sale and 0 < self.left < self.quantity

    @property
    def obstacle(self) -> Message | None:
        """Why this line cannot be bought as it stands, None when it can."""
        if not self.offer.is_for_sale:
            return Message(GONE)
        if self.is_short:
            return Message(SHORT, {"free": self.left}) if self.left else Message(SOLD_OUT)
        return None if self.unit else Message(NO_PRICE)

    @property
    def is_buyable(self) -> bool:
        """Whether this line can be paid for as it stands."""
        return self.obstacle is None


@dataclass(frozen=True, slots=True)
class VendorGroup:
    """The lines of one vendor: one parcel."""

    vendor: VendorView
    lines: tuple[LineView, ...]
    subtotal: Money


@dataclass(frozen=True, slots=True)
class CartView:
    """A cart as its page shows it.

    Shape: groups sorted by when their first line was added; saved are lines put by for later,
    which nothing counts, keeps or sends; brought is how many pieces this browser's cart adds to the
    one of the account just signed in to.
    """

    id: UUID | None
    groups: tuple[VendorGroup, ...]
    goods: Money
    saved: tuple[LineView, ...] = ()
    brought: int = 0

    @property
    def count(self) -> int:
        """How many pieces there are."""
        return sum(line.quantity for group in self.groups for line in group.lines)

    @property
    def lines(self) -> list[LineView]:
        """Every line, group by group."""
        return [line for group in self.groups for line in group.lines]


@dataclass(frozen=True, slots=True)
class ParcelView:
    """A vendor's lines that can be sent together, with their price at the door.

    Shape: levels are the covers on offer, narrow to wide; level is the one wished for, empty for
    none; seen is never a refusal; threshold_notice is the limit at the border that some more goods
    would pass.
    """

    vendor: VendorView
    lines: tuple[LineView, ...]
    seen: Preview
    levels: tuple[CoverPrice, ...]
    level: str
    threshold_notice: ThresholdNotice | None

    @property
    def goods(self) -> Money:
        """The goods of this parcel."""
        amounts = [line.total for line in self.lines if line.total]
        return total(amounts, amounts[0].currency)

    @property
    def premium(self) -> Money | None:
        """What the wished cover costs, None for none."""
        return self.chosen.premium if self.chosen else None

    @property
    def chosen(self) -> CoverPrice | None:
        """The cover wished for, None for none."""
        return next((c for c in self.levels if c.level == self.level), None)

    @property
    def crosses_border(self) -> bool:
        """Whether a customs border lies between."""
        return self.seen.crosses_border

    def of(self, *kinds: str) -> list[LandedCostLine]:
        """Return the landed-cost steps of some kinds that cost something."""
        return [step for step in self.seen.steps if step.kind in kinds and step.amount]


@dataclass(frozen=True, slots=True)
class CartPage:
    """A cart as its page shows it.

    Shape: aside are lines that cannot go there as they stand, each with its reason; elsewhere is
    about what the total is in other currencies that the visitor can pay in, at the middle rate;
    is_for_business is what they said at a checkout that is not paid yet.
    """

    cart: CartView
    parcels: tuple[ParcelView, ...]
    aside: tuple[tuple[LineView, Message], ...]
    currency: str
    is_for_business: bool
    elsewhere: tuple[Money, ...] = ()

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
    """Return the id of a cart this visitor may use.

    One of the browser's that is nobody's yet goes first: the command given it joins it with the
    person's own.
    """
    if cart_id is None and actor.person_id is None:
        return None
    with reading() as current:
        result = current.execute(
            _FOUND, {"cart_id": cart_id, "person_id": actor.person_id, "is_alone": False}
        )
        return result.scalar_one_or_none()


def count(actor: Actor, cart_id: UUID | None = None) -> int:
    """Return how many pieces the actor's cart holds with what a visitor's would bring to it."""
    carts = {"person_id": actor.person_id, "cart_id": cart_id}
    with reading() as current:
        return int(current.execute(_COUNT, carts).scalar_one())


def cart_for(
    actor: Actor, cart_id: UUID | None, *, locale: str, currency: str, is_alone: bool = False
) -> CartView:
    """Return the visitor's cart, an empty one when there is none. Three statements at most.

    One read alone comes without what the person has in a cart beside it.
    """
    if cart_id is None and actor.person_id is None:
        return CartView(None, (), Money.zero(currency))
    with reading() as current:
        cart_rows = current.execute(
            _LINES, {"cart_id": cart_id, "person_id": actor.person_id, "is_alone": is_alone}
        ).all()
        rows = [row for row in cart_rows if row.offer_id is not None]
        offers = pricing.offer_lines([r.offer_id for r in rows], locale=locale, currency=currency)
        lines: dict[bool, list[LineView]] = {False: [], True: []}
        for r in rows:
            if r.offer_id in offers:
                seen = Money(r.seen_minor, r.seen_currency)
                lines[r.is_saved].append(LineView(offers[r.offer_id], r.quantity, seen, r.kept))
        groups = _by_vendor(lines[False], currency)
    goods = total([group.subtotal for group in groups], currency)
    brought = sum(row.quantity for row in rows if row.is_brought and not row.is_saved)
    return CartView(
        cart_rows[0].id if cart_rows else None, groups, goods, tuple(lines[True]), brought
    )


def cart_page(
    cart: CartView, prefs: Preferences, wishes: Mapping[str, str], *, is_for_business: bool
) -> CartPage:
    """Return the cart with every parcel's price at the door. No statement of its own.

    Shape: wishes maps vendor id to the cover that was wished for.
    """
    to = Destination(prefs.country, prefs.currency)
    parcels: list[ParcelView] = []
    aside: list[tuple[LineView, Message]] = []
    for group in cart.groups:
        fit, seen, left = _parted(group, to)
        aside += left
        if seen is not None:
            wish = wishes.get(str(group.vendor.id), "")
            pieces = [_piece(line, group.vendor, to) for line in fit]
            levels = previews.cover_prices(pieces, to, seen, is_for_business=is_for_business)
            parcels.append(
                ParcelView(
                    group.vendor,
                    fit,
                    seen,
                    levels,
                    wish if wish in {choice.level for choice in levels} else "",
                    previews.threshold_notice(pieces, to, seen),
                )
            )
    return CartPage(cart, tuple(parcels), tuple(aside), prefs.currency, is_for_business)


def also_in(page: CartPage, currencies: Sequence[str]) -> tuple[Money, ...]:
    """Return about what a cart costs in other currencies; those without a rate are left out."""
    others = [currency for currency in dict.fromkeys(currencies) if currency != page.currency]
    turned = [pricing.turned(page.total, currency) for currency in others]
    return tuple(amount for amount in turned if amount)


def parted(
    group: VendorGroup, to: Destination
) -> tuple[tuple[LineView, ...], list[tuple[LineView, Message]]]:
    """Return the lines that can travel in one parcel, and the others each with its reason.

    A border may refuse goods together that it lets in apart: whoever was first in the cart goes.
    """
    fit, _, aside = _parted(group, to)
    return fit, aside


def _parted(
    group: VendorGroup, to: Destination
) -> tuple[tuple[LineView, ...], Preview | None, list[tuple[LineView, Message]]]:
    """Return what `parted` does, between both what the parcel costs, None without one."""
    ready = tuple(line for line in group.lines if line.is_buyable)
    aside = [(line, line.obstacle) for line in group.lines if line.obstacle is not None]
    if not ready:
        return (), None, aside
    together = _seen(ready, group.vendor, to)
    if together.refusal is None:
        return ready, together, aside
    fit: tuple[LineView, ...] = ()
    fitting = None
    for line in ready:
        seen = _seen((*fit, line), group.vendor, to)
        if seen.refusal is None:
            fit, fitting = (*fit, line), seen
        else:
            aside.append((line, seen.refusal))
    return fit, fitting, aside


def _seen(lines: Sequence[LineView], vendor: VendorView, to: Destination) -> Preview:
    return previews.parcel_preview([_piece(line, vendor, to) for line in lines], to)


def _piece(line: LineView, vendor: VendorView, to: Destination) -> tuple[Piece, int]:
    assert line.unit is not None, "only lines with a price are asked for"
    offer = line.offer
    return Piece(
        key=(offer.offer_id, offer.version),
        title=offer.title,
        price=line.unit,
        dispatch_country=vendor.country,
        hs_code=offer.hs_code,
        origin_country=offer.origin_country,
        weight_g=offer.weight_g,
        hazards=offer.hazards,
        lead_days=vendor.lead_time_days,
        is_sent=vendor.sends(to.country),
        is_answered=previews.is_answered(is_named=offer.is_named, vendor=vendor),
    ), line.quantity


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
