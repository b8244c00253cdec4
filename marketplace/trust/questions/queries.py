"""What shoppers and shops see of questions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, TextClause, text

from kernel.actor import Actor
from kernel.db import session
from kernel.memory import Memory
from marketplace.catalogue.products.errors import NoSuchProduct
from marketplace.catalogue.products.queries import in_language, slug
from marketplace.catalogue.vendors import queries as vendors
from marketplace.catalogue.vendors.queries import VendorView
from marketplace.trust.questions import rules
from marketplace.trust.questions.errors import QuestionUnknown

PAGE = 20
BESIDE = 3  # on the page of the goods

_GOODS = """
    p.id AS product_id, p.ref AS product_ref, p.source_locale, p.vendor_id AS listed_by,
    (SELECT jsonb_object_agg(t.locale, t.title) FROM marketplace.product_text t
     WHERE t.product_id = p.id) AS titles
"""
_LISTED = "SELECT {goods} FROM marketplace.product p WHERE p.ref = :ref AND p.status = 'listed'"
_PRODUCT = text(_LISTED.format(goods=_GOODS))
_QUESTIONS = """
    SELECT q.*, {goods} FROM marketplace.product_question q
    JOIN marketplace.product p ON p.id = q.product_id {rest}
"""


def _questions(rest: str) -> TextClause:
    """Return the read of questions with their goods that a condition picks."""
    return text(_QUESTIONS.format(goods=_GOODS, rest=rest))


_BESIDE = text(
    """
    SELECT q.*, count(*) OVER () AS answered FROM marketplace.product_question q
    WHERE q.product_id = :id AND q.answered_at IS NOT NULL AND q.removed_at IS NULL
    ORDER BY q.answered_at DESC, q.id DESC LIMIT :most
    """
)
_SHOWN = text(
    """
    SELECT q.* FROM marketplace.product_question q
    WHERE q.product_id = :id AND q.answered_at IS NOT NULL AND q.removed_at IS NULL
        AND (:find = '%%' OR q.words ILIKE :find OR q.answer ILIKE :find)
        AND (CAST(:before AS bigint) IS NULL OR (q.answered_at, q.id) < (
            SELECT b.answered_at, b.id FROM marketplace.product_question b WHERE b.id = :before))
    ORDER BY q.answered_at DESC, q.id DESC LIMIT :most
    """
)
_OWN = text(
    """
    SELECT q.* FROM marketplace.product_question q
    WHERE q.product_id = :id AND q.asker_id = :who AND q.answered_at IS NULL
        AND q.removed_at IS NULL ORDER BY q.asked_at LIMIT :most
    """
)
_WAITING = _questions(
    "WHERE q.vendor_id = :vendor AND q.answered_at IS NULL"
    " AND q.removed_at IS NULL AND (CAST(:after AS bigint) IS NULL OR (q.asked_at, q.id) >"
    " (SELECT b.asked_at, b.id FROM marketplace.product_question b WHERE b.id = :after))"
    " ORDER BY q.asked_at, q.id LIMIT :most"
)
_ANSWERED = _questions(
    "WHERE q.vendor_id = :vendor AND q.answered_at IS NOT NULL"
    " AND q.removed_at IS NULL AND (CAST(:after AS bigint) IS NULL OR (q.answered_at, q.id) <"
    " (SELECT b.answered_at, b.id FROM marketplace.product_question b WHERE b.id = :after))"
    " ORDER BY q.answered_at DESC, q.id DESC LIMIT :most"
)
_TO_ANSWER = text(
    "SELECT count(*), min(asked_at) FROM marketplace.product_question"
    " WHERE vendor_id = :vendor AND answered_at IS NULL AND removed_at IS NULL"
)
# The first of those a shop has not looked at: of the others it need not hear.
_FIRST_UNSEEN = text(
    "SELECT min(id) FROM marketplace.product_question WHERE vendor_id = :vendor"
    " AND answered_at IS NULL AND removed_at IS NULL AND seen_at IS NULL"
)
_ONE = _questions("WHERE q.ref = :ref")
_BY_ID = _questions("WHERE q.id = ANY(CAST(:ids AS bigint[]))")
_ASKED_BY = _questions("WHERE q.asker_id = :person ORDER BY q.asked_at, q.id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """What is asked about. Shape: titles by locale; source the one it was written in."""

    id: int
    ref: str
    vendor_id: int
    titles: Mapping[str, str]
    source: str

    def title(self, locale: str) -> str:
        """Return what it is called in a language."""
        return in_language(self.titles, locale, self.source)

    @property
    def slug(self) -> str:
        """The last part of its page's address."""
        return slug(self.titles.get("en") or self.titles.get(self.source, ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView:
    """A question.

    Shape: vendor_id is the shop that answers; answer is empty while it waits; is_removed once an
    operator took it away; is_new until the shop has looked at it; goods stand only where lists mix
    goods.
    """

    id: int
    ref: str
    vendor_id: int
    words: str
    locale: str
    asked_at: datetime
    answer: str
    answer_locale: str
    answered_at: datetime | None
    edited_at: datetime | None
    asker_id: UUID | None
    is_removed: bool
    is_new: bool
    goods: Goods | None = None

    @property
    def is_withdrawn(self) -> bool:
        """Never: what was answered in public stays when its asker lets go of it."""
        return False

    def title(self, locale: str) -> str:
        """Return what the goods are called in a language."""
        assert self.goods is not None, "a question is about goods"
        return self.goods.title(locale)


@dataclass(frozen=True, slots=True)
class Beside:
    """Answered questions on the page of the goods, the newest first. Units: count of all."""

    questions: Sequence[QuestionView]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionPage:
    """Questions about goods, the newest answer first.

    Shape: own are the reader's that wait; find is what was looked for; before is the key of the
    next page; shop is who answers.
    """

    goods: Goods
    shop: VendorView
    questions: Sequence[QuestionView]
    own: Sequence[QuestionView]
    find: str
    before: int | None


@dataclass(frozen=True, slots=True)
class ShopQuestions:
    """A shop's questions. Shape: view is waiting, oldest first, or answered, newest first."""

    view: str
    questions: Sequence[QuestionView]
    after: int | None

    @property
    def unseen(self) -> list[str]:
        """Those that wait and that the shop sees for the first time, by reference."""
        return [one.ref for one in self.questions if one.is_new and not one.answer]


@dataclass(frozen=True, slots=True)
class ToAnswer:
    """What waits for a shop's answer. Shape: since is when the oldest was asked."""

    count: int
    since: datetime | None


# Read with every look at goods; who answers sees it at once, others a few seconds later.
_shown: Memory[int, Beside] = Memory(seconds=15, most=5_000)


def goods(ref: str) -> Goods:
    """Return goods that stand on a shelf. Raises: NoSuchProduct."""
    row = session().execute(_PRODUCT, {"ref": ref}).one_or_none()
    if row is None:
        raise NoSuchProduct
    return _goods(row)


def beside(product_id: int) -> Beside:
    """Return the newest answered questions about goods, at most fifteen seconds old."""
    known = _shown.get(product_id)
    if known is None:
        rows = session().execute(_BESIDE, {"id": product_id, "most": BESIDE}).all()
        known = Beside([_question(row) for row in rows], rows[0].answered if rows else 0)
        _shown.keep({product_id: known})
    return known


def forget_shown() -> None:
    """Read again what stands beside goods."""
    _shown.forget()


def page_for(actor: Actor, ref: str, *, find: str, before: int | None) -> QuestionPage:
    """Return a page of questions about goods, with the actor's own. Raises: NoSuchProduct."""
    about, find = goods(ref), find.strip()[:100]
    binds = {"id": about.id, "find": rules.pattern(find), "before": before, "most": PAGE + 1}
    questions = [_question(row) for row in session().execute(_SHOWN, binds)]
    own = session().execute(_OWN, {"id": about.id, "who": actor.person_id, "most": PAGE})
    return QuestionPage(
        goods=about,
        shop=vendors.vendor(about.vendor_id),
        questions=questions[:PAGE],
        own=[_question(row) for row in own] if before is None and not find else [],
        find=find,
        before=questions[PAGE - 1].id if len(questions) > PAGE else None,
    )


def shop_questions_for(actor: Actor, *, view: str, after: int | None) -> ShopQuestions:
    """Return a page of the questions to the actor's shop. Raises: NotAVendor."""
    shop = vendors.vendor_of(actor)
    view = "answered" if view == "answered" else "waiting"
    query = _ANSWERED if view == "answered" else _WAITING
    binds = {"vendor": shop.id, "after": after, "most": PAGE + 1}
    questions = [_question(row, with_goods=True) for row in session().execute(query, binds)]
    return ShopQuestions(
        view, questions[:PAGE], questions[PAGE - 1].id if len(questions) > PAGE else None
    )


def to_answer(vendor_id: int) -> ToAnswer:
    """Return how many questions wait for a shop, and since when."""
    return ToAnswer(*session().execute(_TO_ANSWER, {"vendor": vendor_id}).one())


def begins_a_run(question: QuestionView) -> bool:
    """Whether a question is the first that waits and that its shop has not looked at."""
    assert question.goods is not None, "a question is about goods"
    first = session().execute(_FIRST_UNSEEN, {"vendor": question.goods.vendor_id}).scalar_one()
    return bool(first == question.id)


def shown(ref: str) -> QuestionView:
    """Return a question that stands in public. Raises: QuestionUnknown."""
    known = question(ref)
    if not known.answer or known.is_removed:
        raise QuestionUnknown
    return known


def by_id(ids: Collection[int]) -> dict[int, QuestionView]:
    """Return questions by their numbers, whatever became of them."""
    rows = session().execute(_BY_ID, {"ids": list(ids)}).all() if ids else []
    return {row.id: _question(row, with_goods=True) for row in rows}


def question(ref: str) -> QuestionView:
    """Return a question, for handlers. Raises: QuestionUnknown."""
    row = session().execute(_ONE, {"ref": ref}).one_or_none()
    if row is None:
        raise QuestionUnknown
    return _question(row, with_goods=True)


def asked_by(person_id: UUID) -> list[QuestionView]:
    """Return everything a person asked, oldest first, for their own file."""
    rows = session().execute(_ASKED_BY, {"person": person_id})
    return [_question(row, with_goods=True) for row in rows]


def _goods(row: Row[Any]) -> Goods:
    return Goods(
        id=row.product_id,
        ref=row.product_ref,
        vendor_id=row.listed_by,
        titles=row.titles or {},
        source=row.source_locale,
    )


def _question(row: Row[Any], *, with_goods: bool = False) -> QuestionView:
    return QuestionView(
        id=row.id,
        ref=row.ref,
        vendor_id=row.vendor_id,
        words=row.words,
        locale=row.locale,
        asked_at=row.asked_at,
        answer=row.answer or "",
        answer_locale=row.answer_locale or "",
        answered_at=row.answered_at,
        edited_at=row.edited_at,
        asker_id=row.asker_id,
        is_removed=row.removed_at is not None,
        is_new=row.seen_at is None,
        goods=_goods(row) if with_goods else None,
    )
