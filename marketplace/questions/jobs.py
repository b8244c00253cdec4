"""The letter to who asked."""

from __future__ import annotations

from kernel import mail
from kernel.events import on
from kernel.identity import queries as people
from marketplace.questions import queries
from marketplace.questions.events import QuestionAnswered


@on(QuestionAnswered, queue="mail")
def tell_asker(event: QuestionAnswered) -> None:
    """Tell who asked that there is an answer; nobody when they are forgotten."""
    found = queries.question(event.question_ref)
    asker = people.person(found.asker_id) if found.asker_id else None
    if asker is None or found.goods is None:
        return
    mail.send(
        to=asker.email, template="marketplace/mail/question_answered.txt", locale=asker.locale,
        data={"name": asker.name, "title": found.goods.title(asker.locale), "ref": found.goods.ref},
    )  # fmt: skip
