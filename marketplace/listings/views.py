"""Pages of the vendor's goods."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from kernel.text import N_
from kernel.web import current_actor, flash, pages, preferences, render, requires, reshow
from kernel.web.arguments import row_number
from kernel.web.preferences import LANGUAGES
from marketplace.catalog import queries as catalog
from marketplace.listings import queries, service
from marketplace.listings.forms import ORIGINS, NewListing, OfferTerms, Wall, Wording
from marketplace.listings.uploads import read_uploads, typed_lines
from marketplace.permissions import Permission
from marketplace.vendors import queries as vendors

bp = pages("listings", __name__, prefix="/desk/goods")
_LOCALES = tuple(LANGUAGES.values())


@bp.get("/")
@requires(Permission.LISTING_MANAGE)
def index() -> ResponseReturnValue:
    """List what the shop offers."""
    page = queries.listings_of(
        current_actor(), locale=preferences().locale, offered=_LOCALES,
        before=request.args.get("before", 0, type=row_number),
    )  # fmt: skip
    return render("marketplace/listings/index.html", page=page)


@bp.get("/new")
@requires(Permission.LISTING_MANAGE)
def new() -> ResponseReturnValue:
    """Show the form for new goods."""
    vendor, locale = vendors.vendor_of(current_actor()), preferences().locale
    return render(
        "marketplace/listings/new.html", vendor=vendor, origins=ORIGINS,
        shelves=[(c.key, c.name(locale)) for c in catalog.leaves(most=400)],
        kept=read_uploads(request.form, request.files).kept,
    )  # fmt: skip


@bp.post("/new")
@requires(Permission.LISTING_MANAGE)
@reshow(new)
def create() -> ResponseReturnValue:
    """List new goods."""
    vendor = vendors.vendor_of(current_actor())
    listing = NewListing.parse(request.form, request.files, vendor)
    ref = service.list_goods(listing=listing, actor=current_actor())
    flash(N_("Your goods are on the shelf."))
    return redirect(url_for("listings.edit", ref=ref), 303)


@bp.get("/<ref>")
@requires(Permission.LISTING_MANAGE)
def edit(ref: str) -> ResponseReturnValue:
    """Show one product with its offers."""
    vendor, lines = queries.listing_for(
        current_actor(), ref, locale=preferences().locale, offered=_LOCALES
    )
    return render(
        "marketplace/listings/edit.html", vendor=vendor, lines=lines, first=lines[0],
        origins=ORIGINS, kept=read_uploads(request.form, request.files).kept,
        typed={line.name: line for line in typed_lines(request.form, "hung")},
    )  # fmt: skip


@bp.post("/<ref>/offers/<int:offer_id>")
@requires(Permission.LISTING_MANAGE)
@reshow(lambda ref, offer_id: edit(ref))  # noqa: ARG005 - the page shows all offers
def change_offer(ref: str, offer_id: int) -> ResponseReturnValue:
    """Change price, stock, lead time and status."""
    vendor = vendors.vendor_of(current_actor())
    terms = OfferTerms.parse(request.form, vendor.currency)
    service.change_offer(offer_id=offer_id, terms=terms, actor=current_actor())
    flash(N_("Saved. The shelf shows it in a moment."))
    return redirect(url_for("listings.edit", ref=ref), 303)


@bp.post("/<ref>/words")
@requires(Permission.LISTING_MANAGE)
@reshow(edit)
def reword(ref: str) -> ResponseReturnValue:
    """Change texts and customs facts."""
    vendor, lines = queries.listing_for(
        current_actor(), ref, locale=preferences().locale, offered=_LOCALES
    )
    wording = Wording.parse(request.form, vendor.language)
    service.reword(product_id=lines[0].product_id, wording=wording, actor=current_actor())
    flash(N_("Saved. The shelf shows it in a moment."))
    return redirect(url_for("listings.edit", ref=ref), 303)


@bp.post("/<ref>/pictures")
@requires(Permission.LISTING_MANAGE)
@reshow(edit)
def hang_pictures(ref: str) -> ResponseReturnValue:
    """Order, name, remove and add pictures."""
    vendor, lines = queries.listing_for(
        current_actor(), ref, locale=preferences().locale, offered=_LOCALES
    )
    service.hang_pictures(
        product_id=lines[0].product_id, wall=Wall.parse(request.form, request.files),
        locale=vendor.language, actor=current_actor(),
    )  # fmt: skip
    flash(N_("Saved. The shelf shows it in a moment."))
    return redirect(url_for("listings.edit", ref=ref), 303)
