"""What reserves by itself: the month that is over."""

from __future__ import annotations

from datetime import timedelta

from insurance.money.earnings import service as earnings
from insurance.money.reserves import rules, service
from kernel import clock
from kernel.actor import SYSTEM
from kernel.jobs import schedule


@schedule("insurance.reserves.book_months", every=timedelta(days=1), queue="money")
def book_months() -> None:
    """Reserve for losses of the month that is over, once its days are earned."""
    today = clock.today()
    earnings.earn_until(day=today - timedelta(days=1), actor=SYSTEM)
    service.book_until(month=rules.month_before(today.replace(day=1)), actor=SYSTEM)
