"""Commands: begin a thread, write in it, read it, forget who wrote."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from kernel import clock
from kernel import throttling as tries
from kernel.actor import Actor
from kernel.config import settings
from kernel.db import command, session
from kernel.events import publish
from kernel.ids import public_ref
from kernel.people.identity import queries as people
from marketplace.trust.messages import queries, rules
from marketplace.trust.messages.errors import (
    LeadsElsewhere,
    NobodyToAsk,
    ThreadUnknown,
    TooManyMessages,
)
from marketplace.trust.messages.events import MessageSent
from marketplace.trust.messages.models import MessageThread, ThreadMessage
from marketplace.trust.messages.rules import Side
from marketplace.trust.messages.subjects import Subject, known_in

_FORGET_BUYER = text(
    "UPDATE marketplace.message_thread SET buyer_id = NULL, buyer_name = ''"
    " WHERE buyer_id = :person"
)
# What staff wrote was said by their shop; what a buyer wrote may tell who they are.
_FORGET_WORDS = text(
    "UPDATE marketplace.thread_message SET author_id = NULL,"
    " words = CASE WHEN side = 'buyer' THEN '' ELSE words END WHERE author_id = :person"
)


@dataclass(frozen=True, slots=True)
class Written:
    """A message as its form gives it. Shape: key is the form's own; locale the page's."""

    key: UUID
    words: str
    locale: str


def begin(*, about: Subject, written: Written, actor: Actor) -> str:
    """Write to the other side of a subject; return the thread's reference.

    One buyer and one shop have one thread about a thing: what exists goes on.
    Locks: the thread. Events: MessageSent. Raises: NobodyToAsk, LeadsElsewhere, TooManyMessages.
    """
    is_new = about.thread_ref == ""
    check_words(written.words, known=about.known)
    _count(is_new=is_new, actor=actor)
    return begin_within(about=about, written=written, actor=actor)


def write(*, thread_ref: str, written: Written, actor: Actor) -> None:
    """Write in a thread; the same key again does nothing.

    Locks: the thread. Events: MessageSent.
    Raises: ThreadUnknown, NobodyToAsk, LeadsElsewhere, TooManyMessages.
    """
    check_words(written.words, known=known_in(actor, thread_ref))
    _count(is_new=False, actor=actor)
    _write(thread_ref=thread_ref, written=written, actor=actor)


@command("marketplace.messages.mark_read")
def mark_read(*, thread_ref: str, actor: Actor) -> None:
    """Note that the actor's side has read a thread. Locks: the thread. Raises: ThreadUnknown."""
    thread, side = _thread_of(thread_ref, actor)
    if side is Side.BUYER:
        thread.buyer_unread = 0
    else:
        thread.vendor_unread, thread.unread_since = 0, None


@command("marketplace.messages.forget")
def forget(*, person_id: UUID, actor: Actor) -> None:
    """Let nothing in threads lead to a person, nor say what they wrote as a buyer."""
    session().execute(_FORGET_BUYER, {"person": person_id})
    session().execute(_FORGET_WORDS, {"person": person_id})


@command("marketplace.messages.count")
def _count(*, is_new: bool, actor: Actor) -> None:
    """Count a message, and a new thread, of a person. Raises: TooManyMessages."""
    person_id = actor.somebody()
    allowed = {f"message:{person_id}": rules.MESSAGES}
    if is_new:
        allowed[f"thread:{person_id}"] = rules.NEW_THREADS
    wait = tries.take(allowed=allowed, actor=actor)
    if wait:
        raise TooManyMessages(retry_after=wait)


@command("marketplace.messages.begin_within")
def begin_within(*, about: Subject, written: Written, actor: Actor) -> str:
    """Write to the other side of a subject; its caller checked the words and counted.

    Locks: the thread. Events: MessageSent. Raises: NobodyToAsk.
    """
    buyer = people.person(about.buyer_id)
    if buyer is None:
        raise NobodyToAsk
    now = clock.now()
    made = insert(MessageThread).values(
        ref=public_ref("MT"),
        buyer_id=buyer.id,
        buyer_name=buyer.name,
        vendor_id=about.vendor.id,
        organisation_id=about.vendor.organisation_id,
        product_id=about.product_id,
        order_ref=about.order_ref or None,
        opened_at=now,
        last_at=now,
    )
    session().execute(made.on_conflict_do_nothing())
    query = select(MessageThread.ref).where(
        MessageThread.buyer_id == buyer.id,
        MessageThread.vendor_id == about.vendor.id,
        MessageThread.product_id.is_not_distinct_from(about.product_id),
        MessageThread.order_ref.is_not_distinct_from(about.order_ref or None),
    )
    ref = session().execute(query).scalar_one()
    _write(thread_ref=ref, written=written, actor=actor)
    return ref


@command("marketplace.messages.write")
def _write(*, thread_ref: str, written: Written, actor: Actor) -> None:
    thread, side = _thread_of(thread_ref, actor)
    if thread.buyer_id is None:
        raise NobodyToAsk
    now = clock.now()
    answers = side is Side.VENDOR
    after = rules.answered_after(waits_since=thread.waits_since, now=now) if answers else None
    made = (
        insert(ThreadMessage)
        .values(
            id=written.key,
            thread_id=thread.id,
            vendor_id=thread.vendor_id,
            side=side,
            author_id=actor.person_id,
            words=written.words,
            locale=written.locale,
            sent_at=now,
            answered_after=after,
        )
        .on_conflict_do_nothing()
        .returning(ThreadMessage.id)
    )
    if session().execute(made).scalar_one_or_none() is None:
        return
    is_first = (thread.buyer_unread if answers else thread.vendor_unread) == 0
    thread.last_at = now
    if answers:
        thread.buyer_unread, thread.waits_since = thread.buyer_unread + 1, None
    else:
        thread.vendor_unread += 1
        thread.unread_since = thread.unread_since or now
        thread.waits_since = thread.waits_since or now
    publish(MessageSent(thread_ref=thread.ref, side=side, is_first=is_first))


def _thread_of(ref: str, actor: Actor) -> tuple[MessageThread, Side]:
    """Return a thread, locked, and the side on which the actor stands. Raises: ThreadUnknown."""
    query = select(MessageThread).where(MessageThread.ref == ref).with_for_update()
    thread = session().execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
    if thread is None:
        raise ThreadUnknown
    side = queries.side_of(actor, buyer_id=thread.buyer_id, organisation_id=thread.organisation_id)
    if side is None:
        raise ThreadUnknown
    return thread, side


def check_words(words: str, *, known: tuple[str, ...]) -> None:
    """Refuse words that lead elsewhere. Shape: known may be said. Raises: LeadsElsewhere."""
    fragments = rules.fragments(words, known=(*known, settings().base_url))
    if fragments:
        raise LeadsElsewhere(fragments=rules.listed(fragments))
