"""The shop's public pages."""

from __future__ import annotations

from flask import Response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from kernel.errors import NotFound
from kernel.web import pages, preferences, public, render
from kernel.web.blueprints import root_blueprint
from kernel.web.old_pages import may_be_old
from kernel.web.preferences import LANGUAGES
from kernel.web.rate_limits import limited_as
from marketplace.shop.listing_index.queries import Order
from marketplace.shop.storefront import front_page, goods, queries, reductions, sitemaps, tiles
from marketplace.shop.storefront.comparison import comparison
from marketplace.shop.storefront.forms import address_of, parse_query, parse_wish, wants_original
from marketplace.shop.storefront.imprint import imprint
from marketplace.shop.storefront.rules import ORDERS, SORTS

bp = pages("storefront", __name__)
machines = root_blueprint("machines", __name__)


@bp.get("/")
@public
@may_be_old
def home() -> ResponseReturnValue:
    """Show the front page."""
    return render("marketplace/shop/storefront/home.html", page=front_page.home(preferences()))


@bp.get("/goods/", defaults={"key": None})
@bp.get("/c/<path:key>")
@public
@may_be_old
def category(key: str | None) -> ResponseReturnValue:
    """Show a shelf, or everything there is."""
    page = queries.category_page(
        key=key,
        order=_order(),
        after=request.args.get("after", ""),
        prefs=preferences(),
        is_wide=request.args.get("all") == "1",
    )
    return render("marketplace/shop/storefront/category.html", page=page, orders=ORDERS)


@bp.get("/price-drops/")
@public
@may_be_old
def price_drops() -> ResponseReturnValue:
    """Show all goods whose price is lower than it was."""
    page = reductions.page(after=request.args.get("after", ""), prefs=preferences())
    return render("marketplace/shop/storefront/price_drops.html", page=page)


@bp.get("/search")
@limited_as("search")
@public
@may_be_old
def search() -> ResponseReturnValue:
    """Show what was searched for."""
    prefs = preferences()
    page = queries.search_page(parse_query(request.args, prefs.currency), prefs)
    return render(
        "marketplace/shop/storefront/search.html",
        page=page,
        sorts=SORTS,
        args=lambda query: address_of(query, prefs.currency),
    )


@bp.get("/p/<ref>/", defaults={"slug": ""})
@bp.get("/p/<ref>/<slug>")
@public
@may_be_old
def product(ref: str, slug: str) -> ResponseReturnValue:
    """Show a product; an outdated address leads to the right one."""
    wish = parse_wish(request.args, is_for_business="business" in session)
    product_page = goods.product_page(ref=ref, wish=wish, prefs=preferences())
    page = product_page.shown
    if slug != page.slug:
        right = url_for(".product", ref=ref, slug=page.slug)
        asked = request.query_string.decode()
        return redirect(f"{right}?{asked}" if asked else right, 308)
    tiles.keep_look(page.product_id)
    return render("marketplace/shop/storefront/product.html", page=page, found=product_page)


@bp.get("/shops/<slug>")
@public
@may_be_old
def vendor(slug: str) -> ResponseReturnValue:
    """Show a shop."""
    page = goods.vendor_page(
        slug=slug,
        after=request.args.get("after", ""),
        prefs=preferences(),
        is_original=wants_original(request.args),
    )
    return render("marketplace/shop/storefront/vendor.html", page=page)


@bp.get("/compare")
@public
@may_be_old
def compare() -> ResponseReturnValue:
    """Show goods of one kind side by side."""
    page = comparison(request.args.getlist("p"), preferences())
    return render("marketplace/shop/storefront/compare.html", page=page)


@bp.get("/seen/")
@public
def seen() -> ResponseReturnValue:
    """Show what this browser looked at."""
    return render("marketplace/shop/storefront/seen.html", looks=tiles.looks())


@bp.post("/seen/forget")
@public
def forget_seen() -> ResponseReturnValue:
    """Let this browser forget what it looked at."""
    tiles.forget_looks()
    return redirect(url_for(".seen"), 303)


@bp.get("/about/ranking")
@public
def ranking() -> ResponseReturnValue:
    """Say how goods are ranked."""
    return render("marketplace/shop/storefront/ranking.html")


@bp.get("/about/help")
@public
def help_() -> ResponseReturnValue:
    """Say whom to ask, and who runs the house."""
    return render("marketplace/shop/storefront/help.html", page=imprint(preferences().country))


@bp.get("/about/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    """Say for whom the house is built, how that is checked and what does not hold."""
    return render(
        "marketplace/shop/storefront/accessibility.html", page=imprint(preferences().country)
    )


@bp.get("/about/price")
@public
def price() -> ResponseReturnValue:
    """Say what is in the price."""
    return render("marketplace/shop/storefront/price.html")


@machines.get("/robots.txt")
@public
def robots() -> ResponseReturnValue:
    """Tell robots what is theirs to read."""
    return Response(sitemaps.robots(), mimetype="text/plain")


@machines.get("/sitemap.xml")
@public
@may_be_old
def sitemap() -> ResponseReturnValue:
    """List the lists of pages."""
    return Response(sitemaps.index(), mimetype="application/xml")


@machines.get("/sitemap/<tag>/shelves.xml", defaults={"start": None})
@machines.get("/sitemap/<tag>/<int:start>.xml")
@public
@may_be_old
def sitemap_part(tag: str, start: int | None) -> ResponseReturnValue:
    """List the pages of one language: shelves and shops, or goods from a number on."""
    if tag not in LANGUAGES:
        raise NotFound
    body = sitemaps.shelves(tag) if start is None else sitemaps.goods(tag, start)
    return Response(body, mimetype="application/xml")


def _order() -> Order:
    asked = request.args.get("sort", "")
    return Order(asked) if asked in ORDERS else Order.BEST
