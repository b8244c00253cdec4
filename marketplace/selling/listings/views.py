"""Pages of the vendor's goods."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from kernel.text import N_, NP_
from kernel.web import (
    current_actor,
    flash,
    keep_typed,
    pages,
    preferences,
    render,
    requires,
    reshow,
)
from kernel.web.arguments import row_number
from kernel.web.preferences import COUNTRY_CURRENCY, LANGUAGES
from marketplace.catalogue.products import queries as catalogue
from marketplace.catalogue.vendors import queries as vendors
from marketplace.permissions import Permission
from marketplace.selling.listings import composing, editor, queries, service, telling
from marketplace.selling.listings.beginning import NewListing
from marketplace.selling.listings.forms import ORIGINS, Facts, Shelf, Wall, Wording, read_axes
from marketplace.selling.listings.matrix import COLUMNS, filled, read_rows
from marketplace.selling.listings.safety import Safety

bp = pages("listings", __name__, prefix="/desk/goods")
_LOCALES = tuple(LANGUAGES.values())
SAVED = N_("Saved. Buyers will see it in a moment.")


@bp.get("/")
@requires(Permission.LISTING_MANAGE)
def index() -> ResponseReturnValue:
    """List what the shop offers."""
    page = queries.listings_of(
        current_actor(),
        locale=preferences().locale,
        offered=_LOCALES,
        sort=request.args.get("sort", ""),
        after=request.args.get("after", 0, type=row_number),
    )
    return render("marketplace/selling/listings/index.html", page=page)


@bp.get("/new")
@requires(Permission.LISTING_MANAGE)
def new(ref: str = "") -> ResponseReturnValue:
    """Show the form for new goods, as its draft left it."""
    page = composing.form_for(
        current_actor(),
        ref or request.args.get("draft", ""),
        typed=request.form,
        files=request.files,
        locale=preferences().locale,
        offered=_LOCALES,
    )
    return render(
        "marketplace/selling/listings/new.html",
        page=page,
        origins=ORIGINS,
        prefs=preferences(),
        zone=composing.zone_of(page.vendor),
        **composing.carriage(),
    )


@bp.post("/new")
@requires(Permission.LISTING_MANAGE)
@reshow(new)
def create() -> ResponseReturnValue:
    """List new goods."""
    vendor = vendors.vendor_of(current_actor())
    listing = NewListing.parse(request.form, request.files, vendor)
    ref = service.list_goods(listing=listing, actor=current_actor())
    flash(N_("Your product is on sale."))
    return redirect(url_for("listings.edit", ref=ref), 303)


@bp.post("/new/work-out")
@requires(Permission.LISTING_MANAGE)
@reshow(new)
def work_out() -> ResponseReturnValue:
    """Answer while the form is filled in: shelf, versions, customs code, price at three doors."""
    keep_typed(composing.picked(request.form))
    return new()


@bp.get("/<ref>")
@requires(Permission.LISTING_MANAGE)
def edit(ref: str) -> ResponseReturnValue:
    """Show one product with its versions."""
    prefs = preferences()
    page = editor.editor_for(
        current_actor(),
        ref,
        locale=prefs.locale,
        offered=_LOCALES,
        beside=request.values.get("beside", ""),
        countries=request.args.getlist("to"),
        before=request.args.get("before", 0, type=row_number),
    )
    composing.continue_words(page)
    return render(
        "marketplace/selling/listings/edit.html",
        page=page,
        prefs=prefs,
        columns=COLUMNS,
        origins=ORIGINS,
        offered=_LOCALES,
        countries=COUNTRY_CURRENCY,
        telling=telling.told,
        kind_words=telling.kind_words,
        **composing.around(page),
    )


def _resumed(ref: str) -> ResponseReturnValue:
    return new(ref) if composing.is_new(ref) else edit(ref)


@bp.post("/drafts/<ref>")
@requires(Permission.LISTING_MANAGE)
@reshow(_resumed)
def save_draft(ref: str) -> ResponseReturnValue:
    """Keep a form as it was typed; a script reads what to say, a browser goes on with the form."""
    saved = service.keep_draft(
        ref=ref,
        fields=composing.draft_fields(request.form, request.files),
        seen_version=request.form.get("draft_version", 0, type=row_number),
        actor=current_actor(),
    )
    if request.accept_mimetypes.best == "application/json":
        return composing.told(saved, vendors.vendor_of(current_actor()))
    flash(N_("Draft saved."))
    return redirect(composing.address(ref), 303)


@bp.post("/drafts/<ref>/discard")
@requires(Permission.LISTING_MANAGE)
def discard_draft(ref: str) -> ResponseReturnValue:
    """Throw a draft away."""
    service.discard_draft(ref=ref, actor=current_actor())
    flash(N_("Draft deleted."))
    return redirect(url_for("listings.index"), 303)


@bp.post("/<ref>/words")
@requires(Permission.LISTING_MANAGE)
@reshow(edit)
def reword(ref: str) -> ResponseReturnValue:
    """Publish texts."""
    vendor, _ = queries.own_listing(current_actor(), ref)
    wording = Wording.parse(request.form, vendor.language)
    service.reword(ref=ref, wording=wording, actor=current_actor())
    return _saved(ref, "words")


@bp.post("/<ref>/shelf")
@requires(Permission.LISTING_MANAGE)
@reshow(edit)
def change_shelf(ref: str) -> ResponseReturnValue:
    """Change shelf, brand and properties."""
    _, lines = queries.own_listing(current_actor(), ref)
    asked = catalogue.attributes_on(lines[0].category_id)
    shelf = Shelf.parse(request.form, asked, lines[0].attributes)
    service.change_shelf(ref=ref, shelf=shelf, actor=current_actor())
    return _saved(ref, "shelf")


@bp.post("/<ref>/versions")
@requires(Permission.LISTING_MANAGE)
@reshow(edit)
def change_versions(ref: str) -> ResponseReturnValue:
    """Change price, stock, terms, article number and weight of the versions."""
    _, lines = queries.listing_for(current_actor(), ref)
    service.change_versions(ref=ref, rows=read_rows(request.form, lines), actor=current_actor())
    return _saved(ref, "versions")


@bp.post("/<ref>/versions/fill")
@requires(Permission.LISTING_MANAGE)
@reshow(edit)
def fill_column(ref: str) -> ResponseReturnValue:
    """Fill a column of the table with one value; it is kept when the table is saved."""
    _, lines = queries.listing_for(current_actor(), ref)
    keep_typed(filled(request.form, lines))
    return edit(ref)


_ADDED = NP_(
    "%(count)d version added. It's sold out until you add stock.",
    "%(count)d versions added. They're sold out until you add stock.",
    by="count",
)


@bp.post("/<ref>/versions/add")
@requires(Permission.LISTING_MANAGE)
@reshow(edit)
def add_versions(ref: str) -> ResponseReturnValue:
    """Make more versions from options and values."""
    _, lines = queries.own_listing(current_actor(), ref)
    axes = read_axes(request.form, editor.options_of(lines))
    count = service.add_versions(ref=ref, axes=axes, actor=current_actor())
    flash(_ADDED, count=count)
    return redirect(url_for("listings.edit", ref=ref, _anchor="versions"), 303)


@bp.post("/<ref>/customs")
@requires(Permission.LISTING_MANAGE)
@reshow(edit)
def change_customs(ref: str) -> ResponseReturnValue:
    """Change customs code, origin and size."""
    facts = Facts.parse(request.form)
    service.change_customs(ref=ref, facts=facts, actor=current_actor())
    return _saved(ref, "customs")


@bp.post("/<ref>/safety")
@requires(Permission.LISTING_MANAGE)
@reshow(edit)
def change_safety(ref: str) -> ResponseReturnValue:
    """Change warnings and the responsible person."""
    vendor, _ = queries.own_listing(current_actor(), ref)
    safety = Safety.parse(request.form, vendor.language)
    service.change_safety(ref=ref, safety=safety, actor=current_actor())
    return _saved(ref, "safety")


@bp.post("/<ref>/customs/codes")
@requires(Permission.LISTING_MANAGE)
@reshow(edit)
def find_codes(ref: str) -> ResponseReturnValue:
    """Look a customs code up by words, or take one that was found into the form."""
    keep_typed(composing.picked(request.form))
    return edit(ref)


@bp.post("/<ref>/pictures")
@requires(Permission.LISTING_MANAGE)
@reshow(edit)
def hang_pictures(ref: str) -> ResponseReturnValue:
    """Order, name, remove and add pictures."""
    vendor, _ = queries.own_listing(current_actor(), ref)
    wall = Wall.parse(request.form, request.files)
    service.hang_pictures(ref=ref, wall=wall, locale=vendor.language, actor=current_actor())
    return _saved(ref, "pictures")


@bp.post("/<ref>/history/<int:revision_id>")
@requires(Permission.LISTING_MANAGE)
@reshow(lambda ref, **_: edit(ref))
def restore_words(ref: str, revision_id: int) -> ResponseReturnValue:
    """Bring former texts back."""
    service.restore_words(ref=ref, revision_id=revision_id, actor=current_actor())
    return _saved(ref, "words")


def _saved(ref: str, part: str) -> ResponseReturnValue:
    flash(SAVED)
    beside = request.form.get("beside") or None
    return redirect(url_for("listings.edit", ref=ref, beside=beside, _anchor=part), 303)
