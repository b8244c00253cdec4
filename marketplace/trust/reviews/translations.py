"""What a translator says of reviews and of the answers to them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import text

from kernel.actor import Actor
from kernel.db import reading
from marketplace.catalogue.translating import service as translating
from marketplace.catalogue.translating.queries import Kind
from marketplace.trust.reviews import service, told
from marketplace.trust.reviews.service import Words

_PORTION = 200
# The number of the review before is the mark to go on from: what no translator says stays behind.
_UNSAID = text(
    """
    SELECT r.id, r.ref FROM marketplace.review r
    LEFT JOIN marketplace.review_answer a ON a.review_id = r.id
    WHERE r.id > :after AND r.state = 'shown' AND (r.translated = '{}' OR a.translated = '{}')
    ORDER BY r.id LIMIT :most
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What a translator says of a review and its answer. Shape: as `keep_translations` takes it."""

    ref: str
    of: Words
    said: dict[str, list[str]]
    of_answer: str
    answers: dict[str, str]

    @property
    def texts(self) -> int:
        """How many texts are said, each in one language."""
        return len(self.said) + len(self.answers)

    def kept(self) -> dict[str, Any]:
        """Return it as the command takes it."""
        return asdict(self) | {"of": self.of}


def asked(ref: str) -> Saying:
    """Ask for a review and its answer, outside any transaction. Raises: TranslatorDown."""
    with reading():
        review = told.review(ref).review
    of = review.said_in(review.locale)
    said = translating.said_elsewhere(
        [(Kind.TITLE, of.title), (Kind.DESCRIPTION, of.words)], source=of.locale
    )
    answers: dict[str, str] = {}
    if review.answer is not None:
        words = [(Kind.DESCRIPTION, review.answer.words)]
        found = translating.said_elsewhere(words, source=review.answer.locale)
        answers = {locale: words for locale, (words,) in found.items()}
    return Saying(
        ref=ref,
        of=of,
        said=said,
        of_answer=review.answer.words if review.answer else "",
        answers=answers,
    )


def backfill(*, actor: Actor) -> int:
    """Say every review and answer of which nothing is said yet, each in a commit of its own.

    Units: returns texts, each in one language. Raises: TranslatorDown.
    """
    after = done = 0
    while rows := _unsaid(after):
        for review_id, ref in rows:
            saying = asked(ref)
            service.keep_translations(**saying.kept(), actor=actor)
            after, done = review_id, done + saying.texts
    return done


def _unsaid(after: int) -> list[tuple[int, str]]:
    with reading() as current:
        rows = current.execute(_UNSAID, {"after": after, "most": _PORTION})
        return [(row.id, row.ref) for row in rows]


translating.register_backfill(backfill)
