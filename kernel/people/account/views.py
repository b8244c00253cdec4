"""Pages of one's own safety."""

from __future__ import annotations

from uuid import UUID

from flask import Response, g, make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from kernel.people.account import queries, service
from kernel.people.emails import service as emails
from kernel.people.identity import safety_log
from kernel.people.identity import service as identity
from kernel.people.identity.forms import Address, LanguageOfMails, NewPassword
from kernel.people.identity.permissions import Permission
from kernel.people.identity.safety_log import LogLine
from kernel.people.mfa import queries as factors
from kernel.people.mfa.forms import NewPasskey, given_of
from kernel.people.notices import queries as notices
from kernel.people.notices import service as choosing
from kernel.people.recovery import service as recovery
from kernel.text import N_
from kernel.web import (
    current_actor,
    flash,
    kept_forms,
    own_address,
    pages,
    presence,
    render,
    requires,
    reshow,
)
from kernel.web.arguments import row_number
from kernel.web.files import attached
from kernel.web.session_limits import Risk

bp = pages("account", __name__, prefix="/account/security")


@bp.get("")
@requires(Permission.ACCOUNT_VIEW)
def security() -> ResponseReturnValue:
    """Show how one signs in, where, and what happened lately."""
    return render("kernel/people/account/security.html", page=queries.security(current_actor()))


@bp.get("/confirm")
@requires(Permission.ACCOUNT_VIEW)
def confirm() -> ResponseReturnValue:
    """Ask for proof before a change that matters, or when a page has locked itself."""
    actor, locked = current_actor(), _locked()
    refused = presence.refusal(locked) if locked else None
    if locked and refused is None and _next():  # proved in another window meanwhile
        return redirect(_next(), 303)
    return render(
        "kernel/people/account/confirm.html",
        next=_next(),
        locked=locked,
        refused=refused,
        kept=g.get("kept_form") or request.form.get("kept", ""),
        pressed="pressed" in request.args,
        ways=queries.ways(actor),
        passkey=queries.confirm_question(actor, host_url=request.host_url),
    )


@bp.post("/confirm")
@requires(Permission.ACCOUNT_VIEW)
@reshow(confirm)
def prove() -> ResponseReturnValue:
    """Note the proof and go back to what it was for; a form that waits is shown first."""
    form, address = request.form, request.remote_addr or ""
    is_typed = "password" in form
    identity.confirm(
        given=None if is_typed else given_of(form, host_url=request.host_url, address=address),
        password=form.get("password", ""),
        address=address,
        actor=current_actor(),
    )
    presence.prove()
    kept = kept_forms.open_form(form.get("kept", ""))
    if kept is None:
        return redirect(_next() or url_for("account.security"), 303)
    return render("kernel/people/account/kept.html", kept=kept)


@bp.get("/work")
@requires(Permission.ACCOUNT_VIEW)
def work() -> ResponseReturnValue:
    """Say what is missing before somebody's work for the house opens, and lead to it.

    A letter's link leads here too, and this browser keeps it.
    """
    actor = current_actor()
    if followed := request.args.get("letter", ""):
        return _keep_letter(followed)
    page = queries.work_page(actor, letter=_letter())
    if not actor.withheld:
        return redirect(_next() or url_for("account.security"), 303)
    if page.has_factor:
        return redirect(url_for("account.confirm", next=_next() or None), 303)
    return render("kernel/people/account/work.html", page=page, next=_next())


@bp.post("/work")
@requires(Permission.ACCOUNT_VIEW)
@reshow(work)
def write_letter() -> ResponseReturnValue:
    """Write to whoever works for the house and has no second factor yet."""
    service.write_letter(back=_next(), actor=current_actor())
    flash(N_("We've emailed you a link. It works for one day."))
    return redirect(url_for("account.work", next=_next() or None), 303)


@bp.get("/app")
@requires(Permission.ACCOUNT_VIEW)
def app() -> ResponseReturnValue:
    """Show the app that is being set up."""
    page = queries.app_page(current_actor(), begun=_begun())
    return _unkept(render("kernel/people/account/app.html", page=page))


@bp.post("/app")
@requires(Permission.ACCOUNT_VIEW)
def begin_app() -> ResponseReturnValue:
    """Begin to set an app up."""
    session["app"] = str(service.begin_app(letter=_letter(), actor=current_actor()) or "")
    return redirect(url_for("account.app", next=_next() or None), 303)


@bp.post("/app/confirm")
@requires(Permission.ACCOUNT_VIEW)
@reshow(app)
def confirm_app() -> ResponseReturnValue:
    """Let the app count from its first right code on."""
    given = given_of(request.form, host_url=request.host_url, address=request.remote_addr or "")
    service.confirm_app(begun=_begun(), given=given, letter=_letter(), actor=current_actor())
    flash(N_("Authenticator app set up."))
    return redirect(_next() or url_for("account.security"), 303)


@bp.post("/app/remove")
@requires(Permission.ACCOUNT_VIEW)
def remove_app() -> ResponseReturnValue:
    """Let the app count no more."""
    service.remove_app(actor=current_actor())
    flash(N_("Authenticator app removed."))
    return redirect(url_for("account.security"), 303)


@bp.get("/passkeys/new")
@requires(Permission.ACCOUNT_VIEW)
def new_passkey() -> ResponseReturnValue:
    """Show the form for a passkey."""
    asked = queries.new_passkey(current_actor(), host_url=request.host_url, letter=_letter())
    return _unkept(render("kernel/people/account/passkey.html", passkey=asked, next=_next()))


@bp.post("/passkeys")
@requires(Permission.ACCOUNT_VIEW)
@reshow(new_passkey)
def add_passkey() -> ResponseReturnValue:
    """Keep a new passkey."""
    form = NewPasskey.parse(request.form)
    service.add_passkey(
        credential=form.credential,
        label=form.label,
        party=factors.party_for(request.host_url),
        letter=_letter(),
        actor=current_actor(),
    )
    flash(N_("Your passkey is ready."))
    return redirect(_next() or url_for("account.security"), 303)


@bp.post("/passkeys/<uuid:passkey_id>/remove")
@requires(Permission.ACCOUNT_VIEW)
def remove_passkey(passkey_id: UUID) -> ResponseReturnValue:
    """Let a passkey count no more."""
    service.remove_passkey(passkey_id=passkey_id, actor=current_actor())
    flash(N_("Passkey removed here. Delete it on your device too."))
    return redirect(url_for("account.security"), 303)


@bp.post("/codes")
@requires(Permission.ACCOUNT_VIEW)
@reshow(security)
def make_codes() -> ResponseReturnValue:
    """Make recovery codes and show them this once."""
    codes = service.make_codes(actor=current_actor())
    return _unkept(render("kernel/people/account/codes.html", codes=codes))


@bp.post("/reset/cancel")
@requires(Permission.ACCOUNT_VIEW)
def cancel_reset() -> ResponseReturnValue:
    """Cancel the announced reset of the second factors."""
    recovery.cancel_own(actor=current_actor())
    flash(N_("Reset cancelled. Someone knows your password, so choose a new one now."))
    return redirect(url_for("account.password"), 303)


@bp.get("/password")
@requires(Permission.ACCOUNT_VIEW)
def password() -> ResponseReturnValue:
    """Show the form for a new password."""
    factors.require_fresh(current_actor())
    return render("kernel/people/account/password.html")


@bp.post("/password")
@requires(Permission.ACCOUNT_VIEW)
@reshow(password)
def change_password() -> ResponseReturnValue:
    """Take a new password."""
    form = NewPassword.parse(request.form)
    service.change_password(password=form.password, actor=current_actor())
    flash(N_("Password changed. All your other devices are signed out."))
    return redirect(url_for("account.security"), 303)


@bp.get("/email")
@requires(Permission.ACCOUNT_VIEW)
def email() -> ResponseReturnValue:
    """Show the form for a new address."""
    factors.require_fresh(current_actor())
    return render("kernel/people/account/email.html")


@bp.post("/email")
@requires(Permission.ACCOUNT_VIEW)
@reshow(email)
def change_email() -> ResponseReturnValue:
    """Write to the new address; it counts once its link is followed."""
    form = Address.parse(request.form)
    emails.ask(email=form.email, actor=current_actor())
    flash(N_("We emailed your new address. Follow the link in it to finish the change."))
    return redirect(url_for("account.security"), 303)


@bp.get("/notices")
@requires(Permission.ACCOUNT_VIEW)
def mails() -> ResponseReturnValue:
    """Show which mails one gets."""
    return render(
        "kernel/people/account/notices.html",
        choices=notices.choices_of(current_actor()),
        language=queries.language_of(current_actor()),
    )


@bp.post("/notices")
@requires(Permission.ACCOUNT_VIEW)
def choose_mails() -> ResponseReturnValue:
    """Keep which mails one wants."""
    offered = [choice.notice.key for choice in notices.choices_of(current_actor())]
    wanted = set(request.form.getlist("wanted"))
    choosing.choose(offered=offered, wanted=wanted, actor=current_actor())
    flash(N_("Saved."))
    return redirect(url_for("account.mails"), 303)


@bp.post("/notices/language")
@requires(Permission.ACCOUNT_VIEW)
@reshow(mails)
def choose_language() -> ResponseReturnValue:
    """Keep in which language one's mails come."""
    chosen = LanguageOfMails.parse(request.form)
    identity.choose_language(locale=chosen.locale, actor=current_actor())
    flash(N_("Saved."))
    return redirect(url_for("account.mails"), 303)


@bp.get("/log")
@requires(Permission.ACCOUNT_VIEW)
def log() -> ResponseReturnValue:
    """Show what happened to the account, newest first."""
    page = safety_log.log_of(current_actor(), before=request.args.get("before", type=row_number))
    return render("kernel/people/account/log.html", page=page)


@bp.get("/log.csv")
@requires(Permission.ACCOUNT_VIEW)
def log_file() -> ResponseReturnValue:
    """Send what happened as a file."""
    table = queries.log_file(current_actor(), words=_words)
    return attached(table, name="security-log.csv", kind="text/csv")


def _words(line: LogLine) -> str:
    return render("kernel/people/safety/line.txt", line=line).strip()


def _locked() -> Risk | None:
    """Return which part of the house has locked itself, None when it is about a change."""
    asked = g.get("locked") or request.values.get("why", "")
    return Risk(asked) if asked in set(Risk) else None


def _keep_letter(followed: str) -> ResponseReturnValue:
    queries.check_letter(current_actor(), letter=followed)
    session["letter"] = followed
    return redirect(url_for("account.work", next=_next() or None), 303)


def _letter() -> str:
    """Return the link that this browser followed, empty without one; a command judges it."""
    return str(session.get("letter", ""))


def _begun() -> UUID | None:
    """Return the app that this browser began to set up, None without one."""
    begun = session.get("app", "")
    return UUID(begun) if begun else None


def _next() -> str:
    return own_address(request.values.get("next", ""))


def _unkept(page: str) -> Response:
    """Return a page with a secret on it, which no cache may keep."""
    answer = make_response(page)
    answer.headers["Cache-Control"] = "no-store"
    return answer
