"""Pages of people: sign up, sign in, account with its sessions."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import logout_user

from kernel.people.identity import queries, service
from kernel.people.identity.forms import SignIn, SignUp
from kernel.people.identity.permissions import Permission
from kernel.people.mfa import queries as factors
from kernel.people.mfa.forms import given_of
from kernel.people.mfa.service import Given
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
from kernel.web.preferences import COUNTRY_CURRENCY, choose
from kernel.web.seating import seat

bp = pages("identity", __name__)
_KEPT = {"country", "currency", "_permanent"}


@bp.get("/sign-up")
@public
def sign_up() -> ResponseReturnValue:
    """Show the form for a new account; what a guest typed stands there already."""
    known = queries.guest_known(current_actor())
    return render("kernel/people/identity/sign_up.html", next=_next(), known=known)


@bp.post("/sign-up")
@public
@reshow(sign_up)
def register() -> ResponseReturnValue:
    """Open the account and sign in."""
    form = SignUp.parse(request.form)
    service.sign_up(
        email=form.email,
        password=form.password,
        name=form.name,
        locale=preferences().locale,
        country=preferences().country,
        address=request.remote_addr or "",
        actor=current_actor(),
    )
    _enter(form.email, form.password)
    flash(N_("Welcome to Entrepôt. Your account is ready."))
    return redirect(_onward(), 303)


@bp.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Show the form."""
    asked = factors.question(host_url=request.host_url, purpose="sign-in")
    return render("kernel/people/identity/sign_in.html", next=_next(), passkey=asked)


@bp.post("/sign-in")
@public
@reshow(sign_in)
def enter() -> ResponseReturnValue:
    """Check and sign in, or lead to the second step."""
    form = SignIn.parse(request.form)
    if not _enter(form.email, form.password):
        return redirect(url_for("identity.second_step", next=_next() or None), 303)
    return redirect(_onward(), 303)


@bp.post("/sign-in/passkey")
@public
@reshow(sign_in)
def enter_by_passkey() -> ResponseReturnValue:
    """Sign in whoever the passkey belongs to."""
    session_id = service.sign_in_by_passkey(
        given=_given(), device=request.user_agent.string, actor=current_actor()
    )
    _seat(session_id)
    return redirect(_onward(), 303)


@bp.get("/sign-in/second")
@public
def second_step() -> ResponseReturnValue:
    """Ask for the passkey or a code of whoever gave the right password."""
    waiting = _half()
    person_id = queries.who_waits(waiting)
    if person_id is None:
        return redirect(url_for("identity.sign_in", next=_next() or None), 303)
    asked = factors.question(
        host_url=request.host_url, purpose=f"second:{waiting}", person_id=person_id
    )
    return render(
        "kernel/people/identity/second_step.html",
        next=_next(),
        passkey=asked,
        ways=factors.ways_of(person_id),
    )


@bp.post("/sign-in/second")
@public
@reshow(second_step)
def finish() -> ResponseReturnValue:
    """Check the second step and open the session."""
    waiting = _half()
    service.finish_sign_in(session_id=waiting, given=_given(), actor=current_actor())
    _seat(waiting)
    return redirect(_onward(), 303)


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End this session."""
    actor = current_actor()
    if actor.session_id is not None:
        service.end_session(session_id=actor.session_id, actor=actor)
    # Whoever sits down here next inherits how prices are shown, nothing of the person before.
    for name in session.keys() - _KEPT:
        session.pop(name)
    logout_user()
    answer = redirect(f"/{request.path.split('/')[1]}/", 303)
    # Not cookies: how prices, language and colours are shown stays. Source: W3C Clear Site Data.
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@bp.get("/account")
@requires(Permission.ACCOUNT_VIEW)
def account() -> ResponseReturnValue:
    """Show the person's account."""
    actor = current_actor()
    person_id = actor.somebody()
    return render(
        "kernel/people/identity/account.html",
        person=queries.person(person_id),
    )


@bp.post("/account/sessions/<uuid:session_id>/end")
@requires(Permission.ACCOUNT_VIEW)
def end_session(session_id: UUID) -> ResponseReturnValue:
    """Sign one device out."""
    service.end_session(session_id=session_id, actor=current_actor())
    flash(N_("That device is signed out."))
    return redirect(url_for("account.security"), 303)


@bp.post("/account/sessions/end-others")
@requires(Permission.ACCOUNT_VIEW)
def end_other_sessions() -> ResponseReturnValue:
    """Sign every other device out."""
    service.end_other_sessions(actor=current_actor())
    flash(N_("All your other devices are signed out."))
    return redirect(url_for("account.security"), 303)


def _enter(email: str, password: str) -> bool:
    """Return whether the password was enough."""
    session_id = service.sign_in(
        email=email,
        password=password,
        device=request.user_agent.string,
        address=request.remote_addr or "",
        actor=current_actor(),
    )
    return _seat(session_id)


def _seat(session_id: UUID | None) -> bool:
    """Sign this browser in; keep the session aside while its second step is due."""
    actor = queries.actor_of_session(str(session_id))
    if actor is None:
        session["half"] = str(session_id)
        return False
    seat(actor)
    if actor.person_id is not None and "country" not in session:
        person = queries.person(actor.person_id)
        if person is not None and person.country in COUNTRY_CURRENCY:
            choose(country=person.country, currency=COUNTRY_CURRENCY[person.country])
    return True


def _onward() -> str:
    """Return where somebody goes who is signed in now; work for the house asks for more first."""
    if current_actor().withheld:
        return url_for("account.work", next=_next() or None)
    return _next() or url_for("identity.account")


def _half() -> UUID | None:
    half = session.get("half")
    return UUID(half) if half else None


def _given() -> Given:
    return given_of(request.form, host_url=request.host_url, address=request.remote_addr or "")


def _next() -> str:
    return own_address(request.values.get("next", ""))
