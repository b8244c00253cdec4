"""Accounts of the insurer's book, and how a journal is made of moves between accounts.

Sign rule of the ledger: what the house owes is positive, so a debit is a negative amount and an
asset runs negative. Amounts of nothing are left out, because a ledger has no empty lines.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from banking import api as bank
from kernel.actor import Actor
from kernel.ids import derived_id
from kernel.money import Money
from kernel.text import N_

# The insurer's own book.
CASH = "insurer_cash"
PREMIUM_DUE = "insurer_premium_due"
ACQUISITION_DEFERRED = "insurer_acquisition_deferred"
UNEARNED = "insurer_unearned_premium"
EARNED = "insurer_earned_premium"
ACQUISITION = "insurer_acquisition_cost"
CASE_RESERVE = "insurer_case_reserve"
INCURRED = "insurer_claims_incurred"
PAYABLE = "insurer_claims_payable"
FLOAT_ASSET = "insurer_float_asset"
RECOVERIES_DUE = "insurer_recoveries_due"
# The platform's bank account for insurers' money, apart from safeguarded customer money.
INSURER_MONEY = "insurer_money_bank"
IBNR = "insurer_ibnr"
CEDED_PREMIUM = "insurer_ceded_premium"
CEDING_COMMISSION = "insurer_ceding_commission"
# What states are owed for premium tax that the insurer itself settles.
TAX_TO_PAY = "insurer_premium_tax"
REINSURER_PAYABLE = "insurer_reinsurer_payable"
REINSURANCE_RECOVERABLE = "insurer_reinsurance_recoverable"

_NAMES = {
    CASH: N_("Insurers: cash"),
    PREMIUM_DUE: N_("Insurers: premium due"),
    ACQUISITION_DEFERRED: N_("Insurers: acquisition cost, deferred"),
    UNEARNED: N_("Insurers: premium not yet earned"),
    EARNED: N_("Insurers: premium earned"),
    ACQUISITION: N_("Insurers: acquisition cost"),
    CASE_RESERVE: N_("Insurers: reserves for claims"),
    INCURRED: N_("Insurers: claims incurred"),
    PAYABLE: N_("Insurers: claims to pay"),
    FLOAT_ASSET: N_("Insurers: claims money with Entrepôt"),
    RECOVERIES_DUE: N_("Insurers: due from carriers"),
    IBNR: N_("Insurers: losses not reported yet"),
    CEDED_PREMIUM: N_("Insurers: premium ceded"),
    CEDING_COMMISSION: N_("Insurers: commission on ceded premium"),
    REINSURER_PAYABLE: N_("Insurers: owed to reinsurers"),
    REINSURANCE_RECOVERABLE: N_("Insurers: owed by reinsurers"),
    TAX_TO_PAY: N_("Insurers: premium tax to pay"),
    INSURER_MONEY: N_("Bank account of insurers' money"),
}
bank.register_account_kinds(dict.fromkeys(_NAMES, bank.Discipline.HOUSE), _NAMES)

Move = tuple[str, str, Money]


def as_credits(moves: Iterable[Move], memo: str = "") -> list[bank.Credit]:
    """Return the credits of moves, without those of nothing."""
    return [bank.Credit(kind, amount, key, memo) for kind, key, amount in moves if amount]


def as_debits(moves: Iterable[Move]) -> list[bank.Debit]:
    """Return the debits of moves, without those of nothing."""
    return [bank.Debit(kind, amount, key) for kind, key, amount in moves if amount]


def lines(moves: Iterable[Move]) -> list[bank.Debit | bank.Credit]:
    """Return the lines of (kind, key, signed amount): debits below zero, credits above."""
    return [
        bank.Debit(kind, -amount, key) if amount.minor < 0 else bank.Credit(kind, amount, key)
        for kind, key, amount in moves
    ]


def post(
    cause: UUID, kind: str, moves: Iterable[Move], subject: str, actor: Actor
) -> datetime | None:
    """Book one journal under the key that its cause always leads to, so that a replay is none.

    Return when it was booked, None where there was nothing to book.
    """
    journal = bank.book(
        key=derived_id(cause, kind), kind=kind, lines=lines(moves), subject=subject, actor=actor
    )
    return journal.booked_at if journal is not None else None


def keep_safe(cause: UUID, amount: Money, insurer_key: str, subject: str, actor: Actor) -> None:
    """Move what became a customer's to where customers' money is kept safe; below zero, back."""
    moves = [
        (bank.AccountKind.SAFEGUARDING_BANK, "house", -amount),
        (INSURER_MONEY, insurer_key, amount),
    ]
    post(cause, "claims_money_moved", moves, subject, actor)
