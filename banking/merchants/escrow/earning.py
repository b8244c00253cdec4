"""Where what a vendor earns goes: to what it owes first, and beside a wallet that was closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from banking.accounts.wallets import queries as wallets
from banking.authorisation.late_credits import queries as late_queries
from banking.authorisation.late_credits import service as latecredits
from banking.core.ledger.service import Leg
from banking.merchants.escrow import queries as escrow_queries
from kernel.actor import Actor
from kernel.ids import derived_id
from kernel.money import total


def keep_late(legs: Sequence[Leg], *, key: UUID, subject: str, actor: Actor) -> None:
    """Note whose earnings wait beside a closed wallet, in the transaction that brought them."""
    late = [leg for leg in legs if leg.account.kind == late_queries.LATE]
    for account in dict.fromkeys(leg.account for leg in late):
        amounts = [leg.amount for leg in late if leg.account == account]
        latecredits.keep(
            key=derived_id(key, account.key),
            wallet_id=UUID(account.key),
            amount=total(amounts, account.currency),
            subject=subject,
            actor=actor,
        )


def debts_first(legs: Sequence[Leg], vendor_id: UUID) -> list[Leg]:
    """Let what a vendor earns pay what it owes in that currency; the rest reaches its wallet."""
    currencies = {leg.amount.currency for leg in legs}
    debts = escrow_queries.debts_of(vendor_id=vendor_id, currencies=sorted(currencies))
    owed = {debt.account: -debt.posted for debt in debts}
    mine = {wallet.account for wallet in wallets.wallets_of(owner_id=vendor_id)} if owed else set()
    split: list[Leg] = []
    for leg in legs:
        rest = leg.amount
        is_earned = leg.account in mine or leg.account.kind == late_queries.LATE
        for debt in owed if is_earned else ():
            if debt.currency == rest.currency:
                paid = min(rest, owed[debt])
                owed[debt] -= paid
                rest -= paid
                split.append(Leg(debt, paid, memo="debt"))
        split.append(replace(leg, amount=rest))
    return [leg for leg in split if leg.amount]
