"""Reviews as shoppers, their authors and the seller read them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text

from kernel.actor import Actor
from kernel.db import session
from kernel.errors import Invalid
from kernel.statements import read_sql
from kernel.text import N_, Message
from marketplace.catalogue.products.errors import NoSuchProduct
from marketplace.catalogue.ratings.queries import (
    Bar,
    Rating,
    bars,
    counts_of_product,
    of_vendor,
    rating,
)
from marketplace.catalogue.vendors import queries as vendors
from marketplace.trust.reviews.errors import (
    NotBought,
    NotDelivered,
    OwnGoods,
    ReviewUnknown,
)
from marketplace.trust.reviews.rules import SORT_WORDS, Cursor, ReviewState, Sort
from marketplace.trust.reviews.told import (
    FROM,
    PRODUCT,
    REVIEWS,
    SAID,
    Goods,
    ReviewView,
    Told,
    goods_of,
    pictured,
    review,
    review_of,
)

__all__ = ["SORT_WORDS", "ReviewView", "Sort"]  # what templates and other rooms read

PAGE = 20
TOP = 3  # beside the goods
_EXPORT = 500  # of the file, at a time

_GOODS = """
    SELECT {goods}, EXISTS (SELECT FROM marketplace.review v
        WHERE v.product_id = p.id AND v.state = 'shown' AND v.photo_count > 0) AS has_pictured
    FROM marketplace.product p WHERE p.ref = :ref AND p.status = 'listed'
"""
_LISTED = text(_GOODS.format(goods=PRODUCT))
_TOP = text(read_sql(__file__, "top"))
_ORDERS: Mapping[Sort, tuple[str, str]] = {
    Sort.NEWEST: ("id < :after_id", "id DESC"),
    Sort.CRITICAL: (
        "stars >= :after_stars AND (stars > :after_stars OR id < :after_id)",
        "stars, id DESC",
    ),
    Sort.BEST: ("(stars, id) < (:after_stars, :after_id)", "stars DESC, id DESC"),
}
_BOUGHT = text(
    f"""
    SELECT l.id, l.titles AS bought_titles, l.picture, l.options, v.ref AS order_ref, v.vendor_id,
        v.organisation_id, v.delivered_at, g.ref AS group_ref, g.country, r.ref AS review_ref,
        {PRODUCT}
    FROM marketplace.order_line l JOIN marketplace.vendor_order v ON v.id = l.vendor_order_id
    JOIN marketplace.order_group g ON g.id = v.group_id
    JOIN marketplace.product p ON p.ref = l.product_ref
    LEFT JOIN marketplace.review r ON r.line_id = l.id
    WHERE l.id = :id AND g.person_id = :person_id
    """  # noqa: S608 - our own text
)
_OF_LINES = text(
    "SELECT line_id, CASE WHEN author_id IS NULL THEN '' ELSE ref END"
    " FROM marketplace.review WHERE line_id = ANY(CAST(:ids AS bigint[]))"
)
_OWN = text(
    REVIEWS + " WHERE r.author_id = :person_id AND r.id < coalesce(:before, 9223372036854775807)"
    " ORDER BY r.id DESC LIMIT :most"
)
_OF_VENDOR = text(
    REVIEWS + " WHERE r.vendor_id = :vendor_id AND r.state = 'shown'"
    " AND r.id < coalesce(:before, 9223372036854775807) ORDER BY r.id DESC LIMIT :most"
)


_IDS = "SELECT id FROM marketplace.review"


def _page(sort: Sort, *, is_first: bool, is_narrow: bool, is_pictured: bool) -> TextClause:
    after, order = _ORDERS[sort]
    where = ["product_id = :id", "state = 'shown'"]
    where += ["stars = :stars"] if is_narrow else []
    where += ["photo_count > 0"] if is_pictured else []
    where += [] if is_first else [after]
    inner = f"{_IDS} WHERE {' AND '.join(where)} ORDER BY {order} LIMIT :most"
    outer = ", ".join(f"r.{part}" for part in order.split(", "))
    return text(f"SELECT {SAID} {FROM} WHERE r.id IN ({inner}) ORDER BY {outer}")


# Every statement of the page is written once, at import.
_PAGES = {
    (sort, is_first, is_narrow, is_pictured): _page(
        sort, is_first=is_first, is_narrow=is_narrow, is_pictured=is_pictured
    )
    for sort in Sort
    for is_first in (True, False)
    for is_narrow in (True, False)
    for is_pictured in (True, False)
}


@dataclass(frozen=True, slots=True)
class ReviewsPage:
    """All reviews of goods.

    Shape: rating is None without any; stars is what the list is narrowed to, None for all; after
    is the next page's cursor, empty on the last one; is_pictured says that only reviews with
    photographs are listed, has_pictured that there are such.
    """

    goods: Goods
    rating: Rating | None
    bars: Sequence[Bar]
    lines: Sequence[ReviewView]
    sort: Sort
    stars: int | None
    after: str
    is_pictured: bool
    has_pictured: bool


@dataclass(frozen=True, slots=True)
class ReviewList:
    """Reviews of one author or one shop, newest first.

    Shape: before leads on, None at the end; rating is a shop's, None without a review.
    """

    lines: Sequence[Told]
    before: int | None
    rating: Rating | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """A bought line. Shape: review_ref is empty while it has no review."""

    line_id: int
    goods: Goods
    titles: Mapping[str, str]
    picture: str | None
    options: Mapping[str, Any]
    product_id: int
    vendor_id: int
    group_ref: str
    order_ref: str
    country: str
    review_ref: str


def top_of(product_id: int, *, locale: str) -> tuple[ReviewView, ...]:
    """Return what stands beside goods: the newest, in the reader's language first."""
    binds = {"id": product_id, "locale": locale, "most": TOP}
    return pictured([review_of(row) for row in session().execute(_TOP, binds)])


def reviews_page(
    *, ref: str, sort: Sort, stars: int | None, after: str, is_pictured: bool = False
) -> ReviewsPage:
    """Return a page of a product's reviews. Raises: NoSuchProduct, Invalid for a bad cursor."""
    row = session().execute(_LISTED, {"ref": ref}).one_or_none()
    if row is None:
        raise NoSuchProduct
    goods, counts = goods_of(row), counts_of_product(row.product_id)
    binds: dict[str, Any] = {"id": goods.id, "most": PAGE + 1, "stars": stars}
    if after:
        cursor = Cursor.read(after)
        if cursor is None:
            raise Invalid({"": Message(N_("This page is out of date. Please open it again."))})
        binds |= {"after_id": cursor.id, "after_stars": cursor.stars}
    reviews = [
        review_of(row)
        for row in session().execute(_PAGES[sort, not after, stars is not None, is_pictured], binds)
    ]
    last = reviews[PAGE - 1] if len(reviews) > PAGE else None
    return ReviewsPage(
        goods,
        rating(counts),
        bars(counts),
        pictured(reviews[:PAGE]),
        sort,
        stars,
        str(Cursor(last.stars, last.id)) if last else "",
        is_pictured,
        bool(row.has_pictured),
    )


def of_lines(line_ids: Collection[int]) -> dict[int, str]:
    """Return the references of the reviews that bought lines have.

    Shape: an empty one for a review that its author let go of.
    """
    if not line_ids:
        return {}
    return {row[0]: row[1] for row in session().execute(_OF_LINES, {"ids": list(line_ids)})}


def reviewable(actor: Actor, line_id: int) -> Bought:
    """Return a line that its buyer may review, whether or not it has a review.

    Raises: NotBought, NotDelivered, OwnGoods.
    """
    binds = {"id": line_id, "person_id": actor.person_id}
    row = session().execute(_BOUGHT, binds).one_or_none()
    if row is None:
        raise NotBought
    if row.organisation_id in actor.organisation_ids:
        raise OwnGoods
    if row.delivered_at is None:
        raise NotDelivered
    return Bought(
        line_id=row.id,
        goods=goods_of(row),
        titles=row.bought_titles,
        picture=row.picture,
        options=row.options,
        product_id=row.product_id,
        vendor_id=row.vendor_id,
        group_ref=row.group_ref,
        order_ref=row.order_ref,
        country=row.country,
        review_ref=row.review_ref or "",
    )


def own_reviews(actor: Actor, *, before: int | None, most: int = PAGE) -> ReviewList:
    """Return the actor's reviews, withdrawn and removed ones too."""
    return _list(_OWN, {"person_id": actor.person_id}, before, most)


def own_review(actor: Actor, ref: str) -> Told:
    """Return one of the actor's reviews. Raises: ReviewUnknown."""
    own = review(ref)
    if actor.person_id is None or own.review.author_id != actor.person_id:
        raise ReviewUnknown
    return own


def reviews_for_vendor(actor: Actor, *, before: int | None) -> ReviewList:
    """Return what buyers say of the goods of the actor's shop. Raises: NotAVendor."""
    shop = vendors.vendor_of(actor)
    page = _list(_OF_VENDOR, {"vendor_id": shop.id}, before, PAGE)
    return replace(page, rating=of_vendor(shop.id))


def review_for_vendor(actor: Actor, ref: str) -> Told:
    """Return a shown review of what the actor's shop sold. Raises: NotAVendor, ReviewUnknown."""
    shop, own = vendors.vendor_of(actor), review(ref)
    is_shown = own.review.state is ReviewState.SHOWN
    if own.review.organisation_id != shop.organisation_id or not is_shown:
        raise ReviewUnknown
    return own


def written_by(person_id: UUID) -> Iterator[Told]:
    """Yield all that somebody wrote, newest first, for the file of what they wrote."""
    page = _list(_OWN, {"person_id": person_id}, None, _EXPORT)
    yield from page.lines
    while page.before is not None:
        page = _list(_OWN, {"person_id": person_id}, page.before, _EXPORT)
        yield from page.lines


def _list(query: TextClause, binds: dict[str, Any], before: int | None, most: int) -> ReviewList:
    rows = session().execute(query, {**binds, "before": before, "most": most + 1}).all()
    reviews = pictured([review_of(row) for row in rows])
    entries = [Told(one, goods_of(row)) for one, row in zip(reviews, rows, strict=True)]
    return ReviewList(entries[:most], entries[most - 1].review.id if len(entries) > most else None)
