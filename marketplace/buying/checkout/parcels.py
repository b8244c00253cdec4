"""Prices what of a cart can travel, parcel by parcel, and sets the rest apart with its reason."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, select, text

from insurance import api as cover
from kernel.actor import Actor
from kernel.db import session
from kernel.errors import RuleBroken
from kernel.statements import read_sql
from kernel.text import N_, Message
from marketplace.buying.cart import queries as carts
from marketplace.buying.cart.errors import EmptyCart
from marketplace.buying.cart.queries import CartView, LineView, VendorGroup
from marketplace.buying.checkout.errors import NothingFits
from marketplace.buying.checkout.models import Checkout, CheckoutParcel
from marketplace.catalogue.inventory import service as inventory
from marketplace.catalogue.inventory.service import StockLine
from marketplace.landed.previews.queries import Destination
from marketplace.landed.pricing import queries as pricing
from marketplace.landed.quoting import queries as quoting
from marketplace.landed.quoting import service as quoting_service
from marketplace.landed.quoting.queries import QuotedLine
from marketplace.landed.quoting.service import Buyer

UNDESCRIBED = N_("The seller hasn't given customs details for this item yet.")

_BEGIN = text(read_sql(__file__, "begin"))
_BEGUN = (
    "id",
    "ref",
    "cart_id",
    "person_id",
    "currency",
    "country",
    "locale",
    "business_name",
    "reservation_key",
    "reserved_until",
    "started_at",
)
_PARCELS = (
    select(CheckoutParcel)
    .where(CheckoutParcel.checkout_id == bindparam("checkout_id"))
    .order_by(CheckoutParcel.position)
)

# A line that no parcel takes, and why.
ExcludedLine = tuple[LineView, Message]


def price(
    checkout: Checkout, options: Mapping[int, str], actor: Actor, *, or_cheapest: bool
) -> list[CheckoutParcel]:
    """Price every parcel of the cart for the checkout's address, keeping its references.

    Goods that cannot go there as they stand are set apart and stay in the cart; the others are
    kept, priced and returned. or_cheapest takes the cheapest way where the one wished for is not
    offered.
    Raises: EmptyCart, NothingFits, InsufficientStock, DeliveryNotOffered.
    """
    cart = carts.cart_for(
        actor,
        checkout.cart_id,
        locale=checkout.locale,
        currency=checkout.currency,
        is_alone=True,
    )
    if not cart.groups:
        raise EmptyCart
    refs = {parcel.vendor_id: parcel.parcel_ref for parcel in rows_of(checkout)}
    rows, sent = _quoted(checkout, cart, refs, options, actor, or_cheapest=or_cheapest)
    inventory.change_reservation(key=checkout.reservation_key, lines=sent, actor=actor)
    session().execute(delete(CheckoutParcel).where(CheckoutParcel.checkout_id == checkout.id))
    session().add_all(rows)
    session().flush()
    return rows


def price_first(checkout: Checkout, cart: CartView, actor: Actor) -> list[CheckoutParcel]:
    """Price a checkout that begins, by the cart whose goods were kept for it a moment ago.

    Goods are set apart as by `price`; the caller writes the checkout and the parcels returned.
    Raises: NothingFits.
    """
    rows, sent = _quoted(checkout, cart, {}, {}, actor, or_cheapest=True)
    if sent != ready_pieces(cart):
        inventory.change_reservation(key=checkout.reservation_key, lines=sent, actor=actor)
    return rows


def write_first(checkout: Checkout, rows: Sequence[CheckoutParcel]) -> None:
    """Write a checkout that begins and its parcels, which nobody has seen yet, in one statement."""
    held = {name: getattr(checkout, name) for name in _BEGUN}
    told = {"address": checkout.address, "aside": checkout.aside, "parcels": shown(rows)}
    plain = {name: json.dumps(value, ensure_ascii=False) for name, value in told.items()}
    session().execute(_BEGIN, held | plain)


def rows_of(checkout: Checkout) -> list[CheckoutParcel]:
    """Return the parcels of a checkout in their order."""
    return list(session().scalars(_PARCELS, {"checkout_id": checkout.id}))


_SHOWN = (
    "vendor_id",
    "position",
    "parcel_ref",
    "lines",
    "options",
    "option",
    "cover",
    "has_delay",
    "informed_at",
    "steps",
    "customs_quote_id",
    "insurance_quote_id",
    "rate_quote_id",
    "promised_on",
    "valid_until",
)


def shown(rows: Sequence[CheckoutParcel]) -> list[dict[str, Any]]:
    """Return parcels in plain values, so that exactly these can be placed later."""
    return [{name: _plain(getattr(row, name)) for name in _SHOWN} for row in rows]


def as_shown(checkout_id: UUID, kept: Sequence[Mapping[str, Any]]) -> list[CheckoutParcel]:
    """Return parcels as they were shown; they are not stored."""
    return [
        CheckoutParcel(checkout_id=checkout_id, **{name: _read(name, row[name]) for name in _SHOWN})
        for row in kept
    ]


def _plain(value: object) -> object:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _read(name: str, value: Any) -> object:  # noqa: ANN401 - as JSON brings it
    if value is None:
        return None
    if name.endswith("_quote_id"):
        return UUID(value)
    if name in {"informed_at", "valid_until"}:
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if name == "promised_on" else value


def kept_pieces(rows: Sequence[CheckoutParcel]) -> list[StockLine]:
    """Return what stock must keep for parcels that were priced."""
    return [
        StockLine(line["offer_id"], line["quantity"]) for parcel in rows for line in parcel.lines
    ]


def ready_pieces(cart: CartView) -> list[StockLine]:
    """Return what of a cart can be bought as it stands, which is kept before there is a price."""
    return _pieces([line for line in cart.lines if line.is_buyable])


def _pieces(lines: Sequence[LineView]) -> list[StockLine]:
    return [StockLine(line.offer.offer_id, line.quantity) for line in lines]


def is_offered(parcel: CheckoutParcel, level: str, *, with_delay: bool) -> bool:
    """Whether a cover can be had for a parcel as it is priced."""
    if parcel.insurance_quote_id is None:
        return False
    quote = cover.quote_of(quote_id=parcel.insurance_quote_id)
    offered = {view.cover.value for view in quote.levels if view.is_offered}
    return level in offered and not (with_delay and quote.rider is None)


def _quoted(
    checkout: Checkout,
    cart: CartView,
    refs: Mapping[int, str],
    options: Mapping[int, str],
    actor: Actor,
    *,
    or_cheapest: bool,
) -> tuple[list[CheckoutParcel], list[StockLine]]:
    """Return the parcels and what stock must keep for them, and set the rest apart."""
    parcels: list[CheckoutParcel] = []
    sent: list[StockLine] = []
    aside: list[ExcludedLine] = []
    for group in cart.groups:
        fit, left = _fitting(group, checkout)
        aside += left
        if not fit:
            continue
        try:
            quote = quoting_service.quote_parcel(
                parcel_ref=refs.get(group.vendor.id),
                vendor=group.vendor,
                lines=[_line(line) for line in fit],
                address=checkout.address or {},
                option_code=options.get(group.vendor.id),
                or_cheapest=or_cheapest,
                buyer=Buyer(checkout.person_id, is_for_business=checkout.business_name is not None),
                actor=actor,
            )
        except quoting_service.DeliveryNotOffered:
            raise
        except RuleBroken as refused:
            # This parcel cannot go to this very address, or not to this buyer; the others can.
            aside += [(line, refused.sentence) for line in fit]
            continue
        parcels.append(_row(checkout, group, fit, quote, len(parcels)))
        sent += _pieces(fit)
    if not parcels:
        raise NothingFits(reason=aside[0][1])
    checkout.aside = [_aside_data(line, reason) for line, reason in aside]
    return parcels, sent


def _fitting(
    group: VendorGroup, checkout: Checkout
) -> tuple[tuple[LineView, ...], list[ExcludedLine]]:
    to = Destination(checkout.country, checkout.currency)
    fit, left = carts.parted(group, to)
    described = tuple(line for line in fit if _is_described(line))
    return described, [
        *left,
        *[(line, Message(UNDESCRIBED)) for line in fit if line not in described],
    ]


def _is_described(line: LineView) -> bool:
    """Whether papers can be written for these goods and their seller be paid for them."""
    offer = line.offer
    facts = offer.hs_code and offer.origin_country and offer.weight_g
    return bool(facts and pricing.owed(offer.home_price))


def _row(
    checkout: Checkout,
    group: VendorGroup,
    fit: Sequence[LineView],
    quote: quoting_service.ParcelQuote,
    position: int,
) -> CheckoutParcel:
    return CheckoutParcel(
        checkout_id=checkout.id,
        vendor_id=group.vendor.id,
        position=position,
        parcel_ref=quote.parcel_ref,
        lines=[quoting.line_data(_line(line)) for line in fit],
        options=[quoting.option_data(option) for option in quote.options],
        option=quote.option.code,
        cover=None,
        has_delay=False,
        informed_at=None,
        steps=quoting.steps_data(quote.steps),
        customs_quote_id=quote.customs_quote_id,
        insurance_quote_id=quote.insurance_quote_id,
        rate_quote_id=quote.rate_quote_id,
        promised_on=quote.option.max_on,
        valid_until=quote.valid_until,
    )


def _line(line: LineView) -> QuotedLine:
    offer, owed = line.offer, pricing.owed(line.offer.home_price)
    assert offer.price is not None, "a line without a price is set apart"
    assert offer.hs_code is not None, "goods not described are set apart"
    assert offer.origin_country is not None, "goods not described are set apart"
    assert offer.weight_g is not None, "goods not described are set apart"
    assert owed is not None, "goods whose seller cannot be paid are set apart"
    return QuotedLine(
        offer_id=offer.offer_id,
        offer_version=offer.version,
        product_ref=offer.product_ref,
        sku=offer.sku,
        titles=dict(offer.titles),
        options=dict(offer.options),
        picture=offer.picture,
        quantity=line.quantity,
        unit=offer.price.money,
        vendor_unit=owed,
        hs_code=offer.hs_code,
        origin_country=offer.origin_country,
        weight_g=offer.weight_g,
        hazards=list(offer.hazards),
    )


def _aside_data(line: LineView, reason: Message) -> dict[str, Any]:
    offer = line.offer
    return {
        "titles": dict(offer.titles),
        "options": dict(offer.options),
        "quantity": line.quantity,
        "picture": offer.picture,
        "reason": quoting.message_data(reason),
    }
