"""Sample cards and pictures for the page of all components; never real ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from kernel.actor import Actor
from kernel.money import Money
from kernel.text import Country, Message
from kernel.web.assets import asset
from marketplace.catalogue.drawings import queries as drawings
from marketplace.catalogue.pictures.queries import Picture, Source
from marketplace.catalogue.ratings.queries import Rating
from marketplace.landed.previews.queries import NO_CARRIER
from marketplace.shop.storefront.product_cards import ProductCard

_UNBROKEN = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz"


@dataclass(frozen=True, slots=True)
class Specimens:
    """What the component page prints of goods.

    Shape: lines are what lines of carts and orders keep, the path of a file, or none.
    """

    product_cards: Sequence[ProductCard]
    lines: Sequence[str | None]


def specimens(_actor: Actor) -> Specimens:
    """Return the sample values: all that a card may have to say, with a photograph and without."""
    mark = asset("img/mark.svg")
    source = Source("image/svg+xml", f"{mark} 480w")
    photograph = Picture((source,), mark, 480, 480, "")
    drawing = drawings.picture_for(category_ids=(), key="P-SAMPLE", title="Teapot")
    drawn = drawings.path_for(category_ids=(), key="P-SAMPLE", title="Teapot")
    return Specimens(_product_cards(photograph, drawing), (drawn, None))


def _product_cards(photograph: Picture, drawing: Picture) -> list[ProductCard]:
    plain = _plain_card(photograph)
    places = {"origin": Country("JP"), "destination": Country("CF")}
    return [
        plain,
        replace(
            plain,
            title="Table lamp, oiled walnut and pleated linen",
            seller="Oficina Lume",
            country="PT",
            is_domestic=True,
            last_on=date(2026, 12, 3),
            variants=4,
            picture=drawing,
            rating=Rating(1, 5),
        ),
        replace(
            plain,
            title="إبريق شاي من الخزف",
            lang="ar",
            country="CN",
            is_about=True,
            first_on=date(2026, 12, 29),
            last_on=date(2027, 2, 11),
            rating=None,
        ),
        replace(
            plain,
            title=_UNBROKEN * 2,
            seller=_UNBROKEN,
            price=Money(123_456_789, "EUR"),
            variants=1_204,
            second=photograph.src,
            rating=Rating(1_234_567, 6_049_378),
        ),
        replace(plain, title="Teapot: white porcelain, 700 ml", translated_from="zh-CN"),
        replace(plain, in_stock=False, picture=drawing),
        replace(plain, is_at_door=False, refusal=Message(NO_CARRIER, places)),
        replace(plain, price=None, is_at_door=False, first_on=None, last_on=None, rating=None),
    ]


def _plain_card(picture: Picture) -> ProductCard:
    return ProductCard(
        ref="P-SAMPLE",
        slug="sample",
        title="Mino stoneware teapot, 620 ml",
        lang="",
        translated_from="",
        seller="Minoyaki Tajimi",
        vendor_slug="sample",
        country="JP",
        city="",
        price=Money(7651, "EUR"),
        is_at_door=True,
        is_about=False,
        is_domestic=False,
        first_on=date(2026, 12, 3),
        last_on=date(2026, 12, 7),
        refusal=None,
        in_stock=True,
        variants=1,
        picture=picture,
        second="",
        rating=Rating(312, 1_498),
    )
