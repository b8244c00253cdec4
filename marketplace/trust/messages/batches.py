"""One message to the buyers of several orders: who gets it, about what, and how many at most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from sqlalchemy import bindparam, text

from kernel import throttling as tries
from kernel.actor import Actor
from kernel.db import command, session
from kernel.errors import NotFound
from kernel.ids import new_id
from marketplace.catalogue.vendors import queries as vendors
from marketplace.trust.messages import rules, service
from marketplace.trust.messages.errors import NobodyTicked, TooManyMessages, TooManyRecipients
from marketplace.trust.messages.queries import Side
from marketplace.trust.messages.service import Written
from marketplace.trust.messages.subjects import Subject

# A buyer with several orders among them is written to about the first of these.
_BUYERS = text(
    """
    SELECT DISTINCT ON (g.person_id) o.ref, o.vendor_id, g.person_id, p.name,
        count(*) OVER () AS orders
    FROM marketplace.vendor_order o
    JOIN marketplace.order_group g ON g.id = o.group_id
    JOIN kernel.person p ON p.id = g.person_id
    WHERE o.ref IN :refs AND o.vendor_id = :vendor_id
    ORDER BY g.person_id, o.placed_at, o.ref
    """
).bindparams(bindparam("refs", expanding=True))


@dataclass(frozen=True, slots=True)
class Batch:
    """Who a message would go to. Shape: refs are the ticked orders, about one for each buyer."""

    refs: tuple[str, ...]
    about: tuple[Subject, ...]

    @property
    def key(self) -> UUID:
        """A key for the form that is shown now."""
        return new_id()


def batch_for(actor: Actor, refs: Sequence[str]) -> Batch:
    """Return the buyers of orders of the actor's shop, each once, by the order's reference.

    Raises: NotAVendor, NobodyTicked, TooManyRecipients, NotFound for another shop's order.
    """
    vendor, wanted = vendors.vendor_of(actor), tuple(sorted(set(refs)))
    if not wanted:
        raise NobodyTicked
    if len(wanted) > rules.MOST_RECIPIENTS:
        raise TooManyRecipients(most=rules.MOST_RECIPIENTS)
    rows = session().execute(_BUYERS, {"refs": wanted, "vendor_id": vendor.id}).all()
    if not rows or rows[0].orders < len(wanted):
        raise NotFound
    about = [
        Subject(
            side=Side.VENDOR,
            buyer_id=row.person_id,
            buyer_name=row.name,
            vendor=vendor,
            titles={},
            order_ref=row.ref,
        )
        for row in rows
    ]
    return Batch(wanted, tuple(sorted(about, key=lambda one: one.order_ref)))


def check(written: Written) -> None:
    """Refuse words that lead elsewhere; numbers of one order are another buyer's no business.

    Raises: LeadsElsewhere.
    """
    service.check_words(written.words, known=())


def write_to_all(*, refs: Sequence[str], written: Written, actor: Actor) -> int:
    """Write the same words to the buyers of some orders, to all or to none; return how many.

    The same key again writes nothing. Locks: the threads, by order. Events: MessageSent for each.
    Raises: as `batch_for` and `check`, NobodyToAsk, TooManyMessages.
    """
    check(written)
    _count(actor=actor)
    return _write_to_all(refs=refs, written=written, actor=actor)


@command("marketplace.messages.count_batch")
def _count(*, actor: Actor) -> None:
    bucket = f"batch:{vendors.vendor_of(actor).id}"
    wait = tries.take(allowed={bucket: rules.BATCHES}, actor=actor)
    if wait:
        raise TooManyMessages(retry_after=wait)


@command("marketplace.messages.write_to_all")
def _write_to_all(*, refs: Sequence[str], written: Written, actor: Actor) -> int:
    batch = batch_for(actor, refs)
    for about in batch.about:
        own = Written(uuid5(written.key, about.order_ref), written.words, written.locale)
        service.begin_within(about=about, written=own, actor=actor)
    return len(batch.about)
