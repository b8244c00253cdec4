"""Commands on documents: open one and say why, delete one whose time is over."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from banking.compliance.document_log import queries
from banking.compliance.document_log.errors import DocumentDeleted
from banking.compliance.document_log.models import DocumentDeletion, DocumentOpening
from banking.compliance.document_log.rules import Why
from banking.compliance.onboarding import queries as applications
from banking.compliance.onboarding import service as onboarding
from banking.compliance.onboarding.errors import ApplicationUnknown
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.ids import new_id


@command("banking.document_log.open_document")
def open_document(*, ref: str, document_id: UUID, why: Why, actor: Actor) -> UUID:
    """Note that an officer opens a document and why; return the opening, which lasts a while.

    Raises: ApplicationUnknown, DocumentDeleted.
    """
    person_id = actor.somebody()
    about = applications.by_ref(ref=ref)
    if document_id not in {d.id for d in applications.documents_of(application_id=about.id)}:
        raise ApplicationUnknown
    if session().get(DocumentDeletion, document_id) is not None:
        raise DocumentDeleted
    opening = DocumentOpening(
        id=new_id(), document_id=document_id, officer_id=person_id, why=why, at=clock.now()
    )
    session().add(opening)
    session().flush()
    return opening.id


@command("banking.document_log.delete")
def delete(*, document_id: UUID, actor: Actor) -> bool:
    """Delete a document whose time is over; its row, hash and the reason stay. Return whether.

    The file goes first: if this is not kept, the next run finds the document due again.
    Locks: the content, by its hash.
    """
    for due in queries.due(only=document_id):
        onboarding.lock_content(sha256=due.sha256, actor=actor)
        row = insert(DocumentDeletion).values(
            document_id=document_id,
            outcome=due.outcome,
            months=due.months,
            source=due.source,
            at=clock.now(),
        )
        noted = session().execute(
            row.on_conflict_do_nothing().returning(DocumentDeletion.document_id)
        )
        if noted.one_or_none() is None:
            return False
        if not queries.is_kept(sha256=due.sha256):
            onboarding.throw_away(sha256=due.sha256, actor=actor)
        return True
    return False


@command("banking.document_log.erase")
def erase(*, application_id: UUID, actor: Actor) -> bool:
    """Forget who an application was about when its time is over; return whether it was.

    Reference, state, days and what officers decided stay. Locks: the application.
    """
    is_due = bool(queries.words_due(only=application_id))
    if is_due:
        onboarding.erase(application_id=application_id, actor=actor)
    return is_due
