"""A cart in which things have happened since it was filled, so that its page can be looked at."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from kernel.actor import SYSTEM, Actor
from kernel.db import reading
from kernel.money import Money
from marketplace.buying.cart import service as cart
from marketplace.catalogue.inventory import service as inventory
from marketplace.catalogue.offers import service as offers
from marketplace.landed.pricing import queries as pricing

# Nobody else's story buys these: shop, goods, pieces. Three shops send; no carrier takes the power
# bank, and of the bowls one pair is left.
_BELT = ("fibbia", "Cinta leather belt%")
_BOWLS = ("dalbit", "White porcelain rice bowls%")
_CANDLE = ("calanque", "Sombra scented candle%")
_LINES = (
    (*_BELT, 1),
    ("hayakawa", "Walking umbrella%", 2),
    ("anlan", "Fold phone stand%", 3),
    ("anlan", "Duo power bank%", 1),
    (*_BOWLS, 3),
    (*_CANDLE, 1),
)
# What French shoppers see reduced: goods whose shops ask for euro.
_LOWERED = (
    ("calanque", "Willow storage basket%"),
    ("calanque", "Three marbled soaps%"),
    ("dreisam", "Storm lantern%"),
    ("dreisam", "Twelve coloured pencils%"),
    ("belforte", "Marble mortar%"),
)
_OFFER = text(
    "SELECT o.id, o.vendor_id, o.version, o.price_minor, o.currency FROM marketplace.offer o"
    " JOIN marketplace.variant v ON v.id = o.variant_id"
    " JOIN marketplace.product_text t ON t.product_id = v.product_id AND t.locale = 'en'"
    " JOIN marketplace.vendor n ON n.id = o.vendor_id"
    " WHERE n.slug = :slug AND t.title LIKE :title ORDER BY o.id LIMIT 1"
)


def fill_cart(market: Any, shopper: Actor) -> None:
    """Fill somebody's cart, put a line by for later; then a price rises and a stock falls."""
    cart_id = None
    for slug, title, pieces in _LINES:
        offer = _offer(market, slug, title)
        with reading():
            line = pricing.offer_lines([offer.id], locale="en", currency="EUR")[offer.id]
        assert line.price is not None, f"{title} has a price"
        cart_id = cart.add_line(
            cart_id=cart_id,
            offer_id=offer.id,
            quantity=pieces,
            seen=line.price.money,
            actor=shopper,
        )
    assert cart_id is not None, "it is filled"
    candle, belt = _offer(market, *_CANDLE), _offer(market, *_BELT)
    cart.save(cart_id=cart_id, offer_id=candle.id, is_saved=True, actor=shopper)
    offers.change_price(
        vendor_id=belt.vendor_id,
        offer_id=belt.id,
        expected_version=belt.version,
        actor=SYSTEM,
        price=Money(belt.price_minor + 6_00, belt.currency),
    )
    inventory.count(offer_id=_offer(market, *_BOWLS).id, on_hand=1, actor=SYSTEM)


def lower_prices(market: Any) -> None:
    """Let shops ask a tenth less for some of their goods."""
    for slug, title in _LOWERED:
        offer = _offer(market, slug, title)
        offers.change_price(
            vendor_id=offer.vendor_id,
            offer_id=offer.id,
            expected_version=offer.version,
            actor=SYSTEM,
            price=Money(offer.price_minor * 9 // 10, offer.currency),
        )


def _offer(market: Any, slug: str, title: str) -> Any:
    return market.execute(_OFFER, {"slug": slug, "title": title}).one()
