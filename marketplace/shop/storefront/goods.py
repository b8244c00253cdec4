"""What the page of goods and the page of a shop show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kernel.web import Preferences
from marketplace.catalogue.ratings import queries as ratings
from marketplace.catalogue.ratings.queries import Rating
from marketplace.catalogue.vendors import queries as vendors
from marketplace.catalogue.vendors.queries import VendorView
from marketplace.shop.listing_index import queries as shelves
from marketplace.shop.listing_index.queries import ProductCardRow
from marketplace.shop.storefront import product_cards
from marketplace.shop.storefront.product_cards import ProductCard, reader
from marketplace.shop.storefront.product_page import Showcase, Wish, showcase
from marketplace.shop.storefront.told_words import Story, story_of
from marketplace.trust.messages import queries as messages
from marketplace.trust.messages.queries import Serving
from marketplace.trust.questions import queries as questions
from marketplace.trust.questions.queries import Beside
from marketplace.trust.reviews.queries import ReviewView, top_of

TOGETHER = 4  # goods seen together with it
ALIKE = 4  # goods beside a product
OF_SHOP = 4  # further goods of the shop that sells it


@dataclass(frozen=True, slots=True)
class ProductPage:
    """A product page.

    Shape: together are goods that several shoppers had with these, empty where they had none;
    of_shop are further goods of the seller, alike other goods of the same shelf, best first, and
    none of them stands twice; answerer is the shop that listed the goods and answers the questions
    about them; serving is how the seller serves its buyers; reviews are the few beside the goods;
    seller is the rating of the shop that sells them, None without a review; story is told by it,
    or by who listed the goods while none sells them.
    """

    shown: Showcase
    together: tuple[ProductCard, ...]
    of_shop: tuple[ProductCard, ...]
    alike: tuple[ProductCard, ...]
    questions: Beside
    answerer: VendorView
    serving: Serving
    reviews: tuple[ReviewView, ...]
    bars: tuple[ratings.Bar, ...]
    seller: Rating | None
    story: Story


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorPage:
    """A shop. Units: goods it shows.

    Shape: rating is None without a review.
    """

    vendor: VendorView
    serving: Serving
    goods: int
    product_cards: tuple[ProductCard, ...]
    after: str
    is_first: bool
    rating: Rating | None
    story: Story


def product_page(*, ref: str, wish: Wish, prefs: Preferences) -> ProductPage:
    """Return a product page. Raises: ProductGone."""
    shown = showcase(ref=ref, wish=wish, prefs=prefs)
    offer = shown.offer
    answerer = vendors.vendor(shown.listed_by)
    together, of_shop, alike = _beside(shown, prefs)
    return ProductPage(
        shown,
        together=product_cards.of_rows(together, prefs),
        of_shop=product_cards.of_rows(of_shop, prefs),
        alike=product_cards.of_rows(alike, prefs),
        questions=questions.beside(shown.product_id),
        answerer=answerer,
        serving=messages.serving(offer.vendor.id if offer else shown.listed_by),
        reviews=top_of(shown.product_id, locale=prefs.locale) if shown.rating else (),
        bars=ratings.bars(shown.stars),
        seller=ratings.of_vendor(offer.vendor.id) if offer else None,
        story=story_of(offer.vendor if offer else answerer, prefs.locale),
    )


Rows = Sequence[ProductCardRow]


def _beside(shown: Showcase, prefs: Preferences) -> tuple[Rows, Rows, Rows]:
    """Return what was seen together with goods, more of their shop, and others like them."""
    vendor_id, place = shown.offer.vendor.id if shown.offer else None, shown.path[-1].id
    rows = shelves.beside(
        ids=shown.together,
        category_id=place,
        vendor_id=vendor_id,
        reader=reader(prefs),
        # As many more as the rows above may have told already, and the goods themselves.
        size=TOGETHER + OF_SHOP + ALIKE + 1,
    )
    by_id = {row.product_id: row for row in rows if row.product_id != shown.product_id}
    together = [by_id.pop(key) for key in shown.together if key in by_id][:TOGETHER]
    of_shop = [row for row in by_id.values() if row.vendor_id == vendor_id][:OF_SHOP]
    others = [row for row in by_id.values() if row not in of_shop]
    return together, of_shop, [row for row in others if place in row.category_ids][:ALIKE]


def vendor_page(
    *, slug: str, after: str, prefs: Preferences, is_original: bool = False
) -> VendorPage:
    """Return a shop with a page of its goods. Raises: NoSuchVendor, BadCursor."""
    vendor = vendors.vendor_by_slug(slug)
    page = shelves.of_vendor(vendor_id=vendor.id, reader=reader(prefs), after=after)
    return VendorPage(
        vendor=vendor,
        goods=shelves.vendor_count(vendor.id),
        serving=messages.serving(vendor.id),
        product_cards=product_cards.of_rows(page.product_cards, prefs),
        after=page.after,
        is_first=not after,
        rating=ratings.of_vendor(vendor.id),
        story=story_of(vendor, prefs.locale, is_original=is_original),
    )
