"""Commands of offers: offer a variant, change price, lead time or status."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, delete, select, text, update
from sqlalchemy.dialects.postgresql import insert

from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.money import Money
from marketplace.catalogue.offers.errors import AlreadyOffered, NoSuchOffer, OfferChangedMeanwhile
from marketplace.catalogue.offers.events import OfferChanged
from marketplace.catalogue.offers.models import Offer, OwnPrice, PriceRecord
from marketplace.catalogue.offers.rules import WINDOW, PastPrice, proven, struck_price

# What other rooms read of this one's rules.
__all__ = ["WINDOW", "PastPrice", "proven", "struck_price"]

_PRODUCT = text("SELECT product_id FROM marketplace.variant WHERE id = :variant_id")
_LOCK = text(
    """
    SELECT o.id, o.vendor_id, o.price_minor, o.currency, o.version, v.product_id
    FROM marketplace.offer o JOIN marketplace.variant v ON v.id = o.variant_id
    WHERE o.id = :id AND o.vendor_id = :vendor_id FOR UPDATE OF o
    """
)


@command("marketplace.offers.offer_variant")
def offer_variant(
    *, vendor_id: int, variant_id: int, price: Money, lead_time_days: int, actor: Actor
) -> int:
    """Put a variant on sale at the vendor's home price; return the offer's id.

    Events: OfferChanged. Raises: AlreadyOffered.
    """
    offer_id: int | None = (
        session()
        .execute(
            insert(Offer)
            .values(
                vendor_id=vendor_id,
                variant_id=variant_id,
                price_minor=price.minor,
                currency=price.currency,
                lead_time_days=lead_time_days,
                status="listed",
                changed_at=clock.now(),
            )
            .on_conflict_do_nothing()
            .returning(Offer.id)
        )
        .scalar_one_or_none()
    )
    if offer_id is None:
        raise AlreadyOffered
    _record(offer_id, price)
    product_id = session().execute(_PRODUCT, {"variant_id": variant_id}).scalar_one()
    publish(OfferChanged(offer_id=offer_id, product_id=product_id, version=1))
    return offer_id


@command("marketplace.offers.change_price")
def change_price(
    *, vendor_id: int, offer_id: int, price: Money, expected_version: int, actor: Actor
) -> int:
    """Change the home price; return the new version. The same price again changes nothing.

    Locks: the offer. Events: OfferChanged. Raises: NoSuchOffer, OfferChangedMeanwhile.
    """
    row = _locked(offer_id, vendor_id)
    assert price.currency == row.currency, "a vendor's home currency is fixed"
    if price.minor == row.price_minor:
        return int(row.version)
    _check_version(row, expected_version)
    _record(offer_id, price)
    return _changed(row, price_minor=price.minor)


@command("marketplace.offers.set_own_prices")
def set_own_prices(
    *, vendor_id: int, offer_id: int, prices: Mapping[str, Money], actor: Actor
) -> int:
    """Set the prices typed for further currencies, exactly these; return the new version.

    Every page reads them; the vendor's desk has no form for them so far.
    Locks: the offer. Events: OfferChanged. Raises: NoSuchOffer.
    """
    row = _locked(offer_id, vendor_id)
    assert row.currency not in prices, "the home price is not one of the further ones"
    current = _own_prices(offer_id)
    for currency in current.keys() - prices.keys():
        session().execute(
            delete(OwnPrice).where(OwnPrice.offer_id == offer_id, OwnPrice.currency == currency)
        )
    for currency, price in prices.items():
        if current.get(currency) != price.minor:
            _record(offer_id, price)
            session().execute(
                insert(OwnPrice)
                .values(offer_id=offer_id, currency=currency, price_minor=price.minor)
                .on_conflict_do_update(
                    index_elements=["offer_id", "currency"], set_={"price_minor": price.minor}
                )
            )
    return _changed(row)


@command("marketplace.offers.change_terms")
def change_terms(
    *, vendor_id: int, offer_id: int, lead_time_days: int, status: str, actor: Actor
) -> int:
    """Change lead time and status; return the new version.

    Locks: the offer. Events: OfferChanged. Raises: NoSuchOffer.
    """
    return _changed(_locked(offer_id, vendor_id), lead_time_days=lead_time_days, status=status)


def _locked(offer_id: int, vendor_id: int) -> Row[Any]:  # of _LOCK
    row = session().execute(_LOCK, {"id": offer_id, "vendor_id": vendor_id}).one_or_none()
    if row is None:
        raise NoSuchOffer
    return row


def _check_version(row: Row[Any], expected: int) -> None:
    if row.version != expected:
        raise OfferChangedMeanwhile


def _own_prices(offer_id: int) -> dict[str, int]:
    rows = session().execute(
        select(OwnPrice.currency, OwnPrice.price_minor).where(OwnPrice.offer_id == offer_id)
    )
    return {row.currency: row.price_minor for row in rows}


def _record(offer_id: int, price: Money) -> None:
    session().execute(
        insert(PriceRecord).values(
            offer_id=offer_id,
            currency=price.currency,
            price_minor=price.minor,
            valid_from=clock.now(),
        )
    )


def _changed(row: Row[Any], **values: object) -> int:
    version: int = (
        session()
        .execute(
            update(Offer)
            .where(Offer.id == row.id)
            .values(version=Offer.version + 1, changed_at=clock.now(), **values)
            .returning(Offer.version)
        )
        .scalar_one()
    )
    publish(OfferChanged(offer_id=row.id, product_id=row.product_id, version=version))
    return version
