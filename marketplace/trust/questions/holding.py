"""The one way to take a question in hand: locked, and as it stands now."""

from __future__ import annotations

from sqlalchemy import select

from kernel.db import session
from marketplace.trust.questions.errors import QuestionUnknown
from marketplace.trust.questions.models import ProductQuestion


def held(**which: object) -> ProductQuestion:
    """Return the one question with these values, locked until the commit.

    Raises: QuestionUnknown.
    """
    query = select(ProductQuestion).filter_by(**which).with_for_update()
    question = session().scalars(query.execution_options(populate_existing=True)).one_or_none()
    if question is None:
        raise QuestionUnknown
    return question
