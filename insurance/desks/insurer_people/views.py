"""Pages about an insurer's people, and the one that an invitation leads to."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from insurance.desks.insurer.forms import chosen
from insurance.desks.insurer_people import forms, pages
from insurance.permissions import Permission
from insurance.reporting.insurer_people import service
from kernel.text import N_
from kernel.web import current_actor, flash, public, render, requires, reshow
from kernel.web import pages as blueprint

bp = blueprint("insurer_people", __name__, prefix="/cover/insurer")


@bp.get("/people")
@requires(Permission.INSURER_APPOINT)
def index() -> ResponseReturnValue:
    """Show who may look at an insurer's figures, who waits, and who no longer may."""
    page = pages.people_page(chosen(request.args, current_actor()), current_actor())
    return render(
        "insurance/desks/insurer_people/index.html",
        page=page,
        parts=pages.PARTS,
        stages=pages.STAGES,
    )


@bp.post("/people")
@requires(Permission.INSURER_APPOINT)
@reshow(index)
def propose() -> ResponseReturnValue:
    """Propose somebody; another officer sends the invitation."""
    email, part = forms.parse_proposal(request.form)
    insurer = chosen(request.args, current_actor())
    service.propose(insurer_key=insurer.key, email=email, part=part, actor=current_actor())
    flash(N_("Proposed. Another officer can send the invitation now."))
    return redirect(url_for("insurer_people.index", insurer=insurer.key), 303)


@bp.get("/people/<uuid:person_id>")
@requires(Permission.INSURER_APPOINT)
def show(person_id: UUID) -> ResponseReturnValue:
    """Show who let somebody in and out, and when."""
    page = pages.person_page(person_id, current_actor())
    return render(
        "insurance/desks/insurer_people/show.html",
        page=page,
        parts=pages.PARTS,
        stages=pages.STAGES,
    )


@bp.post("/people/<uuid:person_id>/send")
@requires(Permission.INSURER_APPOINT)
@reshow(show)
def send(person_id: UUID) -> ResponseReturnValue:
    """Send the invitation, again if it has expired."""
    service.send(person_id=person_id, actor=current_actor())
    flash(N_("The invitation is on its way."))
    return redirect(url_for("insurer_people.show", person_id=person_id), 303)


@bp.post("/people/<uuid:person_id>/end")
@requires(Permission.INSURER_APPOINT)
@reshow(show)
def end(person_id: UUID) -> ResponseReturnValue:
    """End somebody's access, or take an invitation back."""
    reason = forms.parse_reason(request.form)
    service.end(person_id=person_id, reason=reason, actor=current_actor())
    flash(N_("Ended. It stays in the history."))
    return redirect(url_for("insurer_people.show", person_id=person_id), 303)


@bp.get("/join/<token>")
@public
def invitation(token: str) -> ResponseReturnValue:
    """Show which insurer somebody is invited by, and what is missing before they join."""
    page = pages.join_page(token, current_actor())
    return render("insurance/desks/insurer_people/join.html", page=page, parts=pages.PARTS)


@bp.post("/join/<token>")
@requires(Permission.INSURER_JOIN)
@reshow(invitation)
def join(token: str) -> ResponseReturnValue:
    """Join, and sign in anew: the second step is asked for then."""
    service.join(token=token, actor=current_actor())
    flash(N_("You have access now. Sign in again to set up your second step."))
    return redirect(url_for("identity.sign_in", next=url_for("insurer.index")), 303)
