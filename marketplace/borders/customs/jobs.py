"""Brings declarations to the single window and its answers back."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from kernel import clock
from kernel.actor import SYSTEM
from kernel.db import reading, session
from kernel.events import on
from kernel.jobs import one_by_one, schedule
from kernel.money import Money
from marketplace.borders.customs import queries, service
from marketplace.borders.customs.events import DeclarationFiled, DeclarationQueried
from marketplace.borders.customs.gateway import Entry, single_window
from marketplace.borders.customs.models import CustomsDeclaration, DeclarationStep
from marketplace.borders.customs.rules import AWAITED


@on(DeclarationFiled, "marketplace.customs.lodge", outside=True)
def lodge(event: DeclarationFiled) -> None:
    """Hand the declaration in; its reference and version make a repeat harmless."""
    with reading():
        row = session().get_one(CustomsDeclaration, event.declaration_id)
    single_window().lodge(
        Entry(
            entry_ref=row.ref,
            parcel_ref=row.parcel_ref,
            version=event.version,
            due=Money(row.quoted_minor, row.currency),
            document=row.document,
        )
    )


@on(DeclarationQueried, "marketplace.customs.send_documents")
def send_documents(event: DeclarationQueried) -> None:
    """Answer from our own books: invoice and payment are ours, nobody has to be asked."""
    service.answer_query(
        declaration_id=event.declaration_id,
        documents=f"commercial invoice and payment of {event.parcel_ref}",
        actor=SYSTEM,
    )


@schedule("marketplace.customs.fetch_answers", every=timedelta(seconds=20))
def fetch_answers() -> None:
    """Ask the single window about every open entry and write down what is new."""
    hear_authority()


@schedule("marketplace.customs.ask_again", every=timedelta(minutes=10))
def ask_again() -> None:
    """Hand in once more what customs has been silent about: it, or an answer, may be lost."""
    with reading():
        silent = queries.unanswered(now=clock.now())
    one_by_one(silent, lambda silent_id: service.file_again(declaration_id=silent_id, actor=SYSTEM))


def hear_authority() -> int:
    """Record the authority's answers so far; return how many were news."""
    with reading():
        rows = session().execute(
            select(CustomsDeclaration.ref, CustomsDeclaration.id).where(
                CustomsDeclaration.state.in_(AWAITED)
            )
        )
        waiting: dict[str, UUID] = {row.ref: row.id for row in rows}
        known = set(
            session().scalars(
                select(DeclarationStep.answer_id).where(
                    DeclarationStep.declaration_id.in_(waiting.values())
                )
            )
        )
    if not waiting:
        return 0
    news = [answer for answer in single_window().answers(list(waiting)) if answer.id not in known]
    return sum(
        one_by_one(
            news,
            lambda answer: service.record_answer(
                declaration_id=waiting[answer.entry_ref], answer=answer, actor=SYSTEM
            ),
        )
    )
