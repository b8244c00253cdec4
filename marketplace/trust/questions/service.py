"""Commands: ask, answer once, change the answer, report, decide, forget who asked."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert

from kernel import clock
from kernel import throttling as tries
from kernel.actor import Actor
from kernel.db import after_commit, command, session
from kernel.events import publish
from kernel.ids import public_ref
from marketplace.catalogue.vendors import queries as vendors
from marketplace.trust.messages import queries as messages
from marketplace.trust.messages.errors import LeadsElsewhere
from marketplace.trust.questions import queries, rules
from marketplace.trust.questions.errors import (
    AnsweredAlready,
    OwnGoods,
    QuestionUnknown,
    TooManyQuestions,
)
from marketplace.trust.questions.events import QuestionAnswered, QuestionAsked, QuestionRemoved
from marketplace.trust.questions.models import ProductQuestion, QuestionReport

# What waits for an answer goes; what was answered stays without a name.
_FORGET_WAITING = text(
    "DELETE FROM marketplace.question_report r USING marketplace.product_question q"
    " WHERE r.question_id = q.id AND q.asker_id = :person AND q.answered_at IS NULL"
)
_FORGET_OPEN = text(
    "DELETE FROM marketplace.product_question WHERE asker_id = :person AND answered_at IS NULL"
)
_FORGET_ASKER = text(
    "UPDATE marketplace.product_question SET asker_id = NULL WHERE asker_id = :person"
)
_FORGET_REPORTER = text("DELETE FROM marketplace.question_report WHERE reporter_id = :person")
_DECIDED = text(
    "UPDATE marketplace.question_report SET decided_by = :by, decided_at = :at"
    " WHERE question_id = :id AND decided_at IS NULL"
)


def ask(*, product_ref: str, words: str, locale: str, actor: Actor) -> None:
    """Ask the shop that listed goods; the same words again change nothing.

    Events: QuestionAsked. Raises: NoSuchProduct, OwnGoods, LeadsElsewhere, TooManyQuestions.
    """
    _check(words)
    _count(actor=actor)
    _ask(product_ref=product_ref, words=words, locale=locale, actor=actor)


@command("marketplace.questions.mark_seen")
def mark_seen(*, question_refs: Sequence[str], actor: Actor) -> None:
    """Note that the actor's shop has looked at questions; the next one is written about again.

    Raises: NotAVendor.
    """
    shop = vendors.vendor_of(actor)
    session().execute(
        update(ProductQuestion)
        .where(
            ProductQuestion.vendor_id == shop.id,
            ProductQuestion.ref.in_(question_refs),
            ProductQuestion.seen_at.is_(None),
        )
        .values(seen_at=clock.now())
    )


@command("marketplace.questions.answer")
def answer(*, question_ref: str, words: str, locale: str, actor: Actor) -> None:
    """Answer a question for the shop, in public; the same words again change nothing.

    Locks: the question. Events: QuestionAnswered.
    Raises: NotAVendor, QuestionUnknown, AnsweredAlready, LeadsElsewhere.
    """
    _check(words)
    question = _of_shop(question_ref, actor)
    if question.answer == words:
        return
    if question.answer is not None:
        raise AnsweredAlready
    question.answer, question.answer_locale = words, locale
    question.answered_by, question.answered_at = actor.person_id, clock.now()
    publish(QuestionAnswered(question_ref=question.ref))
    after_commit(queries.forget_shown)


@command("marketplace.questions.change_answer")
def change_answer(*, question_ref: str, words: str, locale: str, actor: Actor) -> None:
    """Change an answer; readers see that it was changed.

    Locks: the question. Raises: NotAVendor, QuestionUnknown, LeadsElsewhere.
    """
    _check(words)
    question = _of_shop(question_ref, actor)
    if question.answer is None:
        raise QuestionUnknown
    if question.answer != words:
        question.answer, question.answer_locale = words, locale
        question.answered_by, question.edited_at = actor.person_id, clock.now()
        after_commit(queries.forget_shown)


@command("marketplace.questions.report")
def report(*, question_ref: str, actor: Actor) -> None:
    """Say that a question or its answer does not belong there; once each.

    Raises: QuestionUnknown.
    """
    person_id = actor.somebody()
    question = _locked(question_ref)
    if question.answered_at is None:
        raise QuestionUnknown
    made = insert(QuestionReport).values(
        question_id=question.id, reporter_id=person_id, reported_at=clock.now()
    )
    session().execute(made.on_conflict_do_nothing())


@command("marketplace.questions.decide")
def decide(*, question_ref: str, removed_why: str, actor: Actor) -> None:
    """Decide on every waiting report of a question: it stays, or goes with its answer.

    Shape: removed_why is empty when it stays.
    Locks: the question. Events: QuestionRemoved. Raises: QuestionUnknown.
    """
    question = _locked(question_ref)
    now = clock.now()
    session().execute(_DECIDED, {"id": question.id, "by": actor.person_id, "at": now})
    if removed_why:
        question.removed_at, question.removed_why = now, removed_why
        publish(QuestionRemoved(question_ref=question.ref))
        after_commit(queries.forget_shown)


@command("marketplace.questions.forget")
def forget(*, person_id: UUID, actor: Actor) -> None:
    """Let nothing lead to somebody who asked; answered questions stay, those that wait go."""
    for statement in (_FORGET_WAITING, _FORGET_OPEN, _FORGET_ASKER, _FORGET_REPORTER):
        session().execute(statement, {"person": person_id})


@command("marketplace.questions.count")
def _count(*, actor: Actor) -> None:
    """Count a question of a person. Raises: TooManyQuestions."""
    person_id = actor.somebody()
    bucket = f"question:{person_id}"
    wait = tries.wait(tries.so_far(bucket), {bucket: rules.QUESTIONS})
    if wait:
        raise TooManyQuestions(retry_after=wait)
    tries.count(buckets=[bucket], actor=actor)


@command("marketplace.questions.ask")
def _ask(*, product_ref: str, words: str, locale: str, actor: Actor) -> None:
    goods = queries.goods(product_ref)
    shop = vendors.vendor(goods.vendor_id)
    if shop.organisation_id in actor.organisation_ids:
        raise OwnGoods
    ref = public_ref("PQ")
    made = insert(ProductQuestion).values(
        ref=ref,
        product_id=goods.id,
        vendor_id=goods.vendor_id,
        asker_id=actor.person_id,
        words=words,
        locale=locale,
        asked_at=clock.now(),
    )
    inserted = session().execute(made.on_conflict_do_nothing().returning(ProductQuestion.id))
    if inserted.first():
        publish(QuestionAsked(question_ref=ref))


def _of_shop(ref: str, actor: Actor) -> ProductQuestion:
    """Return a question to the actor's shop, locked. Raises: NotAVendor, QuestionUnknown."""
    shop, question = vendors.vendor_of(actor), _locked(ref)
    if question.vendor_id != shop.id:
        raise QuestionUnknown
    return question


def _locked(ref: str) -> ProductQuestion:
    query = select(ProductQuestion).where(
        ProductQuestion.ref == ref, ProductQuestion.removed_at.is_(None)
    )
    query = query.with_for_update().execution_options(populate_existing=True)
    question = session().execute(query).scalar_one_or_none()
    if question is None:
        raise QuestionUnknown
    return question


def _check(words: str) -> None:
    fragments = messages.leads_elsewhere(words)
    if fragments:
        raise LeadsElsewhere(fragments=fragments)
