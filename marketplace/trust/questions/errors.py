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
    message = N_("Someone in your shop has just answered this. You can edit their answer.")


class OwnGoods(RuleBroken):
    """Nobody asks their own shop."""

    code = "own_goods"
    message = N_("This is your own shop's product: you answer the questions about it.")


class QuestionNoObjection(RuleBroken):
    """Nothing was taken away, its time is over, or somebody objected already."""

    code = "question_no_objection"
    message = N_("You can appeal once, for a limited time, when a question was removed.")


class TooManyQuestions(LimitExceeded):
    """Too many questions from one person."""

    code = "too_many_questions"
