"""What a year brings to insured parcels: each life is drawn once, when its policy is bound.

Every step is a command of the house, as pages, jobs and carriers give them; nothing writes a table.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from benchmarks import cover_losses as losses
from benchmarks.cover_people import Holder, Year
from insurance import api as cover
from insurance.contracts.changes import service as changes
from insurance.contracts.changes.service import Asked
from kernel import clock
from kernel.actor import SYSTEM
from kernel.money import Money


def before_the_scan(year: Year, policy: cover.PolicyView, holder: Holder) -> None:
    """Draw what becomes of a policy until its parcel is scanned."""
    drawn = year.lot.random()
    if drawn < 0.04:
        year.later(1, lambda: _cancel_order(year, policy))
    elif drawn < 0.08:
        year.later(1, lambda: _end(year, policy, holder, "withdraw"))
    elif drawn < 0.1:
        year.later(1, lambda: _scan(year, policy, is_early=True))
    else:
        if drawn < 0.2:
            _endorse(year, policy, holder)
        year.later(1, lambda: _scan(year, policy))
        _after_the_scan(year, policy, holder)


def sellers(year: Year, policy: cover.PolicyView) -> None:
    """Draw what becomes of a shop's policy: a tenth of its parcels is lost."""
    year.later(1, lambda: _scan(year, policy))
    if year.likely(0.1):
        year.later(6, lambda: losses.lose_sellers(year, policy))
    else:
        year.later(9, lambda: _deliver(year, policy))


def _after_the_scan(year: Year, policy: cover.PolicyView, holder: Holder) -> None:
    drawn, arrives = year.lot.random(), year.lot.randint(4, 9)
    if drawn < 0.04:
        year.later(3, lambda: _end(year, policy, holder, "withdraw"))
    elif drawn > 0.8 and policy.planned_days == 30:
        year.later(16, lambda: _end(year, policy, holder, "cancel"))
    elif drawn < 0.08:
        year.later(arrives, lambda: _return(year, policy))
    elif drawn < 0.16:
        year.later(arrives + 4, lambda: losses.lose(year, policy, holder))
    else:
        if policy.delay is not None and year.likely(0.2):
            arrives += 12
            promised = (clock.now() + timedelta(days=5)).date()
            year.later(6, lambda: _late(year, policy, promised))
        year.later(arrives, lambda: _deliver(year, policy))
        if drawn < 0.24:
            year.later(arrives + 2, lambda: losses.notify(year, policy, holder))


def _endorse(year: Year, policy: cover.PolicyView, holder: Holder) -> None:
    with year.step("endorse"):
        factor = Decimal(year.lot.choice(["0.8", "0.9", "1.1", "1.15"]))
        asked = Asked(
            values=tuple(
                Money.rounded(item.value.amount * factor, policy.currency) for item in policy.items
            ),
            destination_country=policy.destination_country,
            insured_name=policy.insured_name,
            is_business=policy.parcel.is_business,
            with_delay=policy.delay is not None and year.likely(0.7),
        )
        shown = changes.show_endorsement(policy_id=policy.id, asked=asked, actor=holder.actor)
        changes.confirm(ref=shown.ref, actor=holder.actor)


def _end(year: Year, policy: cover.PolicyView, holder: Holder, what: str) -> None:
    with year.step(what):
        shown = changes.show_end(policy_id=policy.id, actor=holder.actor)
        changes.confirm(ref=shown.ref, actor=holder.actor)


def _cancel_order(year: Year, policy: cover.PolicyView) -> None:
    with year.step("cancel an order"):
        cover.cancel_for_parcel(parcel_ref=policy.parcel_ref, reason="gone", actor=SYSTEM)


def _scan(year: Year, policy: cover.PolicyView, *, is_early: bool = False) -> None:
    with year.step("void" if is_early else "scan"):
        cover.attach(
            parcel_ref=policy.parcel_ref,
            scanned_at=policy.bound_at + timedelta(hours=-1 if is_early else 6),
            place="Jingdezhen",
            carrier=year.lot.choice(["Kestrel", "Heron"]),
            tracking_number=policy.parcel_ref,
            weight_g=year.lot.choice([0, 500, 2500]),
            actor=SYSTEM,
        )


def _deliver(year: Year, policy: cover.PolicyView) -> None:
    with year.step("deliver"):
        cover.parcel_delivered(parcel_ref=policy.parcel_ref, at=clock.now(), actor=SYSTEM)


def _return(year: Year, policy: cover.PolicyView) -> None:
    with year.step("return"):
        cover.parcel_returned(parcel_ref=policy.parcel_ref, at=clock.now(), actor=SYSTEM)


def _late(year: Year, policy: cover.PolicyView, promised: date) -> None:
    with year.step("late"):
        cover.parcel_late(parcel_ref=policy.parcel_ref, promised_on=promised, actor=SYSTEM)
