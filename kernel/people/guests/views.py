"""Pages of guests: the door of letters' links, a fresh one of these, an account in one field."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from kernel.people.guests import links, service, taking
from kernel.people.guests.forms import Sought
from kernel.people.guests.queries import GuestView
from kernel.people.identity import queries as people
from kernel.people.identity.forms import NewPassword
from kernel.people.identity.permissions import Permission
from kernel.text import N_
from kernel.web import (
    current_actor,
    flash,
    own_address,
    pages,
    public,
    render,
    requires,
    reshow,
)
from kernel.web.addresses import home
from kernel.web.seating import seat

bp = pages("guests", __name__, prefix="/guest")


@bp.get("")
@public
def find() -> ResponseReturnValue:
    """Ask for the address and the number of an order."""
    return render("kernel/people/guests/find.html", is_over="next" in request.args)


@bp.post("")
@public
@reshow(find)
def send() -> ResponseReturnValue:
    """Have a link to the order sent."""
    form = Sought.parse(request.form)
    service.ask_link(
        email=form.email,
        ref=form.ref,
        address=request.remote_addr or "",
        actor=current_actor(),
    )
    return redirect(url_for("guests.sent"), 303)


@bp.get("/sent")
@public
def sent() -> ResponseReturnValue:
    """Say where to look, and nothing of whether there is such an order."""
    return render("kernel/people/guests/sent.html")


@bp.get("/<token>")
@public
def come(token: str) -> ResponseReturnValue:
    """Let who followed a letter's link see what it names, without a password.

    Whoever is signed in with an account stays so, and may keep the order in it; what an account
    has already is shown to it alone.
    """
    guest = links.guest_of_token(token)
    if guest.is_over or current_actor().is_signed_in:
        return _to_account(guest, token)
    _let_in(guest)
    return redirect(_next() or home(), 303)


@bp.post("/<token>/keep")
@requires(Permission.ACCOUNT_VIEW)
@reshow(come)
def keep(token: str) -> ResponseReturnValue:
    """Take along what a guest has into the account that is signed in; the link is the proof."""
    actor = current_actor()
    taking.take_along(
        guest_id=links.guest_of_token(token).id, person_id=actor.somebody(), actor=actor
    )
    flash(N_("Your order is in your account now."))
    return redirect(_next() or home(), 303)


@bp.get("/account")
@requires(Permission.GUEST_KEEP)
def account() -> ResponseReturnValue:
    """Ask a guest for the one thing that an account needs beside what is known: a password."""
    return render("kernel/people/guests/account.html", next=_next())


@bp.post("/account")
@requires(Permission.GUEST_KEEP)
@reshow(account)
def open_account() -> ResponseReturnValue:
    """Open the account, with everything the guest has in it, and sign in."""
    form = NewPassword.parse(request.form)
    session_id = service.open_account(
        password=form.password,
        device=request.user_agent.string,
        address=request.remote_addr or "",
        actor=current_actor(),
    )
    _seat(session_id)
    flash(N_("Welcome to Entrepôt. Your order is in your new account."))
    return redirect(_next() or url_for("identity.account"), 303)


def _to_account(guest: GuestView, token: str) -> ResponseReturnValue:
    if not current_actor().is_signed_in:
        return redirect(url_for("identity.sign_in", next=_next() or None), 303)
    if guest.is_over:
        return redirect(_next() or home(), 303)
    return render("kernel/people/guests/keep.html", guest=guest, token=token, next=_next())


def _let_in(guest: GuestView) -> None:
    """Seat this browser as the guest, unless it is theirs already."""
    actor = current_actor()
    if actor.person_id == guest.id:
        return
    session_id = service.enter(
        guest_id=guest.id,
        device=request.user_agent.string,
        address=request.remote_addr or "",
        actor=actor,
    )
    _seat(session_id)


def _seat(session_id: UUID) -> None:
    entered = people.actor_of_session(str(session_id))
    assert entered is not None, "the session was opened a moment ago"
    seat(entered)


def _next() -> str:
    return own_address(request.values.get("next", ""))
