"""Pages of losses that were paid twice: the holder's choice, and the desk's open cases."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from insurance.losses.claims import queries as claims
from insurance.losses.overpaid import forms, queries, service
from insurance.permissions import Permission
from kernel.text import N_
from kernel.web import current_actor, flash, pages, render, requires, reshow
from kernel.web.session_limits import Risk

bp = pages("overpaid", __name__, prefix="/cover/paid-twice")


@bp.get("/")
@requires(Permission.DESK_VIEW)
def board() -> ResponseReturnValue:
    """Show the open cases, the oldest first."""
    return render("insurance/losses/overpaid/board.html", cases=queries.open_cases())


@bp.get("/claims/<ref>")
@requires(Permission.DESK_VIEW)
def new(ref: str) -> ResponseReturnValue:
    """Show the form for money that came for a paid claim, of which an officer has a paper."""
    file = claims.claim_for(current_actor(), ref)
    left = queries.left_of_indemnity(file.claim)
    return render("insurance/losses/overpaid/new.html", claim=file.claim, left=left)


@bp.post("/claims/<ref>")
@requires(Permission.OVERPAID_HANDLE)
@reshow(new)
def open_known(ref: str) -> ResponseReturnValue:
    """Open a case for money that came for a paid claim."""
    claim = claims.claim_for(current_actor(), ref).claim
    form = forms.Known.parse(request.form, most=queries.left_of_indemnity(claim))
    service.open_known(
        claim_id=claim.id,
        came_from=form.came_from,
        amount=form.amount,
        words=form.words,
        actor=current_actor(),
    )
    flash(N_("Case opened. The policyholder gets an email."))
    return redirect(url_for("overpaid.board"), 303)


@bp.get("/<ref>")
@requires(Permission.POLICY_VIEW)
def show(ref: str) -> ResponseReturnValue:
    """Show who paid what for a loss, and what can be done."""
    file = queries.case_for(current_actor(), ref)
    return render("insurance/losses/overpaid/show.html", file=file, case=file.case)


@bp.post("/<ref>/return")
@requires(Permission.OVERPAID_RETURN, risk=Risk.BANK)
@reshow(show)
def give_back(ref: str) -> ResponseReturnValue:
    """Give the money back, or lead to the approval that it needs first."""
    case = service.give_back(ref=ref, actor=current_actor())
    if case.is_open:
        return redirect(url_for("approvals.show", approval_id=case.approval_id), 303)
    flash(N_("Returned. Thank you."))
    return _back(ref)


@bp.post("/<ref>/answer")
@requires(Permission.OVERPAID_ANSWER)
@reshow(show)
def answer(ref: str) -> ResponseReturnValue:
    """Say why the money is not given back."""
    words = forms.parse_words(request.form, "words")
    service.answer(ref=ref, words=words, actor=current_actor())
    flash(N_("Thanks. An underwriter will read it."))
    return _back(ref)


@bp.post("/<ref>/drop")
@requires(Permission.OVERPAID_HANDLE)
@reshow(show)
def drop(ref: str) -> ResponseReturnValue:
    """Propose to ask for nothing any more."""
    reason = forms.parse_words(request.form, "reason")
    service.propose_drop(ref=ref, reason=reason, actor=current_actor())
    flash(N_("Your proposal is waiting for a second officer."))
    return _back(ref)


@bp.post("/<ref>/drop/confirm")
@requires(Permission.OVERPAID_HANDLE)
@reshow(show)
def confirm_drop(ref: str) -> ResponseReturnValue:
    """Put a colleague's proposal into force."""
    service.confirm_drop(ref=ref, actor=current_actor())
    return _back(ref)


@bp.post("/<ref>/drop/refuse")
@requires(Permission.OVERPAID_HANDLE)
@reshow(show)
def keep_open(ref: str) -> ResponseReturnValue:
    """Refuse a colleague's proposal."""
    service.keep_open(ref=ref, actor=current_actor())
    return _back(ref)


def _back(ref: str) -> ResponseReturnValue:
    return redirect(url_for("overpaid.show", ref=ref), 303)
