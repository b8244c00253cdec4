"""Commands: ask, answer once, change the answer, remove, bring back, forget who asked."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text, update
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
from marketplace.trust.questions.events import QuestionAnswered, QuestionAsked
from marketplace.trust.questions.holding import held
from marketplace.trust.questions.models import ProductQuestion

# What waits for an answer goes; what was answered stays without a name.
_FORGET_OPEN = text(
    "DELETE FROM marketplace.product_question WHERE asker_id = :person AND answered_at IS NULL"
)
_FORGET_ASKER = text(
    "UPDATE marketplace.product_question SET asker_id = NULL WHERE asker_id = :person"
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


@command("marketplace.questions.remove")
def remove(*, subject_id: int, actor: Actor) -> None:
    """Take a question with its answer off its page by the house's decision; a second time is free.

    Locks: the question.
    """
    question = held(id=subject_id)
    if question.removed_at is None:
        question.removed_at = clock.now()
        after_commit(queries.forget_shown)


@command("marketplace.questions.bring_back")
def bring_back(*, subject_id: int, actor: Actor) -> None:
    """Show a removed question with its answer again. Locks: as `remove`."""
    question = held(id=subject_id)
    if question.removed_at is not None:
        question.removed_at = None
        after_commit(queries.forget_shown)


@command("marketplace.questions.forget")
def forget(*, person_id: UUID, actor: Actor) -> None:
    """Let nothing lead to somebody who asked; answered questions stay, those that wait go."""
    for statement in (_FORGET_OPEN, _FORGET_ASKER):
        session().execute(statement, {"person": person_id})


@command("marketplace.questions.count")
def _count(*, actor: Actor) -> None:
    """Count a question of a person. Raises: TooManyQuestions."""
    person_id = actor.somebody()
    bucket = f"question:{person_id}"
    wait = tries.take(allowed={bucket: rules.QUESTIONS}, actor=actor)
    if wait:
        raise TooManyQuestions(retry_after=wait)


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
    shop = vendors.vendor_of(actor)
    return held(ref=ref, vendor_id=shop.id, removed_at=None)


def _check(words: str) -> None:
    fragments = messages.leads_elsewhere(words)
    if fragments:
        raise LeadsElsewhere(fragments=fragments)
