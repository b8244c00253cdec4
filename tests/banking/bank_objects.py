"""The smallest bank objects a test needs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

from banking import api as bank
from banking.core.ledger import queries as ledger_queries
from banking.core.ledger import service as ledger
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.errors import HouseError
from kernel.ids import new_id
from kernel.money import Money

CARD = bank.AccountKind.CARD_RECEIVABLE
COMMISSION = bank.AccountKind.COMMISSION_REVENUE


def eur(amount: str | int) -> Money:
    return Money.of(amount, "EUR")


def house(kind: str, currency: str = "EUR") -> ledger.AccountRef:
    return ledger.AccountRef.house(kind, currency)


def make_customer(*, is_known: bool = True, owner_id: UUID | None = None) -> UUID:
    """Register a customer, known with documents or by an e-mail address alone."""
    owner = owner_id or new_id()
    bank.register_customer(owner_id=owner, kind="person", country="FR", locale="en", actor=SYSTEM)
    if is_known:
        bank.vouch(owner_id=owner, words="A test knows them.", actor=SYSTEM)
    return owner


def make_wallet(
    amount: str = "0", *, currency: str = "EUR", owner_id: UUID | None = None
) -> bank.WalletView:
    """Open a wallet with so much in it, of somebody the bank knows well unless named otherwise."""
    wallet = bank.open_wallet(
        owner_id=owner_id or make_customer(), owner_kind="person", currency=currency, actor=SYSTEM
    )
    money = Money.of(amount, currency)
    if money:
        top_up(wallet, money)
    return wallet


def book(*legs: ledger.Leg, key: UUID | None = None, kind: str = "test") -> bank.JournalView:
    return ledger.post(key=key or new_id(), kind=kind, legs=legs, subject="test", actor=SYSTEM)


def top_up(wallet: bank.WalletView, amount: Money) -> bank.JournalView:
    return book(
        ledger.Leg(wallet.account, amount), ledger.Leg(house(CARD, amount.currency), -amount)
    )


def transfer(
    payer: bank.WalletView, payee: bank.WalletView, amount: Money, *, key: UUID | None = None
) -> bank.JournalView:
    return book(ledger.Leg(payer.account, -amount), ledger.Leg(payee.account, amount), key=key)


def available(wallet: bank.WalletView) -> Money:
    with reading():
        return bank.wallet(wallet_id=wallet.id).available


def posted(account: ledger.AccountRef) -> Money:
    with reading():
        return ledger_queries.balance(account=account).posted


def verified() -> bank.Verification:
    with reading():
        return bank.verify_ledger()


def outcomes(count: int, work: Callable[[int], Any]) -> list[Any]:
    """Run work(0) … work(count - 1) at once; return each result, or the house's refusal."""
    start = threading.Barrier(count)
    found: list[Any] = [None] * count

    def run(place: int) -> None:
        start.wait()
        try:
            found[place] = work(place)
        except HouseError as refusal:
            found[place] = refusal
        except Exception as fault:  # noqa: BLE001 - returned, and fails the test by its type
            found[place] = fault

    threads = [threading.Thread(target=run, args=(place,)) for place in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found
