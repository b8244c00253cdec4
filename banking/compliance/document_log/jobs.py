"""What becomes of documents and of what was said beside them: their time ends."""

from __future__ import annotations

from datetime import timedelta

from banking.compliance.document_log import queries, service
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.jobs import one_by_one, schedule


@schedule("banking.document_log.delete_old_documents", every=timedelta(hours=6), queue="slow")
def delete_old_documents() -> None:
    """Delete the files of documents whose time is over."""
    with reading():
        over = queries.due()
    one_by_one(over, lambda document: service.delete(document_id=document.id, actor=SYSTEM))


@schedule("banking.document_log.erase_old_applications", every=timedelta(hours=6), queue="slow")
def erase_old_applications() -> None:
    """Forget who applications were about whose time is over."""
    with reading():
        over = queries.words_due()
    one_by_one(
        over, lambda application_id: service.erase(application_id=application_id, actor=SYSTEM)
    )
