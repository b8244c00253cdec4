"""What the page of goods and the page of a shop show."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.web import Preferences
from marketplace.catalogue.ratings import queries as ratings
from marketplace.catalogue.ratings.queries import Rating
from marketplace.catalogue.vendors import queries as vendors
from marketplace.catalogue.vendors.queries import VendorView
from marketplace.shop.listing_index import queries as shelves
from marketplace.shop.storefront import product_cards
from marketplace.shop.storefront.product_cards import ProductCard, reader
from marketplace.shop.storefront.product_page import Showcase, Wish, showcase
from marketplace.trust.messages import queries as messages
from marketplace.trust.messages.queries import Serving
from marketplace.trust.questions import queries as questions
from marketplace.trust.questions.queries import Beside
from marketplace.trust.reviews.queries import ReviewView, top_of

ALIKE = 4  # goods beside a product


@dataclass(frozen=True, slots=True)
class ProductPage:
    """A product page.

    Shape: alike are other goods of the same shelf, best first; answerer is the shop that listed
    the goods and answers the questions about them; serving is how the seller serves its buyers;
    reviews are the few beside the goods; seller is the rating of the shop that sells them, None
    without a review.
    """

    shown: Showcase
    alike: tuple[ProductCard, ...]
    questions: Beside
    answerer: VendorView
    serving: Serving
    reviews: tuple[ReviewView, ...]
    bars: tuple[ratings.Bar, ...]
    seller: Rating | None


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
    rating: Rating | None


def product_page(*, ref: str, wish: Wish, prefs: Preferences) -> ProductPage:
    """Return a product page. Raises: ProductGone."""
    shown = showcase(ref=ref, wish=wish, prefs=prefs)
    place = shown.path[-1].id
    beside = shelves.shelf(category_id=place, reader=reader(prefs), size=ALIKE + 1).product_cards
    rows = [row for row in beside if row.ref != ref][:ALIKE]
    offer = shown.offer
    return ProductPage(
        shown,
        product_cards.of_rows(rows, prefs),
        questions=questions.beside(shown.product_id),
        answerer=vendors.vendor(shown.listed_by),
        serving=messages.serving(offer.vendor.id if offer else shown.listed_by),
        reviews=top_of(shown.product_id, locale=prefs.locale) if shown.rating else (),
        bars=ratings.bars(shown.stars),
        seller=ratings.of_vendor(offer.vendor.id) if offer else None,
    )


def vendor_page(*, slug: str, after: str, prefs: Preferences) -> VendorPage:
    """Return a shop with a page of its goods. Raises: NoSuchVendor, BadCursor."""
    vendor = vendors.vendor_by_slug(slug)
    page = shelves.of_vendor(vendor_id=vendor.id, reader=reader(prefs), after=after)
    return VendorPage(
        vendor=vendor,
        goods=shelves.vendor_count(vendor.id),
        serving=messages.serving(vendor.id),
        product_cards=product_cards.of_rows(page.product_cards, prefs),
        after=page.after,
        rating=ratings.of_vendor(vendor.id),
    )
