"""Commands that move money between wallets and accounts of the house.

Each books one balanced journal in the transaction of what caused it; the same key books it once.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from banking.accounts.limits import service as limits
from banking.authorisation.late_credits import queries as late_queries
from banking.authorisation.late_credits import service as late_credits
from banking.core.ledger import service as ledger
from banking.core.ledger.service import AccountKind, AccountRef, JournalView, Leg
from banking.transferring.house_payments.lines import Credit, Debit, legs
from kernel.actor import Actor
from kernel.db import command
from kernel.money import Money, total

__all__ = ["Credit", "Debit", "legs"]


@command("banking.house_payments.collect")
def collect_from_wallet(
    *,
    key: UUID,
    kind: str,
    wallet_id: UUID,
    dues: Sequence[Credit],
    subject: str,
    actor: Actor,
) -> JournalView:
    """Take what its holder gives back from a wallet, for accounts of the house.

    It is no spending: what came in only goes back, so no limit counts it. What a buyer pays for
    goes by `fund_escrow` or `spend_from_wallet`.
    Locks: the wallet's account. Raises: InsufficientFunds, AccountFrozen, AccountUnknown,
    IdempotencyMismatch.
    """
    lines = legs(dues)
    currency = lines[0].amount.currency
    due = total([leg.amount for leg in lines], currency)
    giver = Leg(AccountRef.wallet(wallet_id, currency), -due)
    return ledger.post(key=key, kind=kind, legs=[giver, *lines], subject=subject, actor=actor)


@command("banking.house_payments.spend")
def spend_from_wallet(
    *,
    key: UUID,
    kind: str,
    wallet_id: UUID,
    dues: Sequence[Credit],
    subject: str,
    actor: Actor,
) -> JournalView:
    """Let a wallet pay accounts of the house for what its holder buys; its limits count it.

    Whoever calls has redeemed the approval that the payment needed.
    Locks: the accounts of the wallet and of its limits, in id order. Raises: InsufficientFunds,
    AccountFrozen, AccountUnknown, IdempotencyMismatch, DailyLimit, MonthlyLimit, OwnerDailyLimit,
    OwnerMonthlyLimit, LimitsUnavailable.
    """
    lines = legs(dues)
    currency = lines[0].amount.currency
    due = total([leg.amount for leg in lines], currency)
    wallet = AccountRef.wallet(wallet_id, currency)
    return limits.spend(
        key=key,
        kind=kind,
        wallet=wallet,
        amount=due,
        legs=[Leg(wallet, -due), *lines],
        subject=subject,
        actor=actor,
    )


@command("banking.house_payments.pay")
def pay_to_wallet(
    *,
    key: UUID,
    kind: str,
    wallet_id: UUID,
    sources: Sequence[Debit],
    subject: str,
    actor: Actor,
) -> JournalView:
    """Pay out of accounts of the house into a wallet, or beside one that was closed meanwhile.

    Locks: the wallet's account. Events: LateCreditChanged.
    Raises: WalletUnknown, AccountFrozen, IdempotencyMismatch.
    """
    lines = legs(sources)
    currency = lines[0].amount.currency
    amount = -total([leg.amount for leg in lines], currency)
    taker = Leg(late_queries.landing(wallet_id=wallet_id, currency=currency), amount)
    journal = ledger.post(key=key, kind=kind, legs=[*lines, taker], subject=subject, actor=actor)
    if not journal.is_replay:
        late_credits.keep(key=key, wallet_id=wallet_id, amount=amount, subject=subject, actor=actor)
    return journal


@command("banking.house_payments.book")
def book(
    *, key: UUID, kind: str, lines: Sequence[Debit | Credit], subject: str, actor: Actor
) -> JournalView | None:
    """Book between accounts of the house; None where every line is of nothing.

    Locks: nothing; these accounts are append-only.
    Raises: UnbalancedJournal, KindUnknown, IdempotencyMismatch.
    """
    posting = legs(lines)
    if not posting:
        return None
    return ledger.post(key=key, kind=kind, legs=posting, subject=subject, actor=actor)


@command("banking.house_payments.bear_duty_shortfall")
def bear_duty_shortfall(
    *, key: UUID, shortfall: Money, subject: str, actor: Actor
) -> JournalView | None:
    """Owe customs more than a buyer was promised and paid: the difference is the house's loss."""
    lines: list[Debit | Credit] = [
        Debit(AccountKind.DUTY_VARIANCE, shortfall),
        Credit(AccountKind.DUTY_PAYABLE, shortfall),
    ]
    return book(key=key, kind="duty_shortfall", lines=lines, subject=subject, actor=actor)
