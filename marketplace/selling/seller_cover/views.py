"""Pages of a shop's own cover."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from insurance import api as cover
from kernel.text import N_
from kernel.web import current_actor, flash, pages, render, requires, reshow
from kernel.web.locales import current_locale
from kernel.web.preferences import COUNTRY_CURRENCY
from marketplace.catalogue.vendors import queries as vendors
from marketplace.permissions import Permission
from marketplace.selling.seller_cover import queries
from marketplace.selling.seller_cover.forms import parse_change, parse_rule

bp = pages("own_cover", __name__, prefix="/desk/cover")


@bp.get("/")
@requires(Permission.DESK_VIEW)
def home() -> ResponseReturnValue:
    """Show the shop's rules, what they cost, and losses by lane."""
    return render(
        "marketplace/selling/seller_cover/home.html",
        page=queries.cover_page_for(current_actor()),
        countries=tuple(COUNTRY_CURRENCY),
    )


@bp.post("/rules")
@requires(Permission.DESK_ACT)
@reshow(home)
def add() -> ResponseReturnValue:
    """Insure parcels by a new rule."""
    vendor = vendors.vendor_of(current_actor())
    cover.add_seller_rule(
        organisation_id=vendor.organisation_id,
        terms=parse_rule(request.form, vendor.currency),
        locale=current_locale(),
        actor=current_actor(),
    )
    flash(N_("Saved. It covers what is ordered from now on."))
    return redirect(url_for("own_cover.home"), 303)


@bp.get("/rules/<ref>")
@requires(Permission.DESK_VIEW)
def rule(ref: str) -> ResponseReturnValue:
    """Show one rule to be changed or stopped."""
    found = cover.seller_rule_for(current_actor(), ref)
    return render("marketplace/selling/seller_cover/rule.html", rule=found)


@bp.post("/rules/<ref>")
@requires(Permission.DESK_ACT)
@reshow(rule)
def change(ref: str) -> ResponseReturnValue:
    """Let a rule say something else."""
    found = cover.seller_rule_for(current_actor(), ref)
    cover.change_seller_rule(
        ref=ref,
        terms=parse_change(request.form, found),
        locale=current_locale(),
        actor=current_actor(),
    )
    flash(N_("Saved. Parcels that are covered already stay as they are."))
    return redirect(url_for("own_cover.home"), 303)


@bp.post("/rules/<ref>/stop")
@requires(Permission.DESK_ACT)
@reshow(rule)
def stop(ref: str) -> ResponseReturnValue:
    """Insure nothing more by a rule."""
    cover.stop_seller_rule(ref=ref, actor=current_actor())
    flash(N_("Stopped. Parcels that are covered already stay covered."))
    return redirect(url_for("own_cover.home"), 303)
