"""Journals of whole days and months, in the insurer's book."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from banking import api as bank
from insurance.money.books.posting import (
    ACQUISITION,
    ACQUISITION_DEFERRED,
    CASH,
    CEDED_PREMIUM,
    CEDING_COMMISSION,
    EARNED,
    IBNR,
    INCURRED,
    PREMIUM_DUE,
    REINSURANCE_RECOVERABLE,
    REINSURER_PAYABLE,
    TAX_TO_PAY,
    UNEARNED,
    Move,
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


@command("insurance.books.settled")
def settled(
    *,
    key: UUID,
    premium: Money,
    taxes: Mapping[str, Money],
    through_insurer: Collection[str],
    insurer_key: str,
    month: str,
    actor: Actor,
) -> None:
    """J6: pay a month's premium to the insurer and its taxes to whoever settles them.

    Premiums are paid into the account where customers' money is kept, so they leave from there.
    Shape: taxes by country, to the state or, for the countries of through_insurer, to the insurer,
    who then owes them to the state.
    """
    moves: list[Move] = [
        (bank.AccountKind.PREMIUM_PAYABLE, insurer_key, -premium),
        (bank.AccountKind.SAFEGUARDING_BANK, "house", premium),
    ]
    post(key, "premium_settled", moves, month, actor)
    for country, tax in sorted(taxes.items()):
        moves = [
            (bank.AccountKind.PREMIUM_TAX_PAYABLE, country, -tax),
            (bank.AccountKind.SAFEGUARDING_BANK, "house", tax),
        ]
        post(key, f"premium_tax_settled_{country.lower()}", moves, month, actor)
        if country in through_insurer:
            moves = [(CASH, insurer_key, -tax), (TAX_TO_PAY, insurer_key, tax)]
            post(key, f"premium_tax_collected_{country.lower()}", moves, month, actor)
    moves = [(CASH, insurer_key, -premium), (PREMIUM_DUE, insurer_key, premium)]
    post(key, "premium_collected", moves, month, actor)


@command("insurance.books.tax_paid")
def tax_paid(
    *, key: UUID, tax: Money, country: str, insurer_key: str, period: str, actor: Actor
) -> None:
    """Pay premium tax that an insurer settles to a state, out of its cash; below zero, back."""
    moves = [(TAX_TO_PAY, insurer_key, -tax), (CASH, insurer_key, tax)]
    post(key, "premium_tax_paid", moves, f"{country} {period}", actor)
