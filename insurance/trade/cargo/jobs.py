"""What becomes of cargo by itself: it leaves, and its cover ends."""

from __future__ import annotations

from datetime import timedelta

from insurance.trade.cargo import life
from kernel.actor import SYSTEM
from kernel.jobs import schedule


@schedule("insurance.cargo.move_on", every=timedelta(hours=1), queue="money")
def move_on() -> None:
    """Put what has left on risk and end what is over."""
    life.go_on(actor=SYSTEM)
