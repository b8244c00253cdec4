"""What can go wrong with questions and answers."""

from __future__ import annotations

from kernel.errors import LimitExceeded, NotFound, RuleBroken
from kernel.text import N_


class QuestionUnknown(NotFound):
    """There is no such question, or it is another shop's."""

    code = "question_unknown"


class AnsweredAlready(RuleBroken):
    """A colleague answered first."""

    code = "answered_already"
    message = N_("Somebody of your shop answered this a moment ago. You can change that answer.")


class OwnGoods(RuleBroken):
    """Nobody asks their own shop."""

    code = "own_goods"
    message = N_("These are goods of your own shop: you answer the questions about them.")


class QuestionNoObjection(RuleBroken):
    """Nothing was taken away, its time is over, or somebody objected already."""

    code = "question_no_objection"
    message = N_(
        "An objection is possible once, for a limited time, where a question was taken away."
    )


class TooManyQuestions(LimitExceeded):
    """Too many questions from one person."""

    code = "too_many_questions"
