"""Commands of the vendor's shelf: list goods, change price and stock, words and pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kernel.actor import Actor
from kernel.db import command
from kernel.idempotency import remembered
from marketplace.catalogue.inventory import service as inventory
from marketplace.catalogue.offers import service as offers
from marketplace.catalogue.offers.errors import OfferChangedMeanwhile
from marketplace.catalogue.pictures import gallery
from marketplace.catalogue.products import drafts, revisions
from marketplace.catalogue.products import drafts as draft_queries
from marketplace.catalogue.products import queries as catalogue_queries
from marketplace.catalogue.products import revisions as revision_queries
from marketplace.catalogue.products import service as catalogue
from marketplace.catalogue.products import variants as versions
from marketplace.catalogue.products.drafts import Saved
from marketplace.catalogue.products.errors import WordsChangedMeanwhile
from marketplace.catalogue.products.revisions import Kind
from marketplace.catalogue.products.service import NewProduct, NewVariant
from marketplace.catalogue.products.variants import Axes, Version
from marketplace.catalogue.vendors import queries as vendors
from marketplace.catalogue.vendors.queries import VendorView
from marketplace.selling.listings import queries
from marketplace.selling.listings.beginning import NewListing, NewVersion
from marketplace.selling.listings.forms import Facts, Shelf, Wall, Wording
from marketplace.selling.listings.matrix import Row
from marketplace.selling.listings.queries import Listing
from marketplace.selling.listings.safety import Safety
from marketplace.selling.listings.uploads import Kept


@command("marketplace.listings.list_goods")
def list_goods(*, listing: NewListing, actor: Actor) -> str:
    """List goods of the actor's shop with versions, offers and pictures; return the reference.

    Goods that were written as a draft are listed once, and the draft goes.
    Events: ProductChanged, OfferChanged, StockCrossed. Raises: NotAVendor, NoSuchCategory.
    """
    vendor = vendors.vendor_of(actor)
    if listing.draft_ref is None:
        return _listed(listing, vendor, actor)
    outcome = remembered(
        scope="listings.list_goods",
        key=f"{vendor.id} {listing.draft_ref}",
        request=None,
        work=lambda: {"ref": _listed(listing, vendor, actor)},
    )
    drafts.discard(vendor_id=vendor.id, ref=listing.draft_ref, actor=actor)
    return str(outcome.body["ref"])


@command("marketplace.listings.keep_draft")
def keep_draft(
    *, ref: str, fields: Mapping[str, Sequence[str]], seen_version: int, actor: Actor
) -> Saved:
    """Keep a form about goods of the actor's shop as it was typed.

    Raises: NotAVendor, NoSuchProduct, DraftChangedMeanwhile, TooManyDrafts.
    """
    vendor = vendors.vendor_of(actor)
    if not draft_queries.is_ref(ref):
        queries.own_listing(actor, ref)
    return drafts.save(
        vendor_id=vendor.id, ref=ref, fields=fields, seen_version=seen_version, actor=actor
    )


@command("marketplace.listings.discard_draft")
def discard_draft(*, ref: str, actor: Actor) -> None:
    """Throw a draft of the actor's shop away. Raises: NotAVendor."""
    drafts.discard(vendor_id=vendors.vendor_of(actor).id, ref=ref, actor=actor)


@command("marketplace.listings.change_versions")
def change_versions(*, ref: str, rows: Sequence[Row], actor: Actor) -> None:
    """Change price, stock, terms, article number and weight of versions, all or nothing.

    Locks: the product, offers, stock levels. Events: OfferChanged, ProductChanged, StockCrossed.
    Raises: NotAVendor, NoSuchProduct, OfferChangedMeanwhile, StockInUse.
    """
    vendor, lines = _held(actor, ref)
    known = {line.offer_id: line for line in lines}
    changed = [
        row for row in rows if _told_row(row, known[row.offer_id]) != _told(known[row.offer_id])
    ]
    for row in changed:
        _change_offer(row, known[row.offer_id], vendor, actor)
    renamed = [
        Version(row.variant_id, row.sku, row.weight_g)
        for row in changed
        if row.sku is not None and row.weight_g is not None
    ]
    if renamed:
        versions.change(
            product_id=lines[0].product_id, vendor_id=vendor.id, versions=renamed, actor=actor
        )
    revisions.note(
        product_id=lines[0].product_id,
        vendor_id=vendor.id,
        kind=Kind.VERSIONS,
        before={known[row.offer_id].sku: _told(known[row.offer_id]) for row in changed},
        after={known[row.offer_id].sku: _told_row(row, known[row.offer_id]) for row in changed},
        actor=actor,
    )


@command("marketplace.listings.add_versions")
def add_versions(*, ref: str, axes: Axes, actor: Actor) -> int:
    """Make the versions that options and values still lack; return how many came.

    Each is offered as the first version is, with no piece in stock. Twice is once.
    Locks: the product. Events: ProductChanged, OfferChanged.
    Raises: NotAVendor, NoSuchProduct, OtherOptions, TooManyVersions.
    """
    vendor, lines = _held(actor, ref)
    first = lines[0]
    added = versions.add(product_id=first.product_id, vendor_id=vendor.id, axes=axes, actor=actor)
    for variant_id in added:
        offer_id = offers.offer_variant(
            vendor_id=vendor.id,
            variant_id=variant_id,
            price=first.price,
            lead_time_days=first.lead_time_days,
            actor=actor,
        )
        inventory.count(offer_id=offer_id, on_hand=0, actor=actor)
    revisions.note(
        product_id=first.product_id,
        vendor_id=vendor.id,
        kind=Kind.VERSIONS,
        before={"versions": len(lines)},
        after={"versions": len(lines) + len(added)},
        actor=actor,
    )
    return len(added)


@command("marketplace.listings.reword")
def reword(*, ref: str, wording: Wording, actor: Actor) -> None:
    """Publish texts of own goods; their draft goes.

    Locks: the product. Events: ProductChanged.
    Raises: NotAVendor, NoSuchProduct, WordsChangedMeanwhile.
    """
    vendor, lines = _held(actor, ref)
    first = lines[0]
    is_same = all(first.texts.get(code) == given for code, given in wording.texts.items())
    seen = revision_queries.words_version(product_id=first.product_id)
    if not is_same and seen != wording.seen_version:
        raise WordsChangedMeanwhile
    _publish(first, vendor, wording.texts, actor)
    drafts.discard(vendor_id=vendor.id, ref=ref, actor=actor)


@command("marketplace.listings.restore_words")
def restore_words(*, ref: str, revision_id: int, actor: Actor) -> None:
    """Bring the texts back that stood before a change, in the languages that it touched.

    Locks: the product. Events: ProductChanged. Raises: NotAVendor, NoSuchProduct, NoSuchRevision.
    """
    vendor, lines = _held(actor, ref)
    former = revision_queries.former_words(
        product_id=lines[0].product_id, vendor_id=vendor.id, revision_id=revision_id
    )
    _publish(lines[0], vendor, former, actor)


@command("marketplace.listings.change_shelf")
def change_shelf(*, ref: str, shelf: Shelf, actor: Actor) -> None:
    """Change shelf, brand and properties of own goods.

    Locks: the product. Events: ProductChanged.
    Raises: NotAVendor, NoSuchProduct, NoSuchCategory.
    """
    vendor, lines = _held(actor, ref)
    first = lines[0]
    catalogue.change_shelf(
        product_id=first.product_id,
        vendor_id=vendor.id,
        category_key=shelf.category_key,
        brand=shelf.brand,
        brand_latin=shelf.brand_latin,
        attributes=shelf.attributes,
        actor=actor,
    )
    was = catalogue_queries.categories([first.category_id])[first.category_id].key
    revisions.note(
        product_id=first.product_id,
        vendor_id=vendor.id,
        kind=Kind.SHELF,
        before={
            "category": was,
            "brand": first.brand,
            "brand_latin": first.brand_latin,
            **first.attributes,
        },
        after={
            "category": shelf.category_key,
            "brand": shelf.brand,
            "brand_latin": shelf.brand_latin,
            **shelf.attributes,
        },
        actor=actor,
    )


@command("marketplace.listings.change_customs")
def change_customs(*, ref: str, facts: Facts, actor: Actor) -> None:
    """Change what customs reads of own goods, and their size.

    Locks: the product. Events: ProductChanged. Raises: NotAVendor, NoSuchProduct.
    """
    vendor, lines = _held(actor, ref)
    first = lines[0]
    catalogue.change_facts(
        product_id=first.product_id,
        vendor_id=vendor.id,
        hs_code=facts.hs_code,
        origin_country=facts.origin_country,
        size_mm=facts.size_mm,
        hazards=facts.hazards,
        actor=actor,
    )
    revisions.note(
        product_id=first.product_id,
        vendor_id=vendor.id,
        kind=Kind.CUSTOMS,
        before=_customs(first),
        after=_customs(facts),
        actor=actor,
    )


@command("marketplace.listings.change_safety")
def change_safety(*, ref: str, safety: Safety, actor: Actor) -> None:
    """Change what buyers of own goods must know for safe use, and who answers for it.

    Warnings in languages that were not changed stay, those that somebody else saved meanwhile too.
    Locks: the product. Events: ProductChanged. Raises: NotAVendor, NoSuchProduct.
    """
    vendor, lines = _held(actor, ref)
    first = lines[0]
    new = safety.over(first.warnings)
    catalogue.change_safety(
        product_id=first.product_id,
        vendor_id=vendor.id,
        warnings=new.warnings,
        responsible=new.responsible,
        actor=actor,
    )
    revisions.note(
        product_id=first.product_id,
        vendor_id=vendor.id,
        kind=Kind.SAFETY,
        before=Safety(first.warnings, first.responsible).told,
        after=new.told,
        actor=actor,
    )


@command("marketplace.listings.hang_pictures")
def hang_pictures(*, ref: str, wall: Wall, locale: str, actor: Actor) -> None:
    """Order, name, remove and add pictures of own goods, all or nothing.

    Events: ProductChanged, PictureKept. Raises: NotAVendor, NoSuchProduct, TooManyPictures.
    """
    vendor, lines = _held(actor, ref)
    first = lines[0]
    gallery.arrange(
        product_id=first.product_id,
        vendor_id=vendor.id,
        hung=wall.hung,
        removed=wall.removed,
        locale=locale,
        actor=actor,
    )
    _show(first.product_id, vendor, wall.added, actor)
    stay = [one for one in wall.hung if one.picture_id not in wall.removed]
    revisions.note(
        product_id=first.product_id,
        vendor_id=vendor.id,
        kind=Kind.PICTURES,
        before={"pictures": [[one["id"], one["alt"].get(locale, "")] for one in first.pictures]},
        after={
            "pictures": [[one.picture_id, one.alt] for one in stay]
            + [[0, one.alt] for one in wall.added]
        },
        actor=actor,
    )


def _held(actor: Actor, ref: str) -> tuple[VendorView, tuple[Listing, ...]]:
    """Hold goods that the actor's shop offers until the command ends; return how they are now."""
    _, lines = queries.listing_for(actor, ref)
    catalogue.lock(product_id=lines[0].product_id)
    return queries.listing_for(actor, ref)


def _listed(listing: NewListing, vendor: VendorView, actor: Actor) -> str:
    listed = catalogue.list_product(
        product=NewProduct(
            vendor_id=vendor.id,
            category_key=listing.category_key,
            brand=listing.brand,
            brand_latin=listing.brand_latin,
            source_locale=listing.source_locale,
            texts=listing.texts,
            attributes=listing.attributes,
            option_key=next(iter(listing.versions[0].options), None),
            variants=[_variant(version, listing.facts) for version in listing.versions],
        ),
        actor=actor,
    )
    if listing.safety.told:
        catalogue.change_safety(
            product_id=listed.product_id,
            vendor_id=vendor.id,
            warnings=listing.safety.warnings,
            responsible=listing.safety.responsible,
            actor=actor,
        )
    _show(listed.product_id, vendor, listing.pictures, actor)
    for version in listing.versions:
        offer_id = offers.offer_variant(
            vendor_id=vendor.id,
            variant_id=listed.variant_ids[version.key],
            price=version.price,
            lead_time_days=vendor.lead_time_days,
            actor=actor,
        )
        inventory.count(offer_id=offer_id, on_hand=version.stock, actor=actor)
    return listed.ref


def _variant(version: NewVersion, facts: Facts) -> NewVariant:
    return NewVariant(
        key=version.key,
        sku=version.sku,
        options=version.options,
        weight_g=version.weight_g,
        hs_code=facts.hs_code,
        origin_country=facts.origin_country,
        size_mm=facts.size_mm,
        hazards=facts.hazards,
    )


def _publish(
    first: Listing, vendor: VendorView, texts: Mapping[str, tuple[str, str]], actor: Actor
) -> None:
    catalogue.change_texts(
        product_id=first.product_id, vendor_id=vendor.id, texts=texts, actor=actor
    )
    revisions.note(
        product_id=first.product_id,
        vendor_id=vendor.id,
        kind=Kind.WORDS,
        before={code: list(first.texts[code]) for code in texts if code in first.texts},
        after={code: list(given) for code, given in texts.items()},
        actor=actor,
    )


def _change_offer(row: Row, line: Listing, vendor: VendorView, actor: Actor) -> None:
    if row.seen_version != line.version:
        raise OfferChangedMeanwhile
    offers.change_price(
        vendor_id=vendor.id,
        offer_id=row.offer_id,
        price=row.price,
        expected_version=row.seen_version,
        actor=actor,
    )
    offers.change_terms(
        vendor_id=vendor.id,
        offer_id=row.offer_id,
        lead_time_days=row.lead_time_days,
        status="listed" if row.is_listed else "paused",
        actor=actor,
    )
    if row.stock is not None:
        inventory.count(offer_id=row.offer_id, on_hand=row.stock, actor=actor)


# What the history says of a version. Units: minor units, pieces, grams, days.
def _told(line: Listing) -> dict[str, object]:
    return {
        "sku": line.sku,
        "price": line.price.minor,
        "stock": line.on_hand,
        "weight_g": line.weight_g,
        "lead_time_days": line.lead_time_days,
        "is_listed": line.is_offered,
    }


def _told_row(row: Row, line: Listing) -> dict[str, object]:
    return {
        "sku": row.sku or line.sku,
        "price": row.price.minor,
        "stock": line.on_hand if row.stock is None else row.stock,
        "weight_g": line.weight_g if row.weight_g is None else row.weight_g,
        "lead_time_days": row.lead_time_days,
        "is_listed": row.is_listed,
    }


def _customs(facts: Listing | Facts) -> dict[str, object]:
    return {
        "hs_code": facts.hs_code,
        "origin_country": facts.origin_country,
        "size_mm": list(facts.size_mm) if facts.size_mm else None,
        "hazards": None if facts.hazards is None else list(facts.hazards),
    }


def _show(product_id: int, vendor: VendorView, kept: Sequence[Kept], actor: Actor) -> None:
    for one in kept:
        gallery.add_picture(
            product_id=product_id,
            vendor_id=vendor.id,
            picture=one.picture,
            alt={vendor.language: one.alt} if one.alt else {},
            actor=actor,
        )
