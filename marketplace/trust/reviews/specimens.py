"""Sample reviews for the page that shows every component in every state; never real ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from kernel.actor import Actor
from marketplace.catalogue.ratings.queries import Bar, Rating, bars, rating
from marketplace.trust.reviews.rules import ReviewState
from marketplace.trust.reviews.told import Answer, ReviewView

_NOBODY = UUID(int=0)
_AT = datetime(2026, 11, 21, 9, 40, tzinfo=UTC)
_MANY = (3, 0, 41, 1_204, 98_765)
_LONG = "It pours without a drop beside the cup, keeps warm for an hour and sits well in the hand. "


@dataclass(frozen=True, slots=True)
class Specimens:
    """What the component page prints of reviews.

    Shape: summaries are ratings with their bars, of many reviews and of one; cut is a review of
    which only the beginning shows.
    """

    summaries: Sequence[tuple[Rating, tuple[Bar, ...]]]
    reviews: Sequence[ReviewView]
    cut: ReviewView


def specimens(_actor: Actor) -> Specimens:
    """Return the sample values: every state of a review, in words of several scripts."""
    plain = ReviewView(
        id=1,
        ref="RV-SAMPLE1",
        line_id=1,
        author="Naoko",
        author_id=None,
        country="JP",
        locale="en",
        stars=5,
        title="Pours well",
        words=_LONG,
        state=ReviewState.SHOWN,
        written_at=_AT,
        changed_at=None,
        shop="Minoyaki Tajimi",
        shop_latin="Minoyaki Tajimi",
        organisation_id=_NOBODY,
        answer=None,
        photo_count=0,
    )
    answer = Answer("Thank you. The glaze differs a little from pot to pot.", "en", _AT)
    return Specimens(
        summaries=[_summary(_MANY), _summary((1, 0, 0, 0, 0))],
        reviews=[
            plain,
            replace(plain, id=2, ref="RV-SAMPLE2", stars=3, changed_at=_AT, answer=answer),
            replace(
                plain,
                id=3,
                ref="RV-SAMPLE3",
                stars=4,
                author="ليلى",
                country="AE",
                locale="ar",
                title="إبريق جميل",
                words="يصب الشاي بلا قطرة واحدة خارج الكوب.",
                shop="青岚瓷",
                shop_latin="Qinglan Porcelain",
                answer=replace(answer, words="谢谢。", locale="zh-CN"),
            ),
            replace(
                plain,
                id=4,
                ref="RV-SAMPLE4",
                stars=1,
                author="",
                title="",
                words="Donaudampfschifffahrtsgesellschaftskapitänskajütenteekanne" * 2,
            ),
        ],
        cut=replace(plain, id=5, ref="RV-SAMPLE5", title="", words=_LONG * 8),
    )


def _summary(counts: tuple[int, ...]) -> tuple[Rating, tuple[Bar, ...]]:
    summary = rating(counts)
    assert summary is not None, "a specimen has reviews"
    return summary, bars(counts)
