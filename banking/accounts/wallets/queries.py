"""What an owner has: wallets with balance, what is kept back and why, and movements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, text

from banking.accounts.wallets.errors import WalletUnknown
from banking.accounts.wallets.rules import (
    SET_ASIDE,
    STAND_IN,
    WALLET_CURRENCIES,
    OwnerKind,
    is_ours,
    wallet_currency,
)
from banking.core.ledger import queries as ledger
from banking.core.ledger.queries import HoldView, Movement
from banking.core.ledger.service import AccountRef, Freeze
from kernel import clock
from kernel.db import in_command, session
from kernel.money import Money

__all__ = [
    "SET_ASIDE",
    "STAND_IN",
    "WALLET_CURRENCIES",
    "OwnerKind",
    "WalletView",
    "is_ours",
    "movements",
    "refused_by_all",
    "wallet",
    "wallet_by_iban",
    "wallet_currency",
    "wallet_for",
    "wallets_by_iban",
    "wallets_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletView:
    """One wallet as its owner sees it, all from one snapshot.

    Shape: iban without spaces; holds are the open ones, oldest first; last_entry is the newest one
    that posted counts, 0 without any; waiting is what came and the wallet could not take in.
    """

    id: UUID
    owner_id: UUID
    owner_kind: OwnerKind
    currency: str
    iban: str
    account_id: int
    posted: Money
    held: Money
    freeze: Freeze
    holds: Sequence[HoldView]
    last_entry: int
    waiting: Money

    @property
    def available(self) -> Money:
        """What may be spent: posted less held."""
        return self.posted - self.held

    @property
    def is_closed(self) -> bool:
        """Whether its owner closed it for good."""
        return bool(self.freeze & Freeze.CLOSED)

    @property
    def account(self) -> AccountRef:
        """The ledger account behind the wallet."""
        return AccountRef.wallet(self.id, self.currency)

    @property
    def printed_iban(self) -> str:
        """The IBAN in groups of four."""
        return " ".join(self.iban[i : i + 4] for i in range(0, len(self.iban), 4))


# Balance, holds and the last entry in one statement, so that a page never shows one without the
# other: entries are never changed, so those up to the last are the past of this very balance.
_WALLETS = """
    SELECT w.id, w.owner_id, w.owner_kind, w.currency, w.iban, w.account_id, a.posted, a.held,
        a.status, h.holds, coalesce((
            SELECT max(e.id) FROM banking.entries e WHERE e.account_id = a.id
        ), 0) AS last_entry, coalesce(s.posted, 0) AS waiting
    FROM banking.wallets w
    JOIN banking.ledger_accounts a ON a.id = w.account_id
    LEFT JOIN banking.ledger_accounts s ON s.kind = 'wallet_suspense'
        AND s.key = CAST(w.id AS text) AND s.currency = w.currency
    LEFT JOIN LATERAL (
        SELECT jsonb_agg(to_jsonb(o) || jsonb_build_object('kind', a.kind, 'key', a.key)
            ORDER BY o.placed_at, o.id) AS holds
        FROM banking.holds o WHERE o.account_id = a.id AND o.state = 'open'
    ) h ON true
"""
_OF_OWNER = text(f"{_WALLETS} WHERE w.owner_id = :owner ORDER BY w.opened_at, w.serial")
_BY_ID = text(f"{_WALLETS} WHERE w.id = :id")
_BY_IBAN = text(f"{_WALLETS} WHERE w.iban = :iban")
_BY_IBANS = text(f"{_WALLETS} WHERE w.iban = ANY (CAST(:ibans AS text[]))")
_BY_CURRENCY = text(f"{_WALLETS} WHERE w.owner_id = :owner AND w.currency = :currency")


def wallets_of(*, owner_id: UUID, with_closed: bool = False) -> list[WalletView]:
    """Return the wallets of an owner, first opened first; closed ones where the past is shown.

    A page asks the database once, so that its header and its lines show one instant.
    """
    return [view for view in _all_of(owner_id) if with_closed or not view.is_closed]


def refused_by_all(owned: Sequence[WalletView]) -> Freeze:
    """Return what every one of some wallets refuses, nothing without any."""
    together = Freeze.ALL if owned else Freeze.NONE
    for view in owned:
        together &= view.freeze
    return together


def _all_of(owner_id: UUID) -> list[WalletView]:
    if in_command():
        return _read(owner_id)
    by_owner: dict[UUID, list[WalletView]] = session().info.setdefault(WalletView, {})
    if owner_id not in by_owner:
        by_owner[owner_id] = _read(owner_id)
    return by_owner[owner_id]


def wallet_for(*, owner_id: UUID, currency: str, with_closed: bool = False) -> WalletView | None:
    """Return the wallet of an owner in a currency, None when there is none or it is closed."""
    view = _in_currency(owner_id, currency)
    return view if view is not None and (with_closed or not view.is_closed) else None


def _in_currency(owner_id: UUID, currency: str) -> WalletView | None:
    if not in_command():
        return next((w for w in _all_of(owner_id) if w.currency == currency), None)
    where = {"owner": owner_id, "currency": currency}
    row = session().execute(_BY_CURRENCY, where).mappings().one_or_none()
    return None if row is None else _view(row)


def wallet(*, wallet_id: UUID) -> WalletView:
    """Return a wallet.

    Raises: WalletUnknown.
    """
    row = session().execute(_BY_ID, {"id": wallet_id}).mappings().one_or_none()
    if row is None:
        raise WalletUnknown
    return _view(row)


def wallet_by_iban(*, iban: str) -> WalletView | None:
    """Return the wallet behind an IBAN, with or without spaces; None when it is not ours."""
    compact = iban.replace(" ", "").upper()
    row = session().execute(_BY_IBAN, {"iban": compact}).mappings().one_or_none()
    return None if row is None else _view(row)


def wallets_by_iban(*, ibans: Sequence[str]) -> dict[str, WalletView]:
    """Return the wallets behind compact IBANs, by IBAN, in one statement; others are left out."""
    rows = session().execute(_BY_IBANS, {"ibans": sorted(set(ibans))}).mappings()
    return {row["iban"]: _view(row) for row in rows}


def movements(
    *,
    wallet_id: UUID,
    count: int = 50,
    before: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Movement]:
    """Return movements of a wallet, newest first; `before` is an entry id to go on from.

    Raises: WalletUnknown.
    """
    account = wallet(wallet_id=wallet_id).account_id
    return ledger.movements(
        account_id=account, count=count, before=before, since=since, until=until
    )


def _read(owner_id: UUID) -> list[WalletView]:
    return [_view(row) for row in session().execute(_OF_OWNER, {"owner": owner_id}).mappings()]


def _view(row: RowMapping) -> WalletView:
    currency = row["currency"]
    holds = [ledger.hold_view(_typed(item)) for item in row["holds"] or []]
    now = clock.now()
    # A hold that is over keeps nothing back any more, although its row is closed a little later.
    open_holds = [hold for hold in holds if hold.expires_at > now]
    over = sum(hold.remaining.minor for hold in holds if hold.expires_at <= now)
    return WalletView(
        id=row["id"],
        owner_id=row["owner_id"],
        owner_kind=OwnerKind(row["owner_kind"]),
        currency=currency,
        iban=row["iban"],
        account_id=row["account_id"],
        posted=Money(row["posted"], currency),
        held=Money(row["held"] - over, currency),
        freeze=Freeze(row["status"]),
        holds=open_holds,
        last_entry=row["last_entry"],
        waiting=Money(row["waiting"], currency),
    )


def _typed(item: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        **item,
        "id": UUID(item["id"]),
        "placed_at": datetime.fromisoformat(item["placed_at"]),
        "expires_at": datetime.fromisoformat(item["expires_at"]),
    }
