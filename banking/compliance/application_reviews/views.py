"""The officers' desk: the queue, one application, its documents, two looks at each decision."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from banking.compliance.application_reviews import queries, words
from banking.compliance.application_reviews.forms import Opening, Proposal, read_after
from banking.compliance.document_log import queries as openings
from banking.compliance.document_log import service as evidence
from banking.compliance.onboarding import queries as applications
from banking.compliance.onboarding import service
from banking.permissions import Permission
from kernel.text import N_, Message
from kernel.web import current_actor, flash, pages, render, requires, reshow
from kernel.web.files import attached, looked_at
from kernel.web.i18n import translate

bp = pages("officers", __name__, prefix="/bank/officers")


@bp.get("/")
@requires(Permission.APPLICATION_REVIEW)
def queue() -> ResponseReturnValue:
    """Show applications in review, the longest waiting first."""
    page = queries.queue_page(after=read_after(request.args))
    return render("banking/compliance/application_reviews/queue.html", page=page, words=words)


@bp.get("/<ref>")
@requires(Permission.APPLICATION_REVIEW)
def dossier(ref: str, document_id: UUID | None = None) -> ResponseReturnValue:
    """Show an application with everything a decision stands on."""
    return render(
        "banking/compliance/application_reviews/dossier.html",
        page=queries.dossier_page(current_actor(), ref),
        words=words,
        reasons=applications.REASONS,
        documents=applications.DOCUMENT_WORDS,
        choices=_choices(applications.REASONS),
        whys=openings.WHY_WORDS,
        asks=_choices(openings.WHY_WORDS),
        asked=document_id,
    )


@bp.post("/<ref>/documents/<uuid:document_id>")
@requires(Permission.APPLICATION_REVIEW)
@reshow(dossier)
def open_document(ref: str, document_id: UUID) -> ResponseReturnValue:
    """Note why an officer opens a document, and let them see it."""
    why = Opening.parse(request.form).why
    evidence.open_document(ref=ref, document_id=document_id, why=why, actor=current_actor())
    return redirect(url_for("officers.dossier", ref=ref, _anchor=f"d-{document_id}"), 303)


@bp.get("/<ref>/openings/<uuid:opening_id>")
@requires(Permission.APPLICATION_REVIEW)
def document(ref: str, opening_id: UUID) -> ResponseReturnValue:
    """Hand a document to the officer who said why; no cache keeps it."""
    paper, content = openings.opened(current_actor(), ref=ref, opening_id=opening_id)
    name = f"{ref}-{paper.kind}.{paper.media_type.rpartition('/')[2]}"
    answer = (
        looked_at(content, kind=paper.media_type)
        if paper.is_picture
        else attached(content, name=name, kind=paper.media_type)
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/<ref>/propose")
@requires(Permission.APPLICATION_REVIEW)
@reshow(dossier)
def propose(ref: str) -> ResponseReturnValue:
    """Propose a decision."""
    form = Proposal.parse(request.form)
    service.propose(ref=ref, decision=form.decision, reason=form.reason, actor=current_actor())
    flash(N_("Your proposal is waiting for a second person."))
    return redirect(url_for("officers.queue"), 303)


@bp.post("/<ref>/confirm")
@requires(Permission.APPLICATION_REVIEW)
@reshow(dossier)
def confirm(ref: str) -> ResponseReturnValue:
    """Put a colleague's proposal into force."""
    service.second_look(ref=ref, is_confirmed=True, actor=current_actor())
    flash(N_("The decision is in force."))
    return redirect(url_for("officers.queue"), 303)


@bp.post("/<ref>/send-back")
@requires(Permission.APPLICATION_REVIEW)
@reshow(dossier)
def send_back(ref: str) -> ResponseReturnValue:
    """Return a proposal to the queue, undecided."""
    service.second_look(ref=ref, is_confirmed=False, actor=current_actor())
    flash(N_("Proposal sent back."))
    return redirect(url_for("officers.dossier", ref=ref), 303)


def _choices(said: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(key, translate(Message(words))) for key, words in said.items()]
