"""Money between a vendor and accounts of the house: what it pays for, and what comes back."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from banking.accounts.wallets import service as wallet_service
from banking.authorisation.late_credits import queries as late_queries
from banking.core.ledger import service as ledger
from banking.core.ledger.service import AccountKind, AccountRef, JournalView, Leg
from banking.merchants.escrow.earning import debts_first, keep_late
from banking.merchants.escrow.late import lock_vendor
from banking.transferring.house_payments.service import Credit, Debit
from banking.transferring.house_payments.service import legs as legs_of
from kernel.actor import Actor
from kernel.db import command
from kernel.money import total


@command("banking.escrow.charge_vendor")
def charge_vendor(
    *, key: UUID, kind: str, vendor_id: UUID, dues: Sequence[Credit], subject: str, actor: Actor
) -> JournalView:
    """Let a vendor owe dues that the house pays at once: its next earnings pay them.

    The same key charges once. Shape: dues are in one currency. Locks: the vendor's debt.
    Raises: as ledger.post.
    """
    lines = legs_of(dues)
    currency = lines[0].amount.currency
    debt = AccountRef(AccountKind.VENDOR_DEBT, str(vendor_id), currency)
    owed = Leg(debt, -total([line.amount for line in lines], currency))
    return ledger.post(key=key, kind=kind, legs=[owed, *lines], subject=subject, actor=actor)


@command("banking.escrow.credit_vendor")
def credit_vendor(
    *, key: UUID, kind: str, vendor_id: UUID, sources: Sequence[Debit], subject: str, actor: Actor
) -> JournalView:
    """Pay a vendor out of accounts of the house: what it owes first, the rest into its wallet.

    Beside the wallet, where that was closed meanwhile. Whoever calls pays once for a cause.
    Shape: sources are in one currency. Locks: the vendor's accounts, in id order. Events:
    LateCreditChanged. Raises: as ledger.post.
    """
    lines = legs_of(sources)
    currency = lines[0].amount.currency
    wallet = wallet_service.wallet_of_earnings(
        owner_id=vendor_id, owner_kind="organisation", currency=currency, actor=actor
    )
    lock_vendor(vendor_id, actor)
    landing = late_queries.landing(wallet_id=wallet.id, currency=currency)
    earned = Leg(landing, -total([line.amount for line in lines], currency))
    legs = debts_first([*lines, earned], vendor_id)
    journal = ledger.post(key=key, kind=kind, legs=legs, subject=subject, actor=actor)
    if not journal.is_replay:
        keep_late(legs, key=key, subject=subject, actor=actor)
    return journal
