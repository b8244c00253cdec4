"""Questions as moderation knows them: who asked and the shop are bound by what is decided."""

from __future__ import annotations

from kernel.text import N_
from marketplace.trust.moderation.subjects import Concerned, Letters, News, Subject, Told
from marketplace.trust.questions import queries, service
from marketplace.trust.questions.errors import QuestionNoObjection
from marketplace.trust.questions.events import (
    QuestionDecided,
    QuestionObjectionDecided,
    QuestionReported,
)
from marketplace.trust.questions.holding import held
from marketplace.trust.questions.rules import KIND, REASON_WORDS


def _concerned(question_id: int) -> Concerned:
    question = queries.by_id([question_id])[question_id]
    return Concerned(shops=frozenset({question.vendor_id}), author_id=question.asker_id)


REPORTABLE = (
    Subject(
        kind=KIND,
        report_prefix="QR",
        decision_prefix="QD",
        reasons=REASON_WORDS,
        find=lambda ref: queries.shown(ref).id,
        views=queries.by_id,
        hold=lambda question_id: held(id=question_id),
        concerned=_concerned,
        take_down=service.remove,
        put_back=service.bring_back,
        no_objection=QuestionNoObjection,
        letters=Letters(
            decided="question_report_decided",
            removed="question_removed",
            looked_again="question_objection_decided",
            address_ref=lambda decision: decision.ref,
        ),
        news=News(
            reported=lambda ref: QuestionReported(report_ref=ref),
            decided=lambda ref, outcome: QuestionDecided(decision_ref=ref, outcome=outcome),
            looked_again=lambda ref, stands: QuestionObjectionDecided(
                decision_ref=ref, stands=stands
            ),
        ),
        told=Told(
            key="question_reports",
            about="question",
            label=N_("Reports about questions, and appeals"),
            stays=N_(
                "For decided reports, we keep a date and a reason without your words or name."
                " Open ones are deleted. Your shop's appeals stay, without your name."
            ),
        ),
    ),
)
