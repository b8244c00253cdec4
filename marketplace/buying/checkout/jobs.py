"""What completes a checkout that a card has paid when its buyer does not come back."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from banking import api as bank
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.events import on
from kernel.jobs import one_by_one, schedule
from marketplace.buying.checkout import attempts, paying


@on(bank.PurchaseCaptured, "marketplace.checkout.complete_captured", queue="money", outside=True)
def complete_captured(event: bank.PurchaseCaptured) -> None:
    """Place the order that a card has paid, unless its buyer came back sooner."""
    with reading():
        is_placed = attempts.is_placed(event.payment_id)
    if not is_placed:
        _complete(event.payment_id)


@schedule("marketplace.checkout.complete_paid", every=timedelta(minutes=1), queue="money")
def complete_paid() -> None:
    """Place whatever is paid and waits still: whose law asked who pays, and what fell between."""
    with reading():
        waiting = [found.id for found in bank.free_purchases()]
    one_by_one(waiting, _complete)


def _complete(payment_id: UUID) -> None:
    paying.complete(payment_id=payment_id, actor=SYSTEM)
