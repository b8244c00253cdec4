"""Commands on the rail's notifications: keep each as evidence, tell of what it books."""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert

from banking.core.rail import queries
from banking.core.rail.events import RailEntryNotified
from banking.core.rail.gateway import Notice, rail
from banking.core.rail.models import RailMessage
from kernel import clock
from kernel.actor import SYSTEM, Actor
from kernel.db import command, in_command, reading, session
from kernel.events import publish


def collect(*, actor: Actor = SYSTEM) -> int:
    """Fetch what the rail notified since the last time; return how many notices were new.

    Raises: RailDown, NoticeUnreadable.
    """
    assert not in_command(), "the rail is not asked inside a transaction"
    with reading():
        after = queries.last_place()
    return sum(record_notice(notice=notice, actor=actor) for notice in rail().notices(after=after))


@command("banking.rail.record_notice")
def record_notice(*, notice: Notice, actor: Actor) -> bool:
    """Keep a notification and tell of its entries; one that is known changes nothing.

    Events: RailEntryNotified for each. Raises: NoticeUnreadable.
    """
    from banking.core.rail import messages  # noqa: PLC0415 - 0.2 s, for who reads a message alone

    stored = (
        session()
        .execute(
            insert(RailMessage)
            .values(
                message_id=notice.message_id,
                place=notice.place,
                document=notice.document,
                received_at=clock.now(),
            )
            .on_conflict_do_nothing()
            .returning(RailMessage.message_id)
        )
        .one_or_none()
    )
    if stored is None:
        return False
    for entry in messages.read(notice.document):
        publish(
            RailEntryNotified(
                message_id=notice.message_id,
                end_to_end=entry.end_to_end,
                amount=entry.amount,
                is_return=entry.is_return,
                reason=entry.reason,
                booked_on=entry.booked_on,
            )
        )
    return True
