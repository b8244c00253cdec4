"""The officers' desk: the queue, one application, its documents, two looks at each decision."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID

from flask import redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue

from banking.officers import queries, words
from banking.officers.forms import Proposal, read_after
from banking.onboarding import queries as applications
from banking.onboarding import service
from banking.permissions import Permission
from kernel.text import N_, Message
from kernel.web import current_actor, flash, pages, render, requires, reshow
from kernel.web.i18n import translate

bp = pages("officers", __name__, prefix="/bank/officers")


@bp.get("/")
@requires(Permission.APPLICATION_REVIEW)
def queue() -> ResponseReturnValue:
    """Show applications in review, the longest waiting first."""
    page = queries.queue_page(after=read_after(request.args))
    return render("banking/officers/queue.html", page=page, words=words)


@bp.get("/<ref>")
@requires(Permission.APPLICATION_REVIEW)
def dossier(ref: str) -> ResponseReturnValue:
    """Show an application with everything a decision stands on."""
    return render(
        "banking/officers/dossier.html", page=queries.dossier_page(current_actor(), ref),
        words=words, reasons=applications.REASONS, documents=applications.DOCUMENT_WORDS,
        choices=[(key, translate(Message(said))) for key, said in applications.REASONS.items()],
    )  # fmt: skip


@bp.get("/<ref>/documents/<uuid:document_id>")
@requires(Permission.APPLICATION_REVIEW)
def document(ref: str, document_id: UUID) -> ResponseReturnValue:
    """Hand a document to an officer; no cache keeps it."""
    found, content = applications.document(ref=ref, document_id=document_id)
    answer = send_file(
        BytesIO(content), mimetype=found.media_type, as_attachment=not found.is_picture,
        download_name=f"{ref}-{found.kind}.{found.media_type.rpartition('/')[2]}",
    )  # fmt: skip
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/<ref>/propose")
@requires(Permission.APPLICATION_REVIEW)
@reshow(dossier)
def propose(ref: str) -> ResponseReturnValue:
    """Propose a decision."""
    form = Proposal.parse(request.form)
    service.propose(ref=ref, decision=form.decision, reason=form.reason, actor=current_actor())
    flash(N_("Your proposal waits for a second person."))
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
    flash(N_("The proposal went back."))
    return redirect(url_for("officers.dossier", ref=ref), 303)
