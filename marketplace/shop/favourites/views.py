"""Favourites: the heart beside goods, the lists that it fills, and what may be done with them."""

from __future__ import annotations

from flask import Flask, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import user_logged_in

from kernel.text import N_
from kernel.web import (
    current_actor,
    flash,
    own_address,
    pages,
    preferences,
    public,
    render,
    requires,
    reshow,
)
from kernel.web.addresses import own_language
from kernel.web.arguments import row_number
from kernel.web.blueprints import root_blueprint
from kernel.web.shell import SignedIn
from marketplace.permissions import Permission
from marketplace.shop.favourites import hearts, letters, queries, service
from marketplace.shop.favourites.forms import parse_heart, parse_list, parse_name, parse_shown_name

bp = pages("favourites", __name__, prefix="/favourites")
links = root_blueprint("lists", __name__)


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """Show the first list, or what this browser keeps by itself."""
    if current_actor().is_signed_in:
        return _shown(None)
    page = queries.of_browser(hearts.kept(), preferences())
    return render("marketplace/shop/favourites/index.html", page=page)


@bp.get("/<int:list_id>/")
@requires(Permission.FAVOURITES_KEEP)
def show(list_id: int) -> ResponseReturnValue:
    """Show one of one's lists."""
    return _shown(list_id)


@bp.post("/hearts")
@public
@reshow(index)
def keep() -> ResponseReturnValue:
    """Fill the heart of goods, and go back to where it was pressed."""
    actor = current_actor()
    kept = queries.priced(parse_heart(request.form), preferences())
    if actor.is_signed_in:
        service.keep(kept=kept, actor=actor)
    else:
        hearts.keep(kept)
    return _back(N_("Saved to your favourites."))


@bp.post("/hearts/drop")
@public
@reshow(index)
def drop() -> ResponseReturnValue:
    """Empty the heart of goods, and go back to where it was pressed."""
    actor, ref = current_actor(), parse_heart(request.form)
    if actor.is_signed_in:
        service.drop(ref=ref, actor=actor)
    else:
        hearts.drop(ref)
    return _back(N_("Removed from your favourites."))


@bp.post("/")
@requires(Permission.FAVOURITES_KEEP)
@reshow(index)
def begin() -> ResponseReturnValue:
    """Begin a list."""
    list_id = service.begin(name=parse_name(request.form), actor=current_actor())
    return redirect(url_for(".show", list_id=list_id), 303)


@bp.post("/<int:list_id>/name")
@requires(Permission.FAVOURITES_KEEP)
@reshow(show)
def name(list_id: int) -> ResponseReturnValue:
    """Call a list something else."""
    service.name_list(list_id=list_id, name=parse_name(request.form), actor=current_actor())
    return redirect(url_for(".show", list_id=list_id), 303)


@bp.post("/<int:list_id>/share")
@requires(Permission.FAVOURITES_KEEP)
@reshow(show)
def share(list_id: int) -> ResponseReturnValue:
    """Let whoever has its link read a list."""
    shown_name = parse_shown_name(request.form)
    service.share(list_id=list_id, shown_name=shown_name, actor=current_actor())
    return redirect(url_for(".show", list_id=list_id, _anchor="sharing"), 303)


@bp.post("/<int:list_id>/withdraw")
@requires(Permission.FAVOURITES_KEEP)
def withdraw(list_id: int) -> ResponseReturnValue:
    """Let nobody else read a list any more."""
    service.withdraw(list_id=list_id, actor=current_actor())
    flash(N_("The link no longer works."))
    return redirect(url_for(".show", list_id=list_id), 303)


@links.get("/lists/<token>")
@public
def open_link(token: str) -> ResponseReturnValue:
    """Lead whoever has a link to the list in their own language."""
    answer = redirect(url_for("favourites.shared", lang=own_language(), token=token), 302)
    answer.headers["Vary"] = "Accept-Language, Cookie"
    return answer


@bp.get("/shared/<token>")
@public
def shared(token: str) -> ResponseReturnValue:
    """Show a list to whoever has its link."""
    before = request.args.get("before", type=row_number)
    page = queries.shared(token, before=before, prefs=preferences())
    return render("marketplace/shop/favourites/shared.html", page=page, token=token)


@bp.get("/letters/<token>")
@public
def ask_to_stop(token: str) -> ResponseReturnValue:
    """Ask whoever comes from a letter whether no other shall follow."""
    letters.reader_of(token)
    return render("marketplace/shop/favourites/stop.html", token=token)


@bp.post("/letters/<token>")
@public
def stop_letters(token: str) -> ResponseReturnValue:
    """Send no letters about favourites any more."""
    letters.stop_letters(token=token, actor=current_actor())
    flash(N_("Done. You won't get emails about favourites any more."))
    return redirect(url_for(".index"), 303)


@bp.post("/<int:list_id>/end")
@requires(Permission.FAVOURITES_KEEP)
def end(list_id: int) -> ResponseReturnValue:
    """Delete a list."""
    service.end(list_id=list_id, actor=current_actor())
    flash(N_("The list is deleted."))
    return redirect(url_for(".index"), 303)


@bp.post("/items/<int:wish_id>/off")
@requires(Permission.FAVOURITES_KEEP)
def take_off(wish_id: int) -> ResponseReturnValue:
    """Take goods off a list."""
    return _to(service.take_off(wish_id=wish_id, actor=current_actor()))


@bp.post("/items/<int:wish_id>/move")
@requires(Permission.FAVOURITES_KEEP)
def move(wish_id: int) -> ResponseReturnValue:
    """Move goods to another list."""
    wanted = parse_list(request.form)
    return _to(service.move(wish_id=wish_id, list_id=wanted, actor=current_actor()))


def take_along(_app: Flask, user: SignedIn) -> None:
    """Put what this browser kept on the lists of who has just signed in."""
    brought = hearts.hand_over()
    if brought:
        service.take_along(brought=brought, actor=user.actor)


# The ground floor lets people in and knows no lists; Flask-Login tells whoever wants to hear.
user_logged_in.connect(take_along)


def _shown(list_id: int | None) -> ResponseReturnValue:
    before = request.args.get("before", type=row_number)
    page = queries.page_of(current_actor(), list_id=list_id, before=before, prefs=preferences())
    return render("marketplace/shop/favourites/index.html", page=page)


def _back(news: str) -> ResponseReturnValue:
    # With a script the heart itself is the news, and no other page is opened.
    if not request.form.get("quiet"):
        flash(news)
    return redirect(own_address(request.form.get("next", "")) or url_for(".index"), 303)


def _to(list_id: int | None) -> ResponseReturnValue:
    return redirect(url_for(".show", list_id=list_id) if list_id else url_for(".index"), 303)
