"""Commands of a checkout: start, say where, choose how, pay once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from banking import api as bank
from insurance import api as cover
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.errors import NotFound
from kernel.ids import derived_id, new_id, public_ref
from kernel.money import Money
from marketplace.buyers import queries as buyers
from marketplace.cart import queries as carts
from marketplace.cart import service as cart_service
from marketplace.cart.errors import EmptyCart
from marketplace.checkout import parcels, queries, rules
from marketplace.checkout.errors import (
    CheckoutOver,
    CoverUnread,
    NoAddress,
    NotBuyable,
    NotOffered,
    QuoteEnded,
    ReservationEnded,
    TotalChanged,
    WalletTooSmall,
)
from marketplace.checkout.models import Checkout, CheckoutParcel
from marketplace.checkout.queries import CheckoutView, ParcelView
from marketplace.inventory import service as inventory
from marketplace.orders import service as orders
from marketplace.orders.service import GroupDraft, OrderDraft, order_ref
from marketplace.pricing.errors import PriceChanged
from marketplace.quoting import queries as quoting
from marketplace.quoting.queries import QuotedLine


@dataclass(frozen=True, slots=True)
class Choice:
    """A cover the buyer chose; it can be bought once its product information was read."""

    cover: str
    with_delay: bool
    is_read: bool = True


@command
def start(*, cart_id: UUID | None, locale: str, country: str, currency: str, actor: Actor) -> str:
    """Keep the cart's goods for half an hour and open a checkout; return its reference.

    Goods that cannot be bought as they stand stay in the cart and do not stop the others.
    A checkout of the same person that is still open is left, and its goods with it.
    Locks: stock levels. Raises: EmptyCart, NotBuyable, InsufficientStock.
    """
    assert actor.person_id is not None, "the permission lets people in only"
    cart_id = cart_service.adopt(cart_id=cart_id, actor=actor)
    cart = carts.cart_for(actor, cart_id, locale=locale, currency=currency)
    if cart.id is None or not cart.groups:
        raise EmptyCart
    _leave_others(actor)
    ready = [line for line in cart.lines if line.is_buyable]
    if not ready:
        raise NotBuyable
    key, until = new_id(), clock.now() + rules.KEPT
    inventory.reserve(
        key=key, lines=parcels.pieces(ready), cart_ref=str(cart.id), expires_at=until, actor=actor
    )
    checkout = Checkout(
        id=new_id(), ref=public_ref("C"), cart_id=cart.id, person_id=actor.person_id,
        state="open", currency=currency, country=country, locale=locale, address=None, aside=[],
        reservation_key=key, reserved_until=until, group_ref=None, started_at=clock.now(),
    )  # fmt: skip
    session().add(checkout)
    session().flush()
    return checkout.ref


@command
def send_to(
    *, ref: str, address_id: UUID, actor: Actor, wishes: Mapping[str, str] | None = None
) -> None:
    """Set one of the buyer's addresses and price every parcel that can go there.

    What changed in the cart since the start is kept anew: what is priced is what is kept. Ways and
    covers chosen for an earlier address stay chosen where they are still offered; covers wished
    for in the cart are taken down unread.
    Shape: wishes maps a vendor's id to a level of cover.
    Locks: the checkout, stock levels. Raises: CheckoutOver, ReservationEnded, NoSuchAddress,
    EmptyCart, NothingFits, InsufficientStock.
    """
    checkout = _open(ref, actor)
    address = buyers.address_for(actor, address_id)
    checkout.country = address.country
    checkout.address = {
        "name": address.name, "name_latin": address.name_latin, "lines": address.lines,
        "city": address.city, "region": address.region, "postcode": address.postcode,
        "country": address.country, "phone": address.phone, "tax_ref": address.tax_ref,
    }  # fmt: skip
    _price_again(checkout, actor, wishes or {})


@command
def choose(
    *, ref: str, options: Mapping[int, str], covers: Mapping[int, Choice], actor: Actor
) -> None:
    """Choose delivery and cover of each parcel and price it anew.

    Shape: both map vendor id to what was chosen; a vendor without a cover choice has none.
    Locks: the checkout. Raises: CheckoutOver, ReservationEnded, NoAddress, NotOffered.
    """
    checkout = _open(ref, actor)
    if checkout.address is None:
        raise NoAddress
    now = clock.now()
    if not _is_priced(parcels.rows_of(checkout), options, now):
        parcels.price(checkout, options, actor, or_cheapest=False)
    for parcel in parcels.rows_of(checkout):
        choice, before = covers.get(parcel.vendor_id), (parcel.cover, parcel.informed_at)
        parcel.cover, parcel.has_delay, parcel.informed_at = None, False, None
        if choice is not None:
            if not parcels.is_offered(parcel, choice.cover, with_delay=choice.with_delay):
                raise NotOffered
            parcel.cover, parcel.has_delay = choice.cover, choice.with_delay
            # An update that was sent before the tick may arrive after it.
            was_read = before[1] if before[0] == choice.cover else None
            parcel.informed_at = now if choice.is_read else was_read
    session().flush()


@command
def refresh(*, ref: str, actor: Actor) -> None:
    """Fetch new rates and fees for the choices as they are; cover stays chosen while offered.

    Locks: the checkout, stock levels. Raises: as send_to, and NoAddress.
    """
    checkout = _open(ref, actor)
    if checkout.address is None:
        raise NoAddress
    _price_again(checkout, actor, {})


def pay(*, ref: str, expected: Money, actor: Actor) -> str:
    """Pay, or bring the page up to date and say what changed; return the group's reference.

    Raises: QuoteEnded, PriceChanged, TotalChanged and what `place_order` raises.
    """
    try:
        return place_order(ref=ref, expected=expected, actor=actor)
    except (QuoteEnded, PriceChanged):
        refresh(ref=ref, actor=actor)
        raise


@command
def place_order(*, ref: str, expected: Money, actor: Actor) -> str:
    """Turn a checkout into a paid order in one commit; return the group's reference.

    Stock is allocated, money held per vendor order, cover bound, mails queued: all or nothing.
    Twice is once: a paid checkout answers with its group.
    Locks: the checkout, stock levels, the wallet, in this order. Events: OrderPlaced.
    Raises: CheckoutOver, ReservationEnded, TotalChanged, QuoteEnded, InsufficientFunds.
    """
    row = _locked(ref, actor)
    if row.group_ref is not None:
        return row.group_ref
    _check_open(row)
    checkout = queries.view_of(row)
    stale = queries.staleness(checkout)
    if stale is not None or not checkout.parcels:
        raise stale or QuoteEnded
    if checkout.total != expected:
        raise TotalChanged(old=expected, new=checkout.total)
    if checkout.has_unread_cover:
        raise CoverUnread
    wallet = queries.wallet_for(checkout)
    if wallet is None:
        raise WalletTooSmall(available=Money.zero(checkout.currency), missing=checkout.total)
    draft = _draft(checkout, wallet.id)
    for order in draft.orders:
        inventory.allocate(
            reservation_key=checkout.reservation_key, order_ref=order.ref, actor=actor,
            offer_ids=[line.offer_id for line in order.lines],
        )  # fmt: skip
    _move_money(row, checkout, draft, actor)
    orders.place(draft=draft, actor=actor)
    _bind(row, checkout, draft, actor)
    bought = {line.offer_id: line.quantity for order in draft.orders for line in order.lines}
    cart_service.take_out(cart_id=row.cart_id, pieces=bought, actor=actor)
    row.state, row.group_ref = "paid", draft.ref
    session().flush()
    return draft.ref


def _draft(checkout: CheckoutView, wallet_id: UUID) -> GroupDraft:
    group = public_ref("G")
    assert checkout.address is not None, "parcels are priced for an address"
    return GroupDraft(
        ref=group, checkout_ref=checkout.ref, person_id=checkout.person_id, wallet_id=wallet_id,
        country=checkout.country, locale=checkout.locale, address=checkout.address,
        premium=checkout.premium,
        orders=tuple(
            _order_draft(order_ref(group, number), parcel)
            for number, parcel in enumerate(checkout.parcels, start=1)
        ),
    )  # fmt: skip


def _order_draft(ref: str, parcel: ParcelView) -> OrderDraft:
    shop, parts = parcel.vendor, parcel.parts
    return OrderDraft(
        ref=ref, parcel_ref=parcel.parcel_ref, vendor_id=shop.id,
        organisation_id=shop.organisation_id,
        origin=shop.sender,
        amounts=orders.Amounts(
            goods=parts.goods, freight=parts.freight, duty=parts.duty, tax=parts.tax,
            fees=parts.fees,
        ),
        lines=tuple(_line_draft(line) for line in parcel.lines),
        rate_quote_id=parcel.rate_quote_id, customs_quote_id=parcel.customs_quote_id,
        insurance_quote_id=parcel.insurance_quote_id, cover=parcel.cover,
        delivery=quoting.option_data(parcel.option), steps=quoting.steps_data(parcel.steps),
        promised_on=parcel.promised_on,
    )  # fmt: skip


def _line_draft(line: QuotedLine) -> orders.LineDraft:
    values = {f.name: getattr(line, f.name) for f in fields(line) if f.name != "offer_version"}
    return orders.LineDraft(**values)


def _move_money(row: Checkout, checkout: CheckoutView, draft: GroupDraft, actor: Actor) -> None:
    shares = [
        bank.EscrowShare(
            order_ref=order.ref, amount=order.amounts.total, beneficiary_id=order.organisation_id
        )
        for order in draft.orders
    ]
    premiums = [
        leg
        for parcel in checkout.parcels
        if parcel.cover is not None
        for leg in cover.premium_legs(
            quote_id=_quote_id(parcel), cover=cover.Cover(parcel.cover),
            with_delay=parcel.has_delay,
        )
    ]  # fmt: skip
    bank.fund_escrow(
        key=derived_id(row.id, "payment"), payer_wallet_id=draft.wallet_id, shares=shares,
        extra_legs=premiums, subject=draft.ref, actor=actor,
    )  # fmt: skip


def _bind(row: Checkout, checkout: CheckoutView, draft: GroupDraft, actor: Actor) -> None:
    for parcel, order in zip(checkout.parcels, draft.orders, strict=True):
        if parcel.cover is None:
            continue
        cover.bind(
            quote_id=_quote_id(parcel), cover=cover.Cover(parcel.cover),
            with_delay=parcel.has_delay, policyholder_id=checkout.person_id,
            policyholder_wallet_id=draft.wallet_id, parcel_ref=parcel.parcel_ref,
            order_ref=order.ref, key=derived_id(row.id, f"cover:{parcel.parcel_ref}"),
            demands=cover.Demands(
                needs=(queries.NEED,), is_active_choice=True,
                product_information=cover.PRODUCT_INFORMATION_VERSION,
                product_information_opened_at=parcel.informed_at, locale=checkout.locale,
            ),
            actor=actor,
        )  # fmt: skip


def _quote_id(parcel: ParcelView) -> UUID:
    assert parcel.insurance_quote_id is not None, "a cover is chosen from a quote"
    return parcel.insurance_quote_id


def _leave_others(actor: Actor) -> None:
    others = session().execute(
        select(Checkout)
        .where(Checkout.person_id == actor.person_id, Checkout.state == "open")
        .order_by(Checkout.id)
        .with_for_update()
    )  # fmt: skip
    for other in others.scalars():
        other.state = "left"
        inventory.release_reservation(reservation_key=other.reservation_key, actor=actor)


def _locked(ref: str, actor: Actor) -> Checkout:
    found = session().execute(
        select(Checkout)
        .where(Checkout.ref == ref, Checkout.person_id == actor.person_id)
        .with_for_update()
    ).scalar_one_or_none()  # fmt: skip
    if found is None:
        raise NotFound
    return found


def _open(ref: str, actor: Actor) -> Checkout:
    row = _locked(ref, actor)
    _check_open(row)
    return row


def _check_open(row: Checkout) -> None:
    if row.state != "open":
        raise CheckoutOver
    if clock.now() >= row.reserved_until:
        raise ReservationEnded(until=row.reserved_until)


def _price_again(checkout: Checkout, actor: Actor, wishes: Mapping[str, str]) -> None:
    """Price for the address as it is now; ways and covers stay chosen where they are offered."""
    rows = parcels.rows_of(checkout)
    before = {p.vendor_id: (p.cover, p.has_delay, p.informed_at) for p in rows}
    ways = {p.vendor_id: p.option for p in rows}
    parcels.price(checkout, ways, actor, or_cheapest=True)
    for parcel in parcels.rows_of(checkout):
        wished = (wishes.get(str(parcel.vendor_id)), False, None)
        level, has_delay, informed_at = before.get(parcel.vendor_id, wished)
        if level is not None and parcels.is_offered(parcel, level, with_delay=has_delay):
            parcel.cover, parcel.has_delay, parcel.informed_at = level, has_delay, informed_at
    session().flush()


def _is_priced(rows: Sequence[CheckoutParcel], options: Mapping[int, str], now: datetime) -> bool:
    """Whether the parcels are priced for these ways already, and the prices still hold."""
    return bool(rows) and all(
        options.get(row.vendor_id) == row.option and now < row.valid_until for row in rows
    )
