"""What is asked in the days after a way in was reset: little, and nothing that outlasts them."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from banking.authorisation.approvals import rules, spending
from banking.authorisation.approvals.errors import ReducedAct, ReducedLimit
from banking.authorisation.approvals.rules import Act, Terms
from kernel import clock
from kernel.money import Money
from kernel.people.safety import queries as safety


def until(person_id: UUID, act: Act) -> datetime | None:
    """Return until when a person may spend only little, None when nothing is reduced.

    Raises: ReducedAct for what would outlast those days.
    """
    ends_at = safety.reduced_until(person_id)
    if ends_at is not None and act in rules.OUTLASTING:
        raise ReducedAct(until=ends_at.date())
    return ends_at


def check(person_id: UUID, in_euro: Money | None, terms: Terms, until: datetime) -> None:
    """Refuse what passes the day's limit after a reset.

    The counters of the person are locked by whoever calls, so no two payments see the same room.
    Raises: ReducedLimit.
    """
    most = terms.reduced_a_day
    spent = spending.asked_since(person_id=person_id, since=clock.now() - timedelta(days=1))
    left = max(most - spent, Money.zero("EUR"))
    if in_euro is None or in_euro > left:
        raise ReducedLimit(until=until.date(), most=most, left=left)
