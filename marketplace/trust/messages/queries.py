"""What both sides see of their threads; a read authorises as it fetches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, TextClause, text

from kernel import clock
from kernel.actor import Actor
from kernel.config import settings
from kernel.db import session
from kernel.ids import new_id
from kernel.memory import Memory
from marketplace.buying.orders.queries import CAME_LATE, ZONES_TOLD, Punctuality
from marketplace.catalogue.products.queries import in_language, slug
from marketplace.catalogue.vendors import queries as vendors
from marketplace.catalogue.vendors.queries import VendorView
from marketplace.trust.messages import rules
from marketplace.trust.messages.errors import ThreadUnknown
from marketplace.trust.messages.rules import ARRIVAL_DAYS, LONGEST, Side

__all__ = ["ARRIVAL_DAYS", "LONGEST", "Side"]  # what other rooms read of this one's rules

PAGE = 20
MESSAGES = 50

TITLES = """(SELECT jsonb_object_agg(x.locale, x.title) FROM marketplace.product_text x
    WHERE x.product_id = p.id)"""
_THREADS = """
    SELECT t.*, p.ref AS product_ref, p.source_locale, {titles} AS titles,
        m.words AS last_words, m.locale AS last_locale, m.side AS last_side
    FROM marketplace.message_thread t
    LEFT JOIN marketplace.product p ON p.id = t.product_id
    LEFT JOIN LATERAL (SELECT n.words, n.locale, n.side FROM marketplace.thread_message n
        WHERE n.thread_id = t.id ORDER BY n.seq DESC LIMIT 1) m ON true {rest}
"""
_AFTER = """ AND (CAST(:before AS bigint) IS NULL OR (t.last_at, t.id) < (
    SELECT b.last_at, b.id FROM marketplace.message_thread b WHERE b.id = :before))
    ORDER BY t.last_at DESC, t.id DESC LIMIT :most"""


def _threads(rest: str) -> TextClause:
    """Return the read of threads that a condition picks."""
    return text(_THREADS.format(titles=TITLES, rest=rest))


_OF_BUYER = _threads(f"WHERE t.buyer_id = :who {_AFTER}")
_OF_VENDOR = _threads(f"WHERE t.organisation_id = ANY(:who) {_AFTER}")
_UNREAD = _threads(
    "WHERE t.organisation_id = ANY(:who) AND t.vendor_unread > 0"
    " AND (CAST(:before AS bigint) IS NULL OR (t.unread_since, t.id) > ("
    " SELECT b.unread_since, b.id FROM marketplace.message_thread b WHERE b.id = :before))"
    " ORDER BY t.unread_since, t.id LIMIT :most"
)
_ONE = _threads("WHERE t.ref = :ref")
_MESSAGES = text(
    """
    SELECT * FROM (
        SELECT m.seq, m.side, m.words, m.locale, m.sent_at FROM marketplace.thread_message m
        WHERE m.thread_id = :id AND m.seq < coalesce(CAST(:before AS bigint), 9223372036854775807)
        ORDER BY m.seq DESC LIMIT :most
    ) x ORDER BY x.seq
    """
)
_BUYER_UNREAD = text(
    "SELECT count(*) FROM marketplace.message_thread WHERE buyer_id = :who AND buyer_unread > 0"
)
_VENDOR_UNREAD = text(
    "SELECT count(*), min(unread_since) FROM marketplace.message_thread"
    " WHERE organisation_id = ANY(:who) AND vendor_unread > 0"
)
# One statement, because a page of goods asks for both.
_SERVING = text(
    f"""
    SELECT a.answers, a.median, o.delivered, o.late
    FROM (
        SELECT count(*) AS answers,
            percentile_disc(0.5) WITHIN GROUP (ORDER BY answered_after) AS median
        FROM marketplace.thread_message
        WHERE vendor_id = :vendor AND answered_after IS NOT NULL AND sent_at >= :answered_since
    ) a, (
        SELECT count(*) AS delivered, count(*) FILTER (WHERE {CAME_LATE}) AS late
        FROM marketplace.vendor_order o JOIN marketplace.order_group g ON g.id = o.group_id
        WHERE o.organisation_id = (
                SELECT organisation_id FROM marketplace.vendor WHERE id = :vendor)
            AND o.placed_at >= :placed_since AND o.delivered_at IS NOT NULL
    ) o
    """  # noqa: S608 - only the constant CAME_LATE is put in; values are parameters
)
_WRITTEN_BY = text(
    """
    SELECT t.ref, t.order_ref, m.words, m.locale, m.sent_at FROM marketplace.thread_message m
    JOIN marketplace.message_thread t ON t.id = m.thread_id
    WHERE m.author_id = :person AND m.side = 'buyer' ORDER BY m.seq
    """
)

_served: Memory[int, Serving] = Memory(seconds=300, most=5_000)


@dataclass(frozen=True, slots=True)
class Serving:
    """How a shop serves its buyers.

    Shape: answers_within is the median of ninety days, rounded up; arrivals are those of orders of
    sixty days; each is None while too few tell.
    """

    answers_within: timedelta | None
    arrivals: Punctuality | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadView:
    """A thread as one side sees it. Units: unread in messages. Shape: last_* are the newest one."""

    id: int
    ref: str
    side: Side
    buyer_name: str
    vendor: VendorView
    product_ref: str
    titles: Mapping[str, str]
    source: str
    order_ref: str
    last_at: datetime
    last_words: str
    last_locale: str
    is_own: bool
    unread: int
    unread_since: datetime | None
    is_open: bool

    def title(self, locale: str) -> str:
        """Return what the goods are called in a language."""
        return in_language(self.titles, locale, self.source)

    @property
    def slug(self) -> str:
        """The last part of the goods' address."""
        return slug(self.titles.get("en") or self.titles.get(self.source, ""))


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message. Shape: words are empty once their writer asked to be forgotten; is_new unread."""

    seq: int
    side: Side
    words: str
    locale: str
    sent_at: datetime
    is_new: bool


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """A thread with a page of messages, oldest first. Shape: before leads to earlier ones."""

    thread: ThreadView
    messages: Sequence[MessageView]
    before: int | None
    key: UUID


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page of threads. Shape: before is the key of the next page; view is all or unread."""

    threads: Sequence[ThreadView]
    before: int | None
    view: str


@dataclass(frozen=True, slots=True)
class Unread:
    """Threads with something unread. Shape: since is when the oldest of it came."""

    count: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class WrittenView:
    """What a person wrote as a buyer, for their own file."""

    thread_ref: str
    order_ref: str
    words: str
    locale: str
    sent_at: datetime


def side_of(actor: Actor, *, buyer_id: UUID | None, organisation_id: UUID) -> Side | None:
    """Return on which side of a thread somebody stands, None on neither."""
    if actor.person_id is not None and actor.person_id == buyer_id:
        return Side.BUYER
    return Side.VENDOR if organisation_id in actor.organisation_ids else None


def leads_elsewhere(words: str) -> str:
    """Return the parts of public words that lead elsewhere, side by side, empty for none."""
    return rules.listed(rules.fragments(words, known=(settings().base_url,)))


def inbox_for(actor: Actor, *, before: int | None) -> Inbox:
    """Return a buyer's threads, the newest word first."""
    binds = {"who": actor.person_id, "before": before, "most": PAGE + 1}
    return _inbox(session().execute(_OF_BUYER, binds).all(), Side.BUYER, "all")


def desk_inbox_for(actor: Actor, *, view: str, before: int | None) -> Inbox:
    """Return the threads of the actor's shop: unread ones oldest first, or all newest first."""
    binds = {"who": list(actor.organisation_ids), "before": before, "most": PAGE + 1}
    view = "unread" if view == "unread" else "all"
    query = _UNREAD if view == "unread" else _OF_VENDOR
    return _inbox(session().execute(query, binds).all(), Side.VENDOR, view)


def thread_for(actor: Actor, ref: str, *, side: Side, before: int | None) -> ThreadPage:
    """Return a thread to one of its sides. Raises: ThreadUnknown."""
    row = row_for(actor, ref)
    if _side(actor, row) is not side:
        raise ThreadUnknown
    binds = {"id": row.id, "before": before, "most": MESSAGES + 1}
    rows = session().execute(_MESSAGES, binds).all()
    view = _thread(row, side)
    theirs = [m.seq for m in rows if m.side != side]
    fresh = theirs[len(theirs) - view.unread :] if view.unread and before is None else []
    messages = [
        MessageView(m.seq, Side(m.side), m.words, m.locale, m.sent_at, m.seq in fresh) for m in rows
    ]
    shown = messages[-MESSAGES:]
    more = shown[0].seq if len(messages) > MESSAGES else None
    return ThreadPage(view, shown, more, new_id())


def unread_of_buyer(actor: Actor) -> int:
    """Return how many of a buyer's threads hold something new."""
    return int(session().execute(_BUYER_UNREAD, {"who": actor.person_id}).scalar_one())


def unread_of_vendor(actor: Actor) -> Unread:
    """Return how many threads of the actor's shop hold something new, and since when."""
    counts = session().execute(_VENDOR_UNREAD, {"who": list(actor.organisation_ids)}).one()
    return Unread(*counts)


def serving(vendor_id: int) -> Serving:
    """Return how a shop serves its buyers, at most five minutes old."""
    known = _served.get(vendor_id)
    if known is None:
        first = clock.today() - timedelta(days=ARRIVAL_DAYS - 1)
        row = (
            session()
            .execute(
                _SERVING,
                {
                    "vendor": vendor_id,
                    "zones": ZONES_TOLD,
                    "answered_since": clock.now() - timedelta(days=rules.ANSWER_DAYS),
                    "placed_since": datetime.combine(first, time(), tzinfo=UTC),
                },
            )
            .one()
        )
        is_told = row.answers >= rules.FEWEST_ANSWERS
        arrivals = Punctuality(row.delivered, row.late)
        known = Serving(
            rules.told_as(row.median) if is_told else None,
            arrivals if arrivals.is_telling else None,
        )
        _served.keep({vendor_id: known})
    return known


def thread(ref: str, side: Side) -> ThreadView:
    """Return a thread as a side sees it, for handlers. Raises: ThreadUnknown."""
    row = session().execute(_ONE, {"ref": ref}).one_or_none()
    if row is None:
        raise ThreadUnknown
    return _thread(row, side)


def buyer_of(ref: str) -> UUID | None:
    """Return the buyer of a thread, for handlers; None when they are forgotten."""
    row = session().execute(_ONE, {"ref": ref}).one()
    buyer_id: UUID | None = row.buyer_id
    return buyer_id


def written_by(person_id: UUID) -> list[WrittenView]:
    """Return everything a person wrote as a buyer, oldest first."""
    rows = session().execute(_WRITTEN_BY, {"person": person_id})
    return [WrittenView(r.ref, r.order_ref or "", r.words, r.locale, r.sent_at) for r in rows]


def row_for(actor: Actor, ref: str) -> Row[Any]:
    """Return a thread as it is kept, to one of its sides. Raises: ThreadUnknown."""
    row = session().execute(_ONE, {"ref": ref}).one_or_none()
    if row is None or _side(actor, row) is None:
        raise ThreadUnknown
    return row


def _side(actor: Actor, row: Row[Any]) -> Side | None:
    return side_of(actor, buyer_id=row.buyer_id, organisation_id=row.organisation_id)


def _inbox(rows: Sequence[Any], side: Side, view: str) -> Inbox:
    vendors.vendors([row.vendor_id for row in rows])
    threads = [_thread(row, side) for row in rows[:PAGE]]
    return Inbox(threads, threads[-1].id if len(rows) > PAGE else None, view)


def _thread(row: Row[Any], side: Side) -> ThreadView:
    shop = vendors.vendor(row.vendor_id)
    return ThreadView(
        id=row.id,
        ref=row.ref,
        side=side,
        buyer_name=row.buyer_name,
        vendor=shop,
        product_ref=row.product_ref or "",
        titles=row.titles or {},
        source=row.source_locale or "",
        order_ref=row.order_ref or "",
        last_at=row.last_at,
        last_words=row.last_words or "",
        last_locale=row.last_locale or "",
        is_own=row.last_side == side,
        unread=row.buyer_unread if side is Side.BUYER else row.vendor_unread,
        unread_since=row.unread_since,
        is_open=row.buyer_id is not None,
    )
