"""Commands that let premium be earned: begin at the first scan, a slice each day, the rest at last.

What is booked by the day. In the insurer's book each 24 hours on risk that are over earn their part
of the premium, with its part of the acquisition cost: no refund asks for less than the periods that
have started, and the short rate keeps more than they do. The agent's commission is another matter:
J5 books it "never while a refund is still possible", and until a cover ends one always is. So it
stays deferred to the end, and what is earned by the day touches the insurer's book alone. A policy
whose whole price may still go back, because it leaves out the loss of the parcel, waits altogether.

One journal for each insurer, currency and day, with the share of each policy in `earned_days`:
10,000 policies a year of ten days each would be 100,000 journals of four lines, which the ledger
keeps for years; this is some 365 for each insurer and currency, and a day is one statement.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import text

from insurance.money.books import periods
from insurance.money.books import service as books
from insurance.money.books.service import Split
from insurance.money.earnings.rules import Plan
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.money import Money
from kernel.statements import read_sql

__all__ = ["Plan"]

_EARN_DAY = text(read_sql(__file__, "earn_day"))
_BEGIN = text(
    """
    INSERT INTO insurance.earning_plans (policy_id, insurer_key, currency, product, net, commission,
        planned_days, attached_at, waits)
    VALUES (:policy_id, :insurer_key, :currency, :product, :net, :commission, :planned_days,
        :attached_at, :waits)
    ON CONFLICT DO NOTHING
    """
)
_END = text(
    """
    UPDATE insurance.earning_plans SET ended_on = :day WHERE policy_id = :policy_id
    RETURNING earned_net, earned_commission
    """
)
_KEEP_REST = text(
    """
    INSERT INTO insurance.earned_days (policy_id, day, insurer_key, currency, product, net,
        commission)
    VALUES (:policy_id, :day, :insurer_key, :currency, :product, :net, :commission)
    ON CONFLICT DO NOTHING
    """
)
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('insurance.earnings', 0))")
_LAST = text("SELECT max(day) FROM insurance.earned_days WHERE day < :day")
_FIRST = text(
    """
    SELECT min(attached_at) FROM insurance.earning_plans
    WHERE ended_on IS NULL AND NOT waits AND earned_days < planned_days
    """
)


@command("insurance.earnings.begin")
def begin(*, plan: Plan, actor: Actor) -> None:
    """Let a policy's premium be earned from its first scan on; twice is once."""
    session().execute(
        _BEGIN,
        {
            "policy_id": plan.policy_id,
            "insurer_key": plan.insurer_key,
            "currency": plan.net.currency,
            "product": plan.product,
            "net": plan.net.minor,
            "commission": plan.commission.minor,
            "planned_days": plan.planned_days,
            "attached_at": plan.attached_at,
            "waits": plan.is_refundable_whole,
        },
    )


@command("insurance.earnings.end")
def end(
    *,
    policy_id: UUID,
    subject: str,
    product: str,
    kept: Split,
    insurer_key: str,
    actor: Actor,
) -> None:
    """Book what a policy has earned in the end less what its days have, in both books.

    The caller has locked the policy. Locks: the plan of the policy.
    """
    today, currency = clock.today(), kept.net.currency
    row = session().execute(_END, {"policy_id": policy_id, "day": today}).one_or_none()
    earned = (row.earned_net, row.earned_commission) if row is not None else (0, 0)
    by_days = Money(earned[0], currency), Money(earned[1], currency)
    books.premium_earned(
        policy_id=policy_id,
        subject=subject,
        earned=kept,
        by_days=by_days,
        insurer_key=insurer_key,
        actor=actor,
    )
    rest = kept.net - by_days[0], kept.commission - by_days[1]
    if rest[0] or rest[1]:
        session().execute(
            _KEEP_REST,
            {
                "policy_id": policy_id,
                "day": today,
                "insurer_key": insurer_key,
                "currency": currency,
                "product": product,
                "net": rest[0].minor,
                "commission": rest[1].minor,
            },
        )


@command("insurance.earnings.earn_until")
def earn_until(*, day: date, actor: Actor) -> int:
    """Book every day up to one that is over, each with its own journals; return their number.

    Days that nobody booked, because the house slept, are caught up one by one. Twice is once.
    Locks: the earning of days, then the plans of policies that earn something.
    """
    assert day < clock.today(), "a day is earned when it is over"
    session().execute(_LOCK)
    return sum(_earn(each, actor) for each in _days_up_to(day))


def _days_up_to(day: date) -> Iterator[date]:
    last: date | None = session().execute(_LAST, {"day": clock.today()}).scalar_one()
    first: datetime | None = session().execute(_FIRST).scalar_one()
    if first is None:
        return
    begin = first.astimezone(UTC).date()
    each = max(begin, last + timedelta(days=1)) if last is not None else begin
    while each <= day:
        yield each
        each += timedelta(days=1)


def _earn(day: date, actor: Actor) -> int:
    until = datetime.combine(day + timedelta(days=1), time(), tzinfo=UTC)
    rows = session().execute(_EARN_DAY, {"day": day, "until": until}).all()
    for row in rows:
        periods.day_earned(
            key=uuid5(NAMESPACE_URL, f"earned:{row.insurer_key}:{row.currency}:{day}"),
            day=day,
            net=Money(int(row.net), row.currency),
            commission=Money(int(row.commission), row.currency),
            insurer_key=row.insurer_key,
            actor=actor,
        )
    return len(rows)
