"""Commands of the vendor's shelf: list goods, change price and stock, words and pictures."""

from __future__ import annotations

from collections.abc import Sequence

from kernel.actor import Actor
from kernel.db import command
from marketplace.catalog import service as catalog
from marketplace.catalog.service import NewProduct, NewVariant
from marketplace.gallery import service as gallery
from marketplace.inventory import service as inventory
from marketplace.listings.forms import NewListing, OfferTerms, Wall, Wording
from marketplace.listings.uploads import Kept
from marketplace.offers import service as offers
from marketplace.vendors import queries as vendors
from marketplace.vendors.queries import VendorView


@command
def list_goods(*, listing: NewListing, actor: Actor) -> str:
    """List goods of the actor's shop with offer, stock and pictures; return the reference.

    Events: ProductChanged, OfferChanged, StockCrossed. Raises: NotAVendor, NoSuchCategory.
    """
    vendor = vendors.vendor_of(actor)
    variant = NewVariant(
        key="one", sku=listing.sku, hs_code=listing.facts.hs_code,
        origin_country=listing.facts.origin_country, weight_g=listing.facts.weight_g,
    )  # fmt: skip
    listed = catalog.list_product(
        product=NewProduct(
            vendor_id=vendor.id, category_key=listing.category_key, brand=listing.brand,
            source_locale=listing.source_locale, texts=listing.texts, variants=[variant],
        ),
        actor=actor,
    )  # fmt: skip
    _show(listed.product_id, vendor, listing.pictures, actor)
    offer_id = offers.offer_variant(
        vendor_id=vendor.id, variant_id=listed.variant_ids["one"], price=listing.price,
        lead_time_days=vendor.lead_time_days, actor=actor,
    )  # fmt: skip
    inventory.count(offer_id=offer_id, on_hand=listing.stock, actor=actor)
    return listed.ref


@command
def change_offer(*, offer_id: int, terms: OfferTerms, actor: Actor) -> None:
    """Change price, stock, lead time and status of an own offer, all or nothing.

    Events: OfferChanged, StockCrossed.
    Raises: NotAVendor, NoSuchOffer, OfferChangedMeanwhile, StockInUse.
    """
    vendor = vendors.vendor_of(actor)
    offers.change_price(
        vendor_id=vendor.id, offer_id=offer_id, price=terms.price,
        expected_version=terms.expected_version, actor=actor,
    )  # fmt: skip
    offers.change_terms(
        vendor_id=vendor.id, offer_id=offer_id, lead_time_days=terms.lead_time_days,
        status="listed" if terms.is_listed else "paused", actor=actor,
    )  # fmt: skip
    inventory.count(offer_id=offer_id, on_hand=terms.stock, actor=actor)


@command
def reword(*, product_id: int, wording: Wording, actor: Actor) -> None:
    """Change texts, customs code, origin and weight of own goods.

    Events: ProductChanged. Raises: NotAVendor, NoSuchProduct.
    """
    vendor = vendors.vendor_of(actor)
    catalog.change_texts(
        product_id=product_id, vendor_id=vendor.id, texts=wording.texts, actor=actor
    )
    catalog.change_facts(
        product_id=product_id, vendor_id=vendor.id, hs_code=wording.facts.hs_code,
        origin_country=wording.facts.origin_country, weight_g=wording.facts.weight_g, actor=actor,
    )  # fmt: skip


@command
def hang_pictures(*, product_id: int, wall: Wall, locale: str, actor: Actor) -> None:
    """Order, name, remove and add pictures of own goods, all or nothing.

    Events: ProductChanged, PictureKept. Raises: NotAVendor, NoSuchProduct, TooManyPictures.
    """
    vendor = vendors.vendor_of(actor)
    gallery.arrange(
        product_id=product_id, vendor_id=vendor.id, hung=wall.hung, removed=wall.removed,
        locale=locale, actor=actor,
    )  # fmt: skip
    _show(product_id, vendor, wall.added, actor)


def _show(product_id: int, vendor: VendorView, kept: Sequence[Kept], actor: Actor) -> None:
    for one in kept:
        gallery.add_picture(
            product_id=product_id, vendor_id=vendor.id, picture=one.picture,
            alt={vendor.language: one.alt} if one.alt else {}, actor=actor,
        )  # fmt: skip
