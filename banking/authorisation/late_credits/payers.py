"""Payers that are no wallets: rooms above keep them, whatever is given back asks here.

An order may have been paid by a card without a wallet. Its id stands wherever a wallet's would, so
that a refund, a claim or the rest of a duty needs not know who paid.
"""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from banking.core.ledger.service import AccountRef
from kernel.actor import Actor
from kernel.money import Money


class Payers(Protocol):
    """One kind of payer without a wallet."""

    def account(self, *, payer_id: UUID, currency: str | None) -> AccountRef | None:
        """Return where money for a payer lands, None when the payer is of another kind.

        Shape: currency None is the one that the payer paid in.
        """

    def lock(self, *, payer_id: UUID) -> None:
        """Keep a payer as it is until the command ends: before the accounts, as who pays does."""

    def credited(
        self, *, key: UUID, payer_id: UUID, amount: Money, subject: str, actor: Actor
    ) -> None:
        """Do what follows once money has landed there; key is of what brought it."""


_kinds: list[Payers] = []


def register_payers(payers: Payers) -> None:
    """Let payers of a kind get back what they paid, from here on."""
    _kinds.append(payers)


def account_of(*, payer_id: UUID, currency: str | None = None) -> AccountRef | None:
    """Return where money for a payer without a wallet lands, None when there is no such payer."""
    found = (kind.account(payer_id=payer_id, currency=currency) for kind in _kinds)
    return next((account for account in found if account is not None), None)


def locked_account_of(*, payer_id: UUID, currency: str) -> AccountRef | None:
    """Return the same, for a command that is about to book there. Locks: the payer."""
    for kind in _kinds:
        account = kind.account(payer_id=payer_id, currency=currency)
        if account is not None:
            kind.lock(payer_id=payer_id)
            return account
    return None


def credited(*, key: UUID, payer_id: UUID, amount: Money, subject: str, actor: Actor) -> bool:
    """Do what follows once money has landed at a payer without a wallet; whether there is one."""
    for kind in _kinds:
        if kind.account(payer_id=payer_id, currency=amount.currency) is not None:
            kind.credited(key=key, payer_id=payer_id, amount=amount, subject=subject, actor=actor)
            return True
    return False
