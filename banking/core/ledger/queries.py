"""What the ledger says: balances, journals, movements, holds, and whether it is whole."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, RowMapping, text

from banking.core.ledger.errors import AccountUnknown, HoldUnknown, JournalUnknown, PutAside
from banking.core.ledger.rules import KIND_NAMES, AccountRef, Freeze, Leg, Phase
from kernel import clock
from kernel.db import session
from kernel.money import Money


def kind_name(kind: str) -> str:
    """Return the marked word or two that a kind of account is called by."""
    return KIND_NAMES.get(kind, kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalView:
    """A booked journal; is_replay tells that this call found it booked before.

    Units: parked in minor units: what a wallet could not take in and its suspense account did.
    """

    id: int
    key: UUID
    kind: str
    subject: str
    value_date: date
    booked_at: datetime
    is_replay: bool = False
    parked: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What an account holds, keeps back, and has available."""

    account_id: int
    account: AccountRef
    posted: Money
    held: Money
    freeze: Freeze

    @property
    def available(self) -> Money:
        """Posted less held; what may be spent while the floor is zero."""
        return self.posted - self.held


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldView:
    """Money kept back of an account.

    Shape: state is open, captured, released or expired.
    """

    id: UUID
    account: AccountRef
    amount: Money
    captured: Money
    remaining: Money
    state: str
    reason: str
    subject: str
    placed_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One posted entry of an account, as a statement shows it."""

    entry_id: int
    journal_id: int
    kind: str
    subject: str
    amount: Money
    balance_after: Money | None
    memo: str
    value_date: date
    booked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """The ledger recomputed from its entries, and from what is carried of years put aside.

    Shape: totals maps currency to the sum over all accounts, zero when sound; problem names the
    first bad row, None when there is none.
    """

    balanced: bool
    entries: int
    totals: Mapping[str, int]
    problem: Mapping[str, Any] | None


_BALANCES = text(
    "SELECT b.* FROM unnest(CAST(:kinds AS text[]), CAST(:keys AS text[]),"
    " CAST(:currencies AS text[])) n (kind, key, currency)"
    " JOIN banking.account_balances b USING (kind, key, currency)"
)
_BY_ID = text("SELECT * FROM banking.account_balances WHERE id = :id")
_OF_KIND = text("SELECT * FROM banking.account_balances WHERE kind = :kind ORDER BY currency, key")
_JOURNAL = text(
    "SELECT id, key, kind, subject, value_date, booked_at FROM banking.journals WHERE id = :id"
)
_LEGS = text(
    "SELECT a.kind, a.key, a.currency, e.amount, e.phase, e.memo FROM banking.entries e"
    " JOIN banking.ledger_accounts a ON a.id = e.account_id WHERE e.journal_id = :id ORDER BY e.leg"
)
_HOLDS = """
    SELECT h.*, a.kind, a.key FROM banking.holds h
    JOIN banking.ledger_accounts a ON a.id = h.account_id
"""
_HOLD = text(f"{_HOLDS} WHERE h.id = :id")
_OPEN_HOLDS = text(
    f"{_HOLDS} WHERE h.account_id = ANY (:accounts) AND h.state = 'open' ORDER BY h.placed_at, h.id"
)
_OVERDUE = text(
    "SELECT DISTINCT account_id FROM banking.holds WHERE state = 'open' AND expires_at <= :at"
    " ORDER BY account_id LIMIT 1000"
)
_MOVEMENTS = text(
    "SELECT e.id, e.journal_id, j.kind, j.subject, e.amount, e.currency, e.balance_after, e.memo,"
    " j.value_date, j.booked_at FROM banking.entries e"
    " JOIN banking.journals j ON j.id = e.journal_id"
    " WHERE e.account_id = :account AND e.phase = 1"
    " AND (CAST(:before AS bigint) IS NULL OR e.id < :before)"
    " AND (CAST(:since AS timestamptz) IS NULL OR j.booked_at >= :since)"
    " AND (CAST(:until AS timestamptz) IS NULL OR j.booked_at < :until)"
    " ORDER BY e.id DESC LIMIT :count"
)
_ABOUT = text(
    "SELECT e.id, e.journal_id, j.kind, j.subject, e.amount, e.currency, e.balance_after, e.memo,"
    " j.value_date, j.booked_at FROM banking.journals j"
    " JOIN banking.entries e ON e.journal_id = j.id"
    " WHERE j.subject = ANY (CAST(:subjects AS text[])) AND e.account_id = ANY (:accounts)"
    " AND e.phase = 1 ORDER BY e.id"
)
_POSTED_AT = text(
    "SELECT coalesce((SELECT sum(e.amount) FROM banking.entries e"
    " JOIN banking.journals j ON j.id = e.journal_id"
    " WHERE e.account_id = :account AND e.phase = 1 AND j.booked_at < :at), 0)"
    " + coalesce((SELECT sum(posted) FROM banking.ledger_carried WHERE account_id = :account), 0)"
)
_PUT_ASIDE = text("SELECT max(last_booked_at) FROM banking.ledger_years")
_BALANCE_AFTER = text(
    "SELECT coalesce((SELECT balance_after FROM banking.entries"
    " WHERE account_id = :account AND id <= :entry ORDER BY id DESC LIMIT 1),"
    " (SELECT sum(posted) FROM banking.ledger_carried WHERE account_id = :account), 0)"
)


def balances(*, accounts: Sequence[AccountRef]) -> dict[AccountRef, Balance]:
    """Return the balances of those accounts that exist, all from one snapshot."""
    rows = session().execute(
        _BALANCES,
        {
            "kinds": [a.kind for a in accounts],
            "keys": [a.key for a in accounts],
            "currencies": [a.currency for a in accounts],
        },
    )
    existing = [_balance(row) for row in rows.mappings()]
    return {balance.account: balance for balance in existing}


def balance(*, account: AccountRef) -> Balance:
    """Return the balance of one account.

    Raises: AccountUnknown.
    """
    existing = balances(accounts=[account])
    if not existing:
        raise AccountUnknown(kind=account.kind, key=account.key, currency=account.currency)
    return next(iter(existing.values()))


def balances_of_kind(*, kind: str) -> list[Balance]:
    """Return every account of a kind, by currency and key."""
    return [_balance(row) for row in session().execute(_OF_KIND, {"kind": kind}).mappings()]


def journal(*, journal_id: int, is_replay: bool = False) -> JournalView:
    """Return a journal; a command that finds its own earlier work marks it as a replay.

    Raises: JournalUnknown.
    """
    row = session().execute(_JOURNAL, {"id": journal_id}).mappings().one_or_none()
    if row is None:
        raise JournalUnknown
    return JournalView(**row, is_replay=is_replay)


def legs_of(*, journal_id: int) -> list[Leg]:
    """Return the entries of a journal as legs, in their order."""
    return [
        Leg(
            AccountRef(row.kind, row.key, row.currency),
            Money(row.amount, row.currency),
            Phase(row.phase),
            row.memo,
        )
        for row in session().execute(_LEGS, {"id": journal_id})
    ]


def hold(*, hold_id: UUID) -> HoldView:
    """Return a hold in whatever state.

    Raises: HoldUnknown.
    """
    row = session().execute(_HOLD, {"id": hold_id}).mappings().one_or_none()
    if row is None:
        raise HoldUnknown
    return hold_view(row)


def open_holds(*, account_ids: Sequence[int]) -> dict[int, list[HoldView]]:
    """Return the open holds of accounts by account id, oldest first."""
    by_account: dict[int, list[HoldView]] = {}
    for row in session().execute(_OPEN_HOLDS, {"accounts": list(account_ids)}).mappings():
        by_account.setdefault(row["account_id"], []).append(hold_view(row))
    return by_account


def accounts_with_overdue_holds() -> list[int]:
    """Return up to a thousand accounts with a hold whose time is over."""
    return list(session().execute(_OVERDUE, {"at": clock.now()}).scalars())


def movements(
    *,
    account_id: int,
    count: int = 50,
    before: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Movement]:
    """Return posted entries of an account, newest first; `before` is an entry id to go on from."""
    where = {"account": account_id, "count": count, "before": before, "since": since}
    return [_movement(row) for row in session().execute(_MOVEMENTS, where | {"until": until})]


def movements_about(*, account_ids: Collection[int], subjects: Collection[str]) -> list[Movement]:
    """Return the posted entries of accounts that are about any of the subjects, oldest first."""
    where = {"accounts": list(account_ids), "subjects": sorted(set(subjects))}
    return [_movement(row) for row in session().execute(_ABOUT, where)]


def _movement(row: Row[Any]) -> Movement:
    return Movement(
        entry_id=row.id,
        journal_id=row.journal_id,
        kind=row.kind,
        subject=row.subject,
        amount=Money(row.amount, row.currency),
        balance_after=_maybe(row.balance_after, row.currency),
        memo=row.memo,
        value_date=row.value_date,
        booked_at=row.booked_at,
    )


def posted_at(*, account_id: int, at: datetime) -> Money:
    """Return what an account held at the beginning of an instant.

    Raises: AccountUnknown, PutAside.
    """
    check_kept(at)
    row = session().execute(_BY_ID, {"id": account_id}).mappings().one_or_none()
    if row is None:
        raise AccountUnknown
    minor = session().execute(_POSTED_AT, {"account": account_id, "at": at}).scalar_one()
    return Money(int(minor), row["currency"])


def balance_after(*, account_id: int, entry: int) -> int:
    """Return what a guarded account held after one of its entries, in minor units.

    Of entries that were put aside it is what is carried of them all: nothing moved since, or what
    is asked for stands before the first entry that is kept.
    """
    where = {"account": account_id, "entry": entry}
    return int(session().execute(_BALANCE_AFTER, where).scalar_one())


def put_aside_until() -> datetime | None:
    """Return when the last journal was booked whose entries were put aside, None without one."""
    until: datetime | None = session().execute(_PUT_ASIDE).scalar_one()
    return until


def check_kept(at: datetime) -> None:
    """Refuse an instant whose entries were put aside: nothing is there, which is not zero.

    Raises: PutAside.
    """
    until = put_aside_until()
    if until is not None and at <= until:
        raise PutAside(since=until.date() + timedelta(days=1))


def verify_ledger() -> Verification:
    """Recompute the ledger and name the first row that is not as its entries say."""
    report = session().execute(text("SELECT banking.verify_ledger()")).scalar_one()
    sound = report["problem"] is None and not any(report["totals"].values())
    return Verification(
        balanced=sound,
        entries=report["entries"],
        totals=report["totals"],
        problem=report["problem"],
    )


def hold_view(row: Mapping[str, Any] | RowMapping) -> HoldView:
    """Return a row of holds joined with its account's name as a view."""
    currency = row["currency"]
    left = row["amount"] - row["captured"] - row["released"]
    return HoldView(
        id=row["id"],
        account=AccountRef(row["kind"], row["key"], currency),
        amount=Money(row["amount"], currency),
        captured=Money(row["captured"], currency),
        remaining=Money(left, currency),
        state=row["state"],
        reason=row["reason"],
        subject=row["subject"],
        placed_at=row["placed_at"],
        expires_at=row["expires_at"],
    )


def _balance(row: RowMapping) -> Balance:
    return Balance(
        account_id=row["id"],
        account=AccountRef(row["kind"], row["key"], row["currency"]),
        posted=Money(row["posted"], row["currency"]),
        held=Money(row["held"], row["currency"]),
        freeze=Freeze(row["status"]),
    )


def _maybe(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(minor, currency)
