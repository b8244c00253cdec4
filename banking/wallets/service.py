"""Commands on wallets: open one, keep money of it back, freeze it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import text

from banking.fx import queries as fx_queries
from banking.fx import service as fx
from banking.fx.errors import QuoteUnknown
from banking.fx.queries import ExecutionView
from banking.ledger import service as ledger
from banking.ledger.service import AccountRef, Freeze, HoldView
from banking.limits import service as limits
from banking.parties import service as parties
from banking.wallets import queries, rules
from banking.wallets.errors import CurrencyNotOffered, MoneyLeft, WalletUnknown
from banking.wallets.events import WalletOpened
from banking.wallets.queries import WalletView
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.ids import derived_id
from kernel.money import Money

_SERIAL = text("SELECT nextval('banking.wallets_serial_seq')")
_OPEN = text(
    "INSERT INTO banking.wallets"
    " (id, serial, owner_id, owner_kind, currency, iban, account_id, opened_at)"
    " VALUES (:id, :serial, :owner_id, :owner_kind, :currency, :iban, :account_id, :at)"
    " ON CONFLICT (owner_id, currency) DO NOTHING RETURNING id"
)


@command
def open_wallet(
    *,
    owner_id: UUID,
    owner_kind: Literal["person", "organisation", "house"],
    currency: str,
    actor: Actor,
) -> WalletView:
    """Open the wallet of an owner in a currency, or return the one that is open already.

    Events: WalletOpened. Raises: CurrencyNotOffered.
    """
    if currency not in rules.WALLET_CURRENCIES:
        raise CurrencyNotOffered(currency=currency)
    known = queries.wallet_for(owner_id=owner_id, currency=currency)
    if known is not None:
        return known
    wallet_id = derived_id(owner_id, f"wallet:{currency}")
    ceiling = limits.admit(
        wallet_id=wallet_id, owner_id=owner_id, owner_kind=owner_kind, currency=currency,
        actor=actor,
    )  # fmt: skip
    account = AccountRef.wallet(wallet_id, currency)
    account_id = ledger.open_account(account=account, ceiling=ceiling, actor=actor)
    serial = session().execute(_SERIAL).scalar_one()
    opened = session().execute(
        _OPEN,
        {"id": wallet_id, "serial": serial, "owner_id": owner_id, "owner_kind": owner_kind,
         "currency": currency, "iban": rules.iban_for(serial), "account_id": account_id,
         "at": clock.now()},
    )  # fmt: skip
    wallet = queries.wallet(wallet_id=wallet_id)
    if opened.one_or_none() is not None:
        publish(
            WalletOpened(
                wallet_id=wallet.id, owner_id=owner_id, owner_kind=owner_kind, currency=currency,
                iban=wallet.iban,
            )
        )  # fmt: skip
    return wallet


@command
def hold(
    *,
    key: UUID,
    wallet_id: UUID,
    amount: Money,
    reason: str,
    subject: str,
    expires_at: datetime,
    actor: Actor,
) -> HoldView:
    """Keep money of a wallet back; reason is shown to the owner.

    Locks: the wallet's account.
    Raises: InsufficientFunds, AccountFrozen, AccountUnknown, LegCurrencyMismatch.
    """
    return ledger.hold(
        key=key,
        account=AccountRef.wallet(wallet_id, amount.currency),
        amount=amount,
        reason=reason,
        subject=subject,
        expires_at=expires_at,
        actor=actor,
    )


@command
def exchange(*, quote_id: UUID, key: UUID, actor: Actor) -> ExecutionView:
    """Change money between two wallets of a quote's owner, as quoted, once; open the second one.

    Locks: the quote, then the wallets' accounts in id order. Events: WalletOpened.
    Raises: QuoteUnknown, QuoteAltered, QuoteUsed, QuoteExpired, WalletUnknown, CurrencyNotOffered,
    InsufficientFunds, AccountFrozen, TierCeiling.
    """
    quote = fx_queries.quote_of(quote_id=quote_id)
    if quote.owner_id is None:
        raise QuoteUnknown
    source = queries.wallet_for(owner_id=quote.owner_id, currency=quote.sell)
    if source is None:
        raise WalletUnknown
    target = open_wallet(
        owner_id=quote.owner_id, owner_kind=source.owner_kind.value, currency=quote.buy, actor=actor
    )
    if quote.exchange is not None and quote.used_by is None:
        limits.check_room(wallet=target.account, amount=quote.exchange.bought)
    made = fx.use_quote(
        quote_id=quote_id, key=key, giver=source.account, taker=target.account, actor=actor
    )
    ledger.post(key=key, kind="exchange", legs=made.legs, subject=made.execution.ref, actor=actor)
    return made.execution


@command
def freeze(*, wallet_id: UUID, freeze: Freeze, actor: Actor) -> WalletView:
    """Let a wallet refuse debits, credits or both; NONE thaws it. Raises: WalletUnknown."""
    wallet = queries.wallet(wallet_id=wallet_id)
    ledger.freeze(kind=wallet.account.kind, key=wallet.account.key, freeze=freeze, actor=actor)
    return queries.wallet(wallet_id=wallet_id)


@command
def end_relationship(*, owner_id: UUID, actor: Actor) -> None:
    """Close every wallet of an owner for good, and note that the relationship ended.

    Locks: the wallets' accounts in id order, the customer. Raises: MoneyLeft, CustomerUnknown.
    """
    owned = queries.wallets_of(owner_id=owner_id)
    ledger.lock(account_ids=sorted(wallet.account_id for wallet in owned), actor=actor)
    for wallet in queries.wallets_of(owner_id=owner_id):
        if wallet.posted or wallet.held or wallet.waiting:
            raise MoneyLeft(currency=wallet.currency)
        freeze(wallet_id=wallet.id, freeze=Freeze.CLOSED, actor=actor)
    parties.end(owner_id=owner_id, actor=actor)
