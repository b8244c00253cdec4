"""What tiers allow on a day, what is left of each limit, and what waits outside a full wallet."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from banking.accounts.limits import rules
from banking.accounts.limits.rules import Period, TierLimits, TierRow
from banking.accounts.parties import queries as parties
from kernel import clock, currencies
from kernel.db import reading, session
from kernel.memory import Memory
from kernel.money import Money

__all__ = ["Period", "TierLimits"]

_STANDING = text(
    """
    SELECT w.wallet_id, w.period, w.currency, w.amount_minor, coalesce(a.posted, 0) AS used
    FROM banking.allowances w
    LEFT JOIN banking.ledger_accounts a ON a.kind = 'limit_' || w.period
        AND a.currency = w.currency AND a.key = w.wallet_id || ':'
            || CASE w.period WHEN 'month' THEN :month ELSE :day END
    WHERE w.owner_id = :owner
    """
)
# The one asked for last counts, and beside it the one that is still to come.
_OWN = text(
    """
    SELECT DISTINCT ON (o.wallet_id, o.period, o.effective_at > :now)
        o.id, o.wallet_id, o.period, o.amount_minor, o.asked_at, o.effective_at
    FROM banking.own_limits o JOIN banking.allowances w USING (wallet_id, period)
    WHERE w.owner_id = :owner
    ORDER BY o.wallet_id, o.period, o.effective_at > :now, o.asked_at DESC, o.id DESC
    """
)
_TOGETHER = text(
    """
    SELECT o.period, o.amount_minor, coalesce(a.posted, 0) AS used
    FROM banking.owner_allowances o
    LEFT JOIN banking.ledger_accounts a ON a.kind = 'limit_owner_' || o.period
        AND a.currency = 'EUR' AND a.key = o.owner_id || ':'
            || CASE o.period WHEN 'month' THEN :month ELSE :day END
    WHERE o.owner_id = :owner ORDER BY o.period
    """
)
# Of each wallet what its limits leave together, and of its owner the same in euro.
_LEFT = text(
    """
    SELECT w.wallet_id, w.currency, min(w.amount_minor - coalesce(a.posted, 0)) AS rest,
        min(w.amount_minor) FILTER (WHERE w.period = 'day') AS day_minor
    FROM banking.allowances w
    LEFT JOIN banking.ledger_accounts a ON a.kind = 'limit_' || w.period
        AND a.currency = w.currency AND a.key = w.wallet_id || ':'
            || CASE w.period WHEN 'month' THEN :month ELSE :day END
    WHERE w.owner_id = :owner AND w.period IN ('day', 'month') GROUP BY 1, 2
    UNION ALL
    SELECT NULL, 'EUR', min(o.amount_minor - coalesce(a.posted, 0)), NULL
    FROM banking.owner_allowances o
    LEFT JOIN banking.ledger_accounts a ON a.kind = 'limit_owner_' || o.period
        AND a.currency = 'EUR' AND a.key = o.owner_id || ':'
            || CASE o.period WHEN 'month' THEN :month ELSE :day END
    WHERE o.owner_id = :owner HAVING count(*) > 0
    """
)
_OWNER_OF = text("SELECT owner_id FROM banking.allowances WHERE wallet_id = :wallet LIMIT 1")
# A wallet's owner never changes.
_owners: Memory[UUID, UUID] = Memory(seconds=3600, most=10_000)
_WAITING = text(
    """
    SELECT s.key, s.currency, s.posted, w.ceiling - w.posted AS room
    FROM banking.ledger_accounts s JOIN banking.ledger_accounts w
        ON w.kind = 'wallet' AND w.key = s.key AND w.currency = s.currency
    WHERE s.kind = 'wallet_suspense' AND s.key = ANY (CAST(:wallets AS text[])) AND s.posted > 0
    ORDER BY s.currency
    """
)
_PARKED = text(
    """
    SELECT e.amount, e.currency, w.owner_id FROM banking.entries e
    JOIN banking.ledger_accounts a ON a.id = e.account_id
    JOIN banking.allowances w ON w.wallet_id = CAST(a.key AS uuid) AND w.period = 'day'
    WHERE e.journal_id = :journal AND a.kind = 'wallet_suspense' AND e.amount > 0
    """
)
_DUE = text(
    """
    SELECT DISTINCT w.owner_id FROM banking.allowances w
    WHERE w.applied_at < :published OR EXISTS (
        SELECT 1 FROM banking.own_limits o WHERE o.wallet_id = w.wallet_id AND o.period = w.period
            AND o.effective_at > w.applied_at AND o.effective_at <= :now
    )
    ORDER BY w.owner_id LIMIT 500
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One limit of a wallet: what may be spent in the window, and what was.

    Shape: own is the customer's choice, None without one; coming is a higher one that takes effect
    at coming_at.
    """

    wallet_id: UUID
    period: Period
    limit: Money
    used: Money
    resets_on: date
    own: Money | None = None
    coming: Money | None = None
    coming_at: datetime | None = None

    @property
    def left(self) -> Money:
        """What may still be spent; nothing when the limit was lowered below what was spent."""
        return max(Money.zero(self.limit.currency), self.limit - self.used)


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """What all wallets of an owner may spend in a window, and what they did. Units: euro."""

    period: Period
    limit: Money
    used: Money
    resets_on: date

    @property
    def left(self) -> Money:
        """What may still be spent."""
        return max(Money.zero("EUR"), self.limit - self.used)


@dataclass(frozen=True, slots=True)
class Left:
    """What a wallet may still pay today, and what it may pay on a day at all."""

    today: Money
    of: Money

    @property
    def is_little(self) -> bool:
        """Whether it is less than a tenth."""
        return self.today.minor * 10 < self.of.minor


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Money that its wallet could not take in. Shape: room None takes in all of it."""

    wallet_id: UUID
    amount: Money
    room: Money | None

    @property
    def fits(self) -> Money:
        """How much of it the wallet could take in now."""
        return rules.to_release(waiting=self.amount, room=self.room)


@dataclass(frozen=True, slots=True)
class OwnChoice:
    """What a customer chose for one limit: what counts now, and what will."""

    now: int | None = None
    coming: int | None = None
    coming_at: datetime | None = None


def tiers(*, kind: str, currency: str) -> list[TierLimits]:
    """Return what each tier of a kind of owner allows today in a currency, lowest tier first."""
    today = clock.today()
    rows: dict[int, TierRow] = {
        row.tier: row for row in _published() if row.kind == kind and row.valid_from <= today
    }
    scale = _scale(currency, today)
    return [rules.in_currency(rows[tier], currency, scale) for tier in sorted(rows)]


def tier_limits(*, kind: str, tier: int, currency: str) -> TierLimits:
    """Return what a tier allows today in a currency."""
    known = {limits.tier: limits for limits in tiers(kind=kind, currency=currency)}
    return known.get(tier) or known[max(known)]


def is_allowed(*, owner_id: UUID, amount: Money) -> bool:
    """Whether a person is known well enough to hold and pay so much at once."""
    tier = parties.tier_of(owner_id=owner_id)
    limits = tier_limits(kind="person", tier=tier, currency=amount.currency)
    return (limits.holds is None or amount <= limits.holds) and amount <= limits.spends[Period.DAY]


def wait_for_raise() -> timedelta:
    """Return how long a higher limit waits before it counts."""
    return timedelta(hours=_latest(_data()["raises"], clock.today())["wait_hours"])


def standing_of(*, owner_id: UUID) -> list[Standing]:
    """Return every limit of an owner's wallets with what was spent in the present windows."""
    today = clock.today()
    where = {
        "owner": owner_id,
        "day": rules.window(Period.DAY, today),
        "month": rules.window(Period.MONTH, today),
    }
    chosen = own_choices(owner_id=owner_id)
    return [
        _standing(row, chosen.get((row.wallet_id, Period(row.period)), OwnChoice()), today)
        for row in session().execute(_STANDING, where)
    ]


def together_of(*, owner_id: UUID) -> list[Together]:
    """Return what an owner's wallets may spend together today and this month, and what they did."""
    today = clock.today()
    where = {
        "owner": owner_id,
        "day": rules.window(Period.DAY, today),
        "month": rules.window(Period.MONTH, today),
    }
    return [
        Together(
            period=Period(row.period),
            limit=Money(row.amount_minor, "EUR"),
            used=Money(row.used, "EUR"),
            resets_on=rules.resets_on(Period(row.period), today),
        )
        for row in session().execute(_TOGETHER, where)
    ]


def left_today(*, owner_id: UUID) -> dict[UUID, Left]:
    """Return what each wallet of an owner may still pay today, whichever limit ends first."""
    today = clock.today()
    where = {
        "owner": owner_id,
        "day": rules.window(Period.DAY, today),
        "month": rules.window(Period.MONTH, today),
    }
    rows = session().execute(_LEFT, where).all()
    together = [Money(max(0, row.rest), "EUR") for row in rows if row.wallet_id is None]
    by_wallet: dict[UUID, Left] = {}
    for row in rows:
        if row.wallet_id is None:
            continue
        scale = _scale(row.currency, today)
        most = [Money(max(0, row.rest), row.currency)]
        most += [rules.from_euro(left, row.currency, scale) for left in together]
        by_wallet[row.wallet_id] = Left(min(most), Money(row.day_minor, row.currency))
    return by_wallet


def owner_of(*, wallet_id: UUID) -> UUID | None:
    """Return whose limits a wallet counts against, None when they cannot be counted."""
    known = _owners.get(wallet_id)
    if known is not None:
        return known
    with reading() as current:
        owner_id = current.execute(_OWNER_OF, {"wallet": wallet_id}).scalar_one_or_none()
    if owner_id is None:
        return None
    _owners.keep({wallet_id: owner_id})
    return UUID(str(owner_id))


def counts(currency: str) -> bool:
    """Whether limits count amounts of a currency: of those that wallets are kept in."""
    return currency in currencies.part("limits")


def in_euro(amount: Money) -> Money:
    """Return how much of an owner's limit an amount uses up, at the round figure of its currency.

    Shape: a limit does not move with the day's rate.
    """
    return rules.in_euro(amount, _scale(amount.currency, clock.today()))


def _standing(row: Row[Any], own: OwnChoice, today: date) -> Standing:
    def money(minor: int | None) -> Money | None:
        return None if minor is None else Money(minor, row.currency)

    return Standing(
        wallet_id=row.wallet_id,
        period=Period(row.period),
        own=money(own.now),
        limit=Money(row.amount_minor, row.currency),
        used=Money(row.used, row.currency),
        resets_on=rules.resets_on(Period(row.period), today),
        coming=money(own.coming),
        coming_at=own.coming_at,
    )


def own_choices(*, owner_id: UUID) -> dict[tuple[UUID, Period], OwnChoice]:
    """Return what an owner chose, by wallet and period. Units: minor units."""
    now = clock.now()
    grouped: dict[tuple[UUID, Period], list[Any]] = {}
    for row in session().execute(_OWN, {"owner": owner_id, "now": now}):
        grouped.setdefault((row.wallet_id, Period(row.period)), []).append(row)
    return {key: _choice(rows, now) for key, rows in grouped.items()}


def _choice(rows: Sequence[Any], now: datetime) -> OwnChoice:
    present = next((row for row in rows if row.effective_at <= now), None)
    coming = next((row for row in rows if row.effective_at > now), None)
    if coming and present and (present.asked_at, present.id) > (coming.asked_at, coming.id):
        coming = None  # a lower limit asked for later takes the raise back
    return OwnChoice(
        now=present.amount_minor if present else None,
        coming=coming.amount_minor if coming else None,
        coming_at=coming.effective_at if coming else None,
    )


def waiting_in(*, wallet_ids: Sequence[UUID]) -> list[Waiting]:
    """Return what waits outside of wallets that could not take it in, by currency."""
    where = {"wallets": [str(wallet_id) for wallet_id in wallet_ids]}
    return [
        Waiting(
            wallet_id=UUID(row.key),
            amount=Money(row.posted, row.currency),
            room=None if row.room is None else Money(row.room, row.currency),
        )
        for row in session().execute(_WAITING, where)
    ]


def parked_by(*, journal_id: int) -> list[tuple[UUID, Money]]:
    """Return what a journal parked, each with the wallet's owner."""
    rows = session().execute(_PARKED, {"journal": journal_id})
    return [(row.owner_id, Money(row.amount, row.currency)) for row in rows]


def owners_due() -> list[UUID]:
    """Return up to five hundred owners for whom another limit counts than stands in force."""
    today = clock.today()
    newest = max(row.valid_from for row in _published() if row.valid_from <= today)
    return list(session().execute(_DUE, {"now": clock.now(), "published": newest}).scalars())


@cache
def _data() -> Mapping[str, Any]:
    path = Path(__file__).parent / "data" / "tiers.json"
    data: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data


@cache
def _published() -> Sequence[TierRow]:
    """Return every row ever published, oldest first."""
    rows = [
        TierRow(
            kind=row["kind"],
            tier=row["tier"],
            valid_from=date.fromisoformat(row["valid_from"]),
            holds=row["holds"],
            spends={period: row[period] for period in Period},
            source=row["source"],
        )
        for row in _data()["tiers"]
    ]
    return sorted(rows, key=lambda row: row.valid_from)


def _scale(currency: str, today: date) -> Decimal:
    return Decimal(_latest(currencies.part("limits")[currency], today)["per_euro"])


def _latest(rows: Sequence[Mapping[str, Any]], today: date) -> Mapping[str, Any]:
    valid = [row for row in rows if date.fromisoformat(row["valid_from"]) <= today]
    return max(valid, key=lambda row: str(row["valid_from"]))
