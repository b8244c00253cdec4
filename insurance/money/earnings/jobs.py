"""What earns by itself: each day that is over."""

from __future__ import annotations

from datetime import timedelta

from insurance.money.earnings import service
from kernel import clock
from kernel.actor import SYSTEM
from kernel.jobs import schedule


@schedule("insurance.earnings.earn_days", every=timedelta(days=1), queue="money")
def earn_days() -> None:
    """Book what policies on risk have earned up to yesterday."""
    service.earn_until(day=clock.today() - timedelta(days=1), actor=SYSTEM)
