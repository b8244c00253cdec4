"""Journals of whole days and months, in the insurer's book."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from insurance.money.books.posting import (
    ACQUISITION,
    ACQUISITION_DEFERRED,
    CEDED_PREMIUM,
    CEDING_COMMISSION,
    EARNED,
    IBNR,
    INCURRED,
    REINSURANCE_RECOVERABLE,
    REINSURER_PAYABLE,
    UNEARNED,
    post,
)
from kernel.actor import Actor
from kernel.db import command
from kernel.money import Money


@command("insurance.books.day_earned")
def day_earned(
    *, key: UUID, day: date, net: Money, commission: Money, insurer_key: str, actor: Actor
) -> None:
    """J5 in the insurer's book by the day: what all policies on risk earned, in one journal."""
    moves = [
        (UNEARNED, insurer_key, -net),
        (EARNED, insurer_key, net),
        (ACQUISITION, insurer_key, -commission),
        (ACQUISITION_DEFERRED, insurer_key, commission),
    ]
    post(key, "premium_earned_by_day", moves, day.isoformat(), actor)


@command("insurance.books.unreported_booked")
def unreported_booked(
    *, key: UUID, amount: Money, insurer_key: str, month: str, actor: Actor
) -> None:
    """J13: what losses that nobody has reported yet will probably cost; below zero, back."""
    moves = [(INCURRED, insurer_key, -amount), (IBNR, insurer_key, amount)]
    post(key, "unreported_reserved", moves, month, actor)


@command("insurance.books.ceded")
def ceded(
    *,
    key: UUID,
    premium: Money,
    commission: Money,
    recovered: Money,
    treaty_key: str,
    actor: Actor,
) -> None:
    """J15: a treaty's part of premiums, less its commission, and of what claims were paid."""
    moves = [
        (CEDED_PREMIUM, treaty_key, -premium),
        (REINSURER_PAYABLE, treaty_key, premium - commission),
        (CEDING_COMMISSION, treaty_key, commission),
        (REINSURANCE_RECOVERABLE, treaty_key, -recovered),
        (INCURRED, treaty_key, recovered),
    ]
    post(key, "share_ceded", moves, treaty_key, actor)
