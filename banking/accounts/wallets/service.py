"""Commands on wallets: open one, keep money of it back, freeze it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import text

from banking.accounts.limits import service as limits
from banking.accounts.parties import queries as parties
from banking.accounts.wallets import queries, rules
from banking.accounts.wallets.errors import (
    AccountClosed,
    CurrencyNotOffered,
    MoreThanHeld,
    WalletClosed,
    WalletUnknown,
)
from banking.accounts.wallets.events import WalletOpened
from banking.accounts.wallets.models import Wallet
from banking.accounts.wallets.queries import WalletView
from banking.core.fx import queries as fx_queries
from banking.core.fx import service as fx
from banking.core.fx.errors import QuoteUnknown
from banking.core.fx.queries import ExecutionView, QuoteView, Side
from banking.core.ledger import service as ledger
from banking.core.ledger.service import AccountRef, Freeze, HoldView
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.ids import derived_id
from kernel.money import Money
from kernel.text import Message

_SERIAL = text("SELECT nextval('banking.wallets_serial_seq')")
_OPEN = text(
    "INSERT INTO banking.wallets"
    " (id, serial, owner_id, owner_kind, currency, iban, account_id, opened_at)"
    " VALUES (:id, :serial, :owner_id, :owner_kind, :currency, :iban, :account_id, :at)"
    " ON CONFLICT (owner_id, currency) DO NOTHING RETURNING id"
)


@command("banking.wallets.open_wallet")
def open_wallet(
    *,
    owner_id: UUID,
    owner_kind: Literal["person", "organisation", "house"],
    currency: str,
    actor: Actor,
) -> WalletView:
    """Open the wallet of an owner in a currency, or return the one that is open already.

    It refuses what all others of the owner refuse: a freeze is of the owner, not of a currency.
    Events: WalletOpened. Raises: CurrencyNotOffered, WalletClosed, AccountClosed.
    """
    if currency not in rules.WALLET_CURRENCIES:
        raise CurrencyNotOffered(currency=currency)
    known = queries.wallet_for(owner_id=owner_id, currency=currency, with_closed=True)
    _refuse_closed(owner_id, known)
    return known or _opened(owner_id, owner_kind, currency, actor)


@command("banking.wallets.wallet_of_earnings")
def wallet_of_earnings(
    *, owner_id: UUID, owner_kind: Literal["person", "organisation"], currency: str, actor: Actor
) -> WalletView:
    """Return the wallet that earnings are for, opened where there is none.

    It may be closed: whoever left is still owed what an order brings, and the new wallet of a
    closed account is closed at once. Events: WalletOpened.
    """
    known = queries.wallet_for(owner_id=owner_id, currency=currency, with_closed=True)
    if known is not None:
        return known
    customer = parties.customer(owner_id=owner_id)
    wallet = _opened(owner_id, owner_kind, currency, actor)
    if customer is None or customer.closed_at is None:
        return wallet
    close(wallet_id=wallet.id, actor=actor)
    return queries.wallet(wallet_id=wallet.id)


def _opened(
    owner_id: UUID,
    owner_kind: Literal["person", "organisation", "house"],
    currency: str,
    actor: Actor,
) -> WalletView:
    wallet_id = derived_id(owner_id, f"wallet:{currency}")
    ceiling = limits.admit(
        wallet_id=wallet_id,
        owner_id=owner_id,
        owner_kind=owner_kind,
        currency=currency,
        actor=actor,
    )
    account = AccountRef.wallet(wallet_id, currency)
    account_id = ledger.open_account(account=account, ceiling=ceiling, actor=actor)
    frozen = queries.refused_by_all(queries.wallets_of(owner_id=owner_id))
    serial = session().execute(_SERIAL).scalar_one()
    opened = session().execute(
        _OPEN,
        {
            "id": wallet_id,
            "serial": serial,
            "owner_id": owner_id,
            "owner_kind": owner_kind,
            "currency": currency,
            "iban": rules.iban_for(serial),
            "account_id": account_id,
            "at": clock.now(),
        },
    )
    is_new = opened.one_or_none() is not None
    if is_new and frozen:
        freeze(wallet_id=wallet_id, freeze=frozen, actor=actor)
    wallet = queries.wallet(wallet_id=wallet_id)
    if is_new:
        publish(
            WalletOpened(
                wallet_id=wallet.id,
                owner_id=owner_id,
                owner_kind=owner_kind,
                currency=currency,
                iban=wallet.iban,
            )
        )
    return wallet


def _refuse_closed(owner_id: UUID, known: WalletView | None) -> None:
    customer = parties.customer(owner_id=owner_id)
    if customer is not None and customer.closed_at is not None:
        raise AccountClosed(day=customer.closed_at.date())
    if known is not None and known.is_closed:
        row = session().get_one(Wallet, known.id)
        assert row.closed_at is not None, "closing wrote the day"
        raise WalletClosed(currency=known.currency, day=row.closed_at.date())


@command("banking.wallets.close")
def close(*, wallet_id: UUID, actor: Actor) -> None:
    """Let a wallet refuse everything for good; whoever closes looks first what is in it.

    Locks: the wallet, then its account. Raises: WalletUnknown.
    """
    row = session().get(Wallet, wallet_id, with_for_update=True)
    if row is None:
        raise WalletUnknown
    row.closed_at = clock.now()
    session().flush()
    freeze(wallet_id=wallet_id, freeze=Freeze.ALL | Freeze.CLOSED, actor=actor)


@command("banking.wallets.hold")
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


@command("banking.wallets.ask_exchange")
def ask_exchange(
    *, owner_id: UUID, sell: str, buy: str, amount: Money, side: Side, actor: Actor
) -> QuoteView:
    """Quote an exchange that the owner's wallet can pay. Raises: MoreThanHeld, as fx.fx_quote."""
    quote = fx.fx_quote(
        owner_id=owner_id, sell=sell, buy=buy, amount=amount, side=side, actor=actor
    )
    assert quote.exchange is not None, "a quote for an amount holds it"
    source = queries.wallet_for(owner_id=owner_id, currency=sell)
    available = source.available if source else Money.zero(sell)
    needed = quote.exchange.sold
    if needed > available:
        field = "give_amount" if side is Side.SELL else "get_amount"
        data = {"available": available, "needed": needed}
        raise MoreThanHeld({field: Message(MoreThanHeld.message, data)}, **data)
    return quote


@command("banking.wallets.exchange")
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


@command("banking.wallets.freeze")
def freeze(*, wallet_id: UUID, freeze: Freeze, actor: Actor) -> WalletView:
    """Let a wallet refuse debits, credits or both; NONE thaws it. Raises: WalletUnknown."""
    wallet = queries.wallet(wallet_id=wallet_id)
    ledger.freeze(kind=wallet.account.kind, key=wallet.account.key, freeze=freeze, actor=actor)
    return queries.wallet(wallet_id=wallet_id)
