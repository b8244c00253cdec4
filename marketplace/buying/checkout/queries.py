"""Reads of a checkout: what its pages show, and whether that still holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from banking import api as bank
from insurance import api as cover
from kernel import clock
from kernel.actor import Actor
from kernel.db import reading, session
from kernel.errors import HouseError, NotFound
from kernel.money import Money, total
from kernel.text import N_, Message
from marketplace.borders.duties import queries as duties
from marketplace.buying.buyers import queries as buyers
from marketplace.buying.checkout.errors import QuoteEnded, ReservationEnded
from marketplace.buying.checkout.models import Checkout, CheckoutAttempt, CheckoutParcel
from marketplace.catalogue.vendors import queries as vendors
from marketplace.catalogue.vendors.queries import VendorView
from marketplace.landed.pricing import queries as pricing
from marketplace.landed.pricing.errors import PriceChanged
from marketplace.landed.quoting import queries as quoting
from marketplace.landed.quoting.queries import OptionView, Parts, QuotedLine, Step

# What a buyer of cover ticks; kept with the policy as the statement of demands and needs.
NEED = N_("I want these items covered on their way to me, and I've read what isn't covered.")


@dataclass(frozen=True, slots=True)
class Paper:
    """The product information of an insurer, and the levels of cover that it is about."""

    insurer_key: str
    insurer: str
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ParcelView:
    """One vendor's parcel in a checkout.

    Shape: levels are the covers on offer, narrow to wide; cover is the chosen level, None for no
    cover; premium is what the choice costs; informed_at and opened as the models keep them.
    """

    vendor: VendorView
    crosses_border: bool
    parcel_ref: str
    lines: tuple[QuotedLine, ...]
    options: tuple[OptionView, ...]
    option: OptionView
    steps: tuple[Step, ...]
    parts: Parts
    levels: tuple[cover.LevelView, ...]
    rider: cover.RiderView | None
    cover: str | None
    has_delay: bool
    premium: Money
    informed_at: datetime | None
    opened: Mapping[str, str] | None
    customs_quote_id: UUID
    insurance_quote_id: UUID | None
    rate_quote_id: UUID | None
    promised_on: date
    valid_until: datetime

    @property
    def papers(self) -> list[Paper]:
        """What has to be opened before one of the levels is bought, one of each insurer."""
        names = {level.insurer_key: level.insurer for level in self.levels}
        return [
            Paper(
                key,
                name,
                tuple(level.cover.value for level in self.levels if level.insurer_key == key),
            )
            for key, name in names.items()
        ]

    def opened_at(self, insurer_key: str, language: str = "") -> datetime | None:
        """When the product information of an insurer was opened, in one language or in any.

        Of a checkout of before that was kept it is when its buyer stated to have read it.
        """
        if self.opened is None:
            return self.informed_at
        return cover.information_opened_at(self.opened, insurer_key=insurer_key, language=language)

    def is_unread(self, language: str = "") -> bool:
        """Whether a cover is chosen that was not asked for in words, or not opened before."""
        if self.cover is None:
            return False
        return self.informed_at is None or self.opened_at(self.insurer_key, language) is None

    @property
    def insurer_key(self) -> str:
        """Who sells the chosen cover."""
        return next(level.insurer_key for level in self.levels if level.cover.value == self.cover)

    @property
    def total(self) -> Money:
        """What this parcel costs with its cover."""
        return self.parts.total + self.premium

    def of(self, *kinds: str) -> list[Step]:
        """Return the landed-cost lines of some kinds that cost something."""
        return [step for step in self.steps if step.kind in kinds and step.amount]


@dataclass(frozen=True, slots=True)
class AsideView:
    """Goods that stay in the cart, and why. Units: quantity in pieces."""

    titles: dict[str, str]
    options: dict[str, str]
    picture: str | None
    quantity: int
    reason: Message


@dataclass(frozen=True, slots=True)
class CheckoutView:
    """A checkout as its pages show it.

    Shape: parcels are empty until there is an address; aside is what cannot go to it;
    business_name is None for who buys for themselves, empty while a business has not been named.
    """

    ref: str
    person_id: UUID
    state: str
    currency: str
    country: str
    locale: str
    address: dict[str, Any] | None
    business_name: str | None
    reservation_key: UUID
    reserved_until: datetime
    group_ref: str | None
    parcels: tuple[ParcelView, ...]
    aside: tuple[AsideView, ...]

    @property
    def seconds_left(self) -> int:
        """The whole seconds for which the goods are still kept, 0 when that is over."""
        return max(0, int((self.reserved_until - clock.now()).total_seconds()))

    def has_unread_cover(self, language: str = "") -> bool:
        """Whether a cover is chosen that was not read in a language, or in any."""
        return any(parcel.is_unread(language) for parcel in self.parcels)

    @property
    def goods(self) -> Money:
        """All goods."""
        return total([parcel.parts.goods for parcel in self.parcels], self.currency)

    @property
    def premium(self) -> Money:
        """All cover, its tax included."""
        return total([parcel.premium for parcel in self.parcels], self.currency)

    @property
    def total(self) -> Money:
        """What is paid, to the minor unit."""
        return total([parcel.total for parcel in self.parcels], self.currency)


def checkout_for(actor: Actor, ref: str) -> CheckoutView:
    """Return the actor's own checkout. Raises: NotFound."""
    query = (
        select(Checkout, CheckoutParcel)
        .outerjoin(CheckoutParcel, CheckoutParcel.checkout_id == Checkout.id)
        .where(Checkout.ref == ref, Checkout.person_id == actor.person_id)
        .order_by(CheckoutParcel.position)
    )
    with reading() as current:
        found = current.execute(query).all()
        if not found:
            raise NotFound
        row = found[0].Checkout
        rows = [pair.CheckoutParcel for pair in found if pair.CheckoutParcel is not None]
        return seen_as(row, rows, row)


@dataclass(frozen=True, slots=True)
class Outline:
    """What a checkout's forms are read by."""

    currency: str
    vendor_ids: tuple[int, ...]


_OUTLINE = text("""
    SELECT c.currency, p.vendor_id
    FROM marketplace.checkout c
    LEFT JOIN marketplace.checkout_parcel p ON p.checkout_id = c.id
    WHERE c.ref = :ref AND c.person_id = :person_id
    ORDER BY p.position
    """)


def outline_of(actor: Actor, ref: str) -> Outline:
    """Return the outline of the actor's own checkout, in one statement. Raises: NotFound."""
    with reading() as current:
        rows = current.execute(_OUTLINE, {"ref": ref, "person_id": actor.person_id}).all()
    if not rows:
        raise NotFound
    return Outline(rows[0].currency, tuple(row.vendor_id for row in rows if row.vendor_id))


def view_of(row: Checkout) -> CheckoutView:
    """Return the view of a checkout row with its parcels."""
    query = select(CheckoutParcel).where(CheckoutParcel.checkout_id == row.id)
    with reading() as current:
        rows = list(current.execute(query.order_by(CheckoutParcel.position)).scalars())
        return seen_as(row, rows, row)


def seen_as(
    row: Checkout, rows: Sequence[CheckoutParcel], told: Checkout | CheckoutAttempt
) -> CheckoutView:
    """Return the view of a checkout with these parcels, also earlier ones.

    Where they go and who buys is as the checkout says now, or as a try to pay it was told.
    """
    address = told.address
    country = address["country"] if address else row.country
    with reading():
        shops = vendors.vendors([parcel.vendor_id for parcel in rows])
        parcels = tuple(_parcel(row, p, shops[p.vendor_id], country) for p in rows)
    return CheckoutView(
        row.ref,
        row.person_id,
        row.state,
        row.currency,
        country,
        row.locale,
        address,
        told.business_name,
        row.reservation_key,
        row.reserved_until,
        row.group_ref,
        parcels,
        tuple(_aside(line) for line in row.aside),
    )


def staleness(checkout: CheckoutView) -> HouseError | None:
    """Return why the page must be looked at again before paying, None when it still holds."""
    now = clock.now()
    if now >= checkout.reserved_until:
        return ReservationEnded(until=checkout.reserved_until)
    if any(now >= parcel.valid_until for parcel in checkout.parcels):
        return QuoteEnded()
    return changed_price(checkout)


def wallet_for(checkout: CheckoutView) -> bank.WalletView | None:
    """Return the wallet the checkout is paid from, None while the buyer has none."""
    return bank.wallet_for(owner_id=checkout.person_id, currency=checkout.currency)


def available_for(checkout: CheckoutView) -> Money:
    """Return what that wallet may spend, nothing without one."""
    wallet = wallet_for(checkout)
    return wallet.available if wallet else Money.zero(checkout.currency)


def changed_price(checkout: CheckoutView) -> HouseError | None:
    """Return what of the goods has another price by now, or none; None while all holds."""
    lines = [line for parcel in checkout.parcels for line in parcel.lines]
    today = pricing.offer_lines(
        [line.offer_id for line in lines], locale=checkout.locale, currency=checkout.currency
    )
    for line in lines:
        offer = today.get(line.offer_id)
        if offer is None or not offer.is_for_sale or offer.price is None:
            return QuoteEnded()
        if offer.version != line.offer_version and offer.price.money != line.unit:
            return PriceChanged(old=line.unit, new=offer.price.money)
    return None


def _aside(row: dict[str, Any]) -> AsideView:
    return AsideView(**row | {"reason": quoting.message_from(row["reason"])})


def _parcel(
    checkout: Checkout, row: CheckoutParcel, vendor: VendorView, country: str
) -> ParcelView:
    steps, currency = tuple(quoting.steps_from(row.steps)), checkout.currency
    quote_id = row.insurance_quote_id
    quote = cover.quote_of(quote_id=quote_id) if quote_id else None
    premium = Money.zero(currency)
    if quote_id is not None and row.cover is not None:
        dues = cover.premium_credits(
            quote_id=quote_id, cover=cover.Cover(row.cover), with_delay=row.has_delay
        )
        premium = total([due.amount for due in dues], currency)
    return ParcelView(
        vendor=vendor,
        parcel_ref=row.parcel_ref,
        crosses_border=duties.needs_declaration(
            dispatch_country=vendor.country, destination_country=country
        ),
        lines=tuple(quoting.line_from(line) for line in row.lines),
        options=tuple(quoting.option_from(option) for option in row.options),
        option=quoting.option_from(next(o for o in row.options if o["code"] == row.option)),
        steps=steps,
        parts=quoting.parts(steps, currency),
        levels=tuple(level for level in quote.levels if level.is_offered) if quote else (),
        rider=quote.rider if quote else None,
        cover=row.cover,
        has_delay=row.has_delay,
        premium=premium,
        informed_at=row.informed_at,
        opened=checkout.opened,
        customs_quote_id=row.customs_quote_id,
        insurance_quote_id=row.insurance_quote_id,
        rate_quote_id=row.rate_quote_id,
        promised_on=row.promised_on,
        valid_until=row.valid_until,
    )


def address_to(actor: Actor, country: str) -> UUID | None:
    """Return the actor's first address in a country, None where there is none."""
    if not actor.is_signed_in:
        return None  # a guest may want to write down another mail address first
    found = (address.id for address in buyers.addresses_of(actor) if address.country == country)
    return next(found, None)


def order_of(actor: Actor, ref: str) -> str:
    """Return the reference of the orders that the actor's checkout became, or nothing.

    Raises: NotFound.
    """
    query = select(Checkout.group_ref).where(
        Checkout.ref == ref, Checkout.person_id == actor.person_id
    )
    found = session().execute(query).one_or_none()
    if found is None:
        raise NotFound
    return found.group_ref or ""
