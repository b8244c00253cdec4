"""What becomes of drafts by themselves."""

from __future__ import annotations

from datetime import timedelta

from insurance.notices import service
from kernel.actor import SYSTEM
from kernel.jobs import schedule


@schedule("insurance.loss_notices.forget_late_drafts", every=timedelta(days=1))
def forget_late_drafts() -> None:
    """Forget what nobody sent in time."""
    service.forget_late(actor=SYSTEM)
