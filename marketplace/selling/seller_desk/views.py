"""Pages of the vendor's desk."""

from __future__ import annotations

from io import BytesIO

from flask import redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue

from kernel.text import N_, NP_
from kernel.web import current_actor, flash, pages, presence, render, requires, reshow
from kernel.web.files import attached
from kernel.web.session_limits import Risk
from marketplace.buying.orders import service as order_service
from marketplace.catalogue.vendors import service as vendor_service
from marketplace.permissions import Permission
from marketplace.selling.seller_desk import queries, worklist
from marketplace.selling.seller_desk.forms import (
    Destinations,
    LatinReading,
    parse_phone,
    parse_responsible,
)

bp = pages("desk", __name__, prefix="/desk")


@bp.get("/")
@requires(Permission.DESK_VIEW)
def home() -> ResponseReturnValue:
    """Show what waits and what was earned; the wallet only to whom the bank would show it."""
    return render(
        "marketplace/selling/seller_desk/home.html",
        page=queries.desk_for(current_actor()),
        is_locked=presence.refusal(Risk.BANK) is not None,
    )


@bp.get("/orders")
@requires(Permission.DESK_VIEW)
def order_list() -> ResponseReturnValue:
    """List orders by what they wait for."""
    page = worklist.order_list_for(
        current_actor(),
        request.args.get("view", "to-pack"),
        sort=request.args.get("sort", ""),
        after=request.args.get("after", ""),
    )
    return render("marketplace/selling/seller_desk/orders.html", page=page, views=worklist.VIEWS)


@bp.get("/orders.csv")
@requires(Permission.DESK_VIEW)
def order_table() -> ResponseReturnValue:
    """Hand out a view as a table."""
    view = request.args.get("view", "to-pack")
    table = worklist.table_for(current_actor(), view, request.args.get("sort", ""))
    return attached(table, name=f"orders-{view}.csv", kind="text/csv")


@bp.post("/orders/papers")
@requires(Permission.DESK_VIEW)
@reshow(order_list)
def print_ticked() -> ResponseReturnValue:
    """Hand out all papers of the ticked orders, in one archive."""
    packed = worklist.papers_of(current_actor(), request.form.getlist("order"))
    return attached(packed, name="papers.zip", kind="application/zip")


@bp.get("/orders/<ref>")
@requires(Permission.DESK_VIEW)
def order(ref: str) -> ResponseReturnValue:
    """Show one order: what to pack, where it goes, what it earns."""
    page = queries.order_page_for(current_actor(), ref)
    return render("marketplace/selling/seller_desk/order.html", page=page, may_open=False)


@bp.get("/orders/<ref>/papers/<name>.pdf")
@requires(Permission.DESK_VIEW)
def paper(ref: str, name: str) -> ResponseReturnValue:
    """Hand out a paper of the parcel as PDF."""
    printed = BytesIO(queries.paper_for(current_actor(), ref, name))
    return send_file(printed, mimetype="application/pdf", download_name=f"{ref}-{name}.pdf")


@bp.post("/orders/<ref>/dispatch")
@requires(Permission.DESK_ACT)
@reshow(order)
def dispatch(ref: str) -> ResponseReturnValue:
    """Hand the order to the carrier."""
    order_service.dispatch(order_ref=ref, actor=current_actor())
    flash(N_("Packed. The carrier collects the parcel."))
    return redirect(url_for("desk.order", ref=ref), 303)


@bp.get("/shop")
@requires(Permission.DESK_VIEW)
def shop() -> ResponseReturnValue:
    """Show how the shop sells: where it sends to."""
    page = queries.shop_for(current_actor())
    return render("marketplace/selling/seller_desk/shop.html", page=page)


@bp.post("/shop/destinations")
@requires(Permission.DESK_ACT)
@reshow(shop)
def choose_destinations() -> ResponseReturnValue:
    """Send everywhere, or to some countries only."""
    vendor = queries.shop_for(current_actor()).vendor
    countries = Destinations.parse(request.form).countries
    vendor_service.choose_destinations(
        organisation_id=vendor.organisation_id, countries=countries, actor=current_actor()
    )
    flash(N_("Saved. Your products will show it within a minute."))
    return redirect(url_for("desk.shop"), 303)


@bp.post("/shop/reading")
@requires(Permission.DESK_ACT)
@reshow(shop)
def spell_in_latin() -> ResponseReturnValue:
    """Say how name and city read in Latin letters."""
    reading = LatinReading.parse(request.form)
    vendor_service.spell_in_latin(
        organisation_id=queries.shop_for(current_actor()).vendor.organisation_id,
        name_latin=reading.name,
        city_latin=reading.city,
        actor=current_actor(),
    )
    flash(N_("Saved. Buyers will see it in a moment."))
    return redirect(url_for("desk.shop"), 303)


@bp.post("/shop/phone")
@requires(Permission.DESK_ACT)
@reshow(shop)
def give_telephone() -> ResponseReturnValue:
    """Say under which number buyers reach the trader."""
    vendor = queries.shop_for(current_actor()).vendor
    vendor_service.give_telephone(
        organisation_id=vendor.organisation_id,
        phone=parse_phone(request.form, vendor),
        actor=current_actor(),
    )
    flash(N_("Saved. Your products will show it within a minute."))
    return redirect(url_for("desk.shop"), 303)


@bp.post("/shop/responsible")
@requires(Permission.DESK_ACT)
@reshow(shop)
def name_responsible() -> ResponseReturnValue:
    """Say who answers in the European Union for the safety of all products."""
    vendor_service.name_responsible(
        organisation_id=queries.shop_for(current_actor()).vendor.organisation_id,
        responsible=parse_responsible(request.form),
        actor=current_actor(),
    )
    flash(N_("Saved. Your products will show it within a minute."))
    return redirect(url_for("desk.shop"), 303)


_PACKED = NP_(
    "%(count)d order is packed. The carrier collects the parcel.",
    "%(count)d orders are packed. The carriers collect the parcels.",
    by="count",
)


@bp.post("/orders/dispatch")
@requires(Permission.DESK_ACT)
@reshow(order_list)
def dispatch_ticked() -> ResponseReturnValue:
    """Hand all ticked orders to their carriers."""
    count = order_service.dispatch_all(
        order_refs=request.form.getlist("order"), actor=current_actor()
    )
    flash(_PACKED, count=count)
    return redirect(url_for("desk.order_list", view="under-way"), 303)


@bp.post("/orders/<ref>/cancel")
@requires(Permission.DESK_ACT)
@reshow(order)
def cancel(ref: str) -> ResponseReturnValue:
    """Call an order off that cannot be packed."""
    order_service.cancel(order_ref=ref, actor=current_actor())
    flash(N_("Order cancelled. The buyer has been refunded."))
    return redirect(url_for("desk.order", ref=ref), 303)
