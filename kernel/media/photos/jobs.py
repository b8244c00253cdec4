"""What becomes by itself of photographs that no form was sent with."""

from __future__ import annotations

from datetime import timedelta

from kernel.actor import SYSTEM
from kernel.jobs import schedule
from kernel.media.photos import service


@schedule("kernel.photos.forget_late_photos", every=timedelta(days=1))
def forget_late_photos() -> None:
    """Forget what nobody sent in time."""
    service.forget_late(actor=SYSTEM)
