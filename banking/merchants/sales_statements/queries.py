"""A vendor's statement for any days, read from the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from banking.accounts.parties.queries import Owner
from banking.accounts.wallets import queries as wallets
from banking.accounts.wallets.errors import WalletUnknown
from banking.accounts.wallets.queries import WalletView
from banking.core.ledger import queries as ledger
from banking.core.ledger.service import AccountKind, AccountRef
from banking.merchants.payouts import queries as payouts
from banking.merchants.payouts.queries import LINE, Line
from banking.merchants.sales_statements import rules
from banking.merchants.sales_statements.errors import EarningsTooMany
from banking.merchants.sales_statements.rules import Moved, Sums
from kernel import clock
from kernel.actor import Actor
from kernel.money import Money

__all__ = ["LINE"]

PAGE = 60
MOST = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a vendor had, earned and was paid in some days. Shape: lines oldest first."""

    owner: Owner
    wallet: WalletView
    currencies: Sequence[str]
    since: date
    until: date
    sums: Sums
    lines: Sequence[Line]
    made_at: datetime

    @property
    def currency(self) -> str:
        """The currency of the statement."""
        return self.wallet.currency

    def page(self, after: int) -> Sequence[Line]:
        """Return the lines after an entry, a page of them and one more if there is one."""
        return [line for line in self.lines if line.entry_id > after][: PAGE + 1]


def statement_for(
    actor: Actor, *, account: UUID | None, currency: str, since: date, until: date
) -> Statement:
    """Return a vendor's statement: the wallet, less what the vendor owes the house.

    Days are those of UTC. Raises: NotFound, WalletUnknown, EarningsTooMany.
    """
    owner = payouts.vendor_for(actor, account)
    owned = wallets.wallets_of(owner_id=owner.id)
    wallet = next((w for w in owned if w.currency == currency), owned[0] if owned else None)
    if wallet is None or (currency and wallet.currency != currency):
        raise WalletUnknown
    begin, end = _midnight(since), _midnight(until + timedelta(days=1))
    ids = _accounts(wallet)
    lines = payouts.lines_of(
        account_ids=ids, currency=wallet.currency, since=begin, until=end, count=MOST + 1
    )
    if len(lines) > MOST:
        raise EarningsTooMany(most=Decimal(MOST))
    opening = sum(ledger.posted_at(account_id=one, at=begin).minor for one in ids)
    moved = [Moved(kind=line.kind, amount=line.amount, fee=line.fee) for line in lines]
    return Statement(
        owner=owner,
        wallet=wallet,
        currencies=[w.currency for w in owned],
        since=since,
        until=until,
        lines=lines,
        made_at=clock.now(),
        sums=rules.added_up(Money(opening, wallet.currency), moved),
    )


def _accounts(wallet: WalletView) -> list[int]:
    # What was written off is owed still.
    owing = ledger.balances(
        accounts=[
            AccountRef(kind, str(wallet.owner_id), wallet.currency)
            for kind in (AccountKind.VENDOR_DEBT, AccountKind.WRITTEN_OFF)
        ]
    )
    return [wallet.account_id, *(one.account_id for one in owing.values())]


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), tzinfo=UTC)
