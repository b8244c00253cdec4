"""What is ceded by itself: once a day."""

from __future__ import annotations

from datetime import timedelta

from insurance.money.reinsurance import service
from kernel.actor import SYSTEM
from kernel.jobs import schedule


@schedule("insurance.reinsurance.cede_lines", every=timedelta(days=1), queue="money")
def cede_lines() -> None:
    """Cede what was booked since the last run."""
    service.cede(actor=SYSTEM)
