"""One review with what it is about, as every page of this room tells it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from kernel import clock
from kernel.config import settings
from kernel.db import session
from kernel.media.photos import queries as photos
from kernel.media.photos.queries import PhotoView
from kernel.statements import read_sql
from marketplace.catalogue.products.queries import in_language, slug
from marketplace.trust.reviews import rules
from marketplace.trust.reviews.errors import ReviewUnknown
from marketplace.trust.reviews.rules import ALBUM, ReviewState

PRODUCT = """
    p.id AS product_id, p.ref AS product_ref, p.source_locale,
    (SELECT jsonb_object_agg(t.locale, t.title) FROM marketplace.product_text t
     WHERE t.product_id = p.id) AS titles
"""
SAID = read_sql(__file__, "said")
FROM = """
    FROM marketplace.review r JOIN marketplace.vendor n ON n.id = r.vendor_id
    LEFT JOIN marketplace.review_answer a ON a.review_id = r.id
"""
REVIEWS = f"SELECT {SAID}, {PRODUCT} {FROM} JOIN marketplace.product p ON p.id = r.product_id"
_ONE = text(REVIEWS + " WHERE r.ref = :ref")
_BY_ID = text(REVIEWS + " WHERE r.id = ANY(CAST(:ids AS bigint[]))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """A product as reviews name it. Shape: titles by locale; source the one it was written in."""

    id: int
    ref: str
    titles: Mapping[str, str]
    source: str

    def title(self, locale: str) -> str:
        """Return what it is called in a language."""
        return in_language(self.titles, locale, self.source)

    @property
    def slug(self) -> str:
        """The last part of its page's address."""
        return slug(self.titles.get("en") or self.titles.get(self.source, ""))


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote, as one reader reads it.

    Shape: locale is the language of these words; translated_from that of the original where a
    translator says them, else empty.
    """

    title: str
    words: str
    locale: str
    translated_from: str = ""

    @property
    def excerpt(self) -> str:
        """The beginning of the words."""
        return rules.excerpt(self.words)

    @property
    def is_cut(self) -> bool:
        """Whether the beginning is not all of it."""
        return self.excerpt != self.words


@dataclass(frozen=True, slots=True)
class Answer:
    """What the seller answered. Shape: locale is the language of the page it was written on."""

    words: str
    locale: str
    answered_at: datetime
    translated: Mapping[str, str] = field(default_factory=dict)

    def said_in(self, locale: str) -> Words:
        """Return it in a language, as it was written where nobody said it there."""
        if locale in self.translated:
            return Words("", self.translated[locale], locale, self.locale)
        return Words("", self.words, self.locale)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewView:
    """A review.

    Shape: author is a first name, empty once its author let go of it; photos are read where pages
    show them; translated maps languages to title and words.
    """

    id: int
    ref: str
    line_id: int
    author: str
    author_id: UUID | None
    country: str
    locale: str
    stars: int
    title: str
    words: str
    state: ReviewState
    written_at: datetime
    changed_at: datetime | None
    shop: str
    shop_latin: str
    organisation_id: UUID
    answer: Answer | None
    photo_count: int
    photos: Sequence[PhotoView] = ()
    translated: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def said_in(self, locale: str) -> Words:
        """Return what it says in a language, as it was written where nobody said it there."""
        if locale in self.translated:
            title, words = self.translated[locale]
            return Words(title, words, locale, self.locale)
        return Words(self.title, self.words, self.locale)

    @property
    def changeable_until(self) -> datetime:
        """Until when its author may change it."""
        return rules.changeable_until(self.written_at)

    @property
    def is_changeable(self) -> bool:
        """Whether its author may change it now."""
        return self.state is ReviewState.SHOWN and clock.now() <= self.changeable_until


@dataclass(frozen=True, slots=True)
class Told:
    """A review with the goods it is about."""

    review: ReviewView
    goods: Goods

    @property
    def ref(self) -> str:
        """The review's reference."""
        return self.review.ref

    @property
    def is_withdrawn(self) -> bool:
        """Whether its author took it back."""
        return self.review.state is ReviewState.WITHDRAWN

    @property
    def words(self) -> str:
        """What its author says, empty once they took it back."""
        return self.review.words

    def title(self, locale: str) -> str:
        """Return what the goods are called in a language."""
        return self.goods.title(locale)


def shown(ref: str) -> Told:
    """Return a review that stands on its page. Raises: ReviewUnknown."""
    known = review(ref)
    if known.review.state is not ReviewState.SHOWN:
        raise ReviewUnknown
    return known


def review(ref: str) -> Told:
    """Return a review whatever became of it, for handlers. Raises: ReviewUnknown."""
    row = session().execute(_ONE, {"ref": ref}).one_or_none()
    if row is None:
        raise ReviewUnknown
    (pictured_review,) = pictured([review_of(row)])
    return Told(pictured_review, goods_of(row))


def by_id(ids: Collection[int]) -> dict[int, Told]:
    """Return reviews by their numbers, whatever became of them."""
    rows = session().execute(_BY_ID, {"ids": list(ids)}).all() if ids else []
    reviews = pictured([review_of(row) for row in rows])
    return {one.id: Told(one, goods_of(row)) for one, row in zip(reviews, rows, strict=True)}


def pictured(reviews: Sequence[ReviewView]) -> tuple[ReviewView, ...]:
    """Return reviews with their photographs, asked for in one statement where there are any."""
    refs = [one.ref for one in reviews if one.photo_count]
    by_ref = photos.of_all(album=ALBUM, subjects=refs)
    return tuple(replace(one, photos=by_ref.get(one.ref, ())) for one in reviews)


def goods_of(row: Row[Any]) -> Goods:  # one with PRODUCT
    """Return the goods that a row names."""
    return Goods(
        id=row.product_id, ref=row.product_ref, titles=row.titles or {}, source=row.source_locale
    )


def review_of(row: Row[Any]) -> ReviewView:  # one with SAID
    """Return the review that a row holds."""
    translates = settings().translates
    answer = None
    if row.answer:
        told_in = row.answer_translated if translates else {}
        answer = Answer(row.answer, row.answer_locale, row.answered_at, told_in)
    return ReviewView(
        id=row.id,
        ref=row.ref,
        line_id=row.line_id,
        author=row.author_name,
        author_id=row.author_id,
        country=row.country,
        locale=row.locale,
        stars=row.stars,
        title=row.title,
        words=row.words,
        state=ReviewState(row.state),
        written_at=row.written_at,
        changed_at=row.changed_at,
        shop=row.shop,
        shop_latin=row.shop_latin,
        organisation_id=row.organisation_id,
        answer=answer,
        photo_count=row.photo_count,
        translated=row.translated if translates else {},
    )
