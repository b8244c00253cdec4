"""The letters: a question, its answer, the receipt of a report, and what was decided."""

from __future__ import annotations

from kernel import mail
from kernel.events import on
from kernel.people.identity import queries as people
from marketplace.catalogue.vendors import queries as vendors
from marketplace.trust.moderation import letters
from marketplace.trust.questions import queries
from marketplace.trust.questions.errors import QuestionUnknown
from marketplace.trust.questions.events import (
    QuestionAnswered,
    QuestionAsked,
    QuestionDecided,
    QuestionObjectionDecided,
    QuestionReported,
)


@on(QuestionAsked, "marketplace.questions.tell_shop", queue="mail")
def tell_shop(event: QuestionAsked) -> None:
    """Tell the shop, unless it was told of one already that it has not looked at, or saw this.

    A question whose asker let go of it meanwhile is told to nobody.
    """
    try:
        question = queries.question(event.question_ref)
    except QuestionUnknown:
        return
    assert question.goods is not None, "a question is about goods"
    if not queries.begins_a_run(question):
        return
    shop = vendors.vendor(question.goods.vendor_id)
    for person in people.staff_of(shop.organisation_id):
        mail.send(
            to=person,
            template="marketplace/mail/question_asked.txt",
            locale=person.locale,
            data={
                "name": person.name,
                "title": question.goods.title(person.locale),
                "words": question.words,
            },
        )


@on(QuestionAnswered, "marketplace.questions.tell_asker", queue="mail")
def tell_asker(event: QuestionAnswered) -> None:
    """Tell who asked that there is an answer; nobody when they are forgotten."""
    question = queries.question(event.question_ref)
    asker = people.person(question.asker_id) if question.asker_id else None
    if asker is None or question.goods is None:
        return
    mail.send(
        to=asker,
        template="marketplace/mail/question_answered.txt",
        locale=asker.locale,
        data={
            "name": asker.name,
            "title": question.goods.title(asker.locale),
            "ref": question.goods.ref,
        },
    )


@on(QuestionReported, "marketplace.questions.confirm_report", queue="mail")
def confirm_report(event: QuestionReported) -> None:
    """Tell the reporter at once that the report is there."""
    letters.confirm_receipt(event.report_ref)


@on(QuestionDecided, "marketplace.questions.give_reason", queue="mail")
def give_reason(event: QuestionDecided) -> None:
    """Tell who reported and, of what was taken away, who asked and the shop, what and why."""
    letters.give_reasons(event.decision_ref)


@on(QuestionObjectionDecided, "marketplace.questions.tell_second_look", queue="mail")
def tell_second_look(event: QuestionObjectionDecided) -> None:
    """Tell who asked, the shop, and who reported, what another person decided."""
    letters.tell_second_look(event.decision_ref, stands=event.stands)
