"""How the balances of an owner ran over the last days, in one currency, for the chart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from sqlalchemy import text

from banking.accounts.wallets.queries import WalletView
from banking.core.fx.errors import NoRate, StaleRate
from banking.core.fx.queries import Rate, RateTable, convert
from banking.online.home import rules
from kernel import clock
from kernel.db import session
from kernel.money import Money, total

DAYS = 30
_MOST = 1000  # movements of a wallet that are read; a busier one has a shorter line
_CHANGES = text(
    """
    SELECT e.currency, CAST(j.booked_at AT TIME ZONE 'UTC' AS date) AS moved_on,
        sum(e.amount) AS amount, max(e.rank) AS rank
    FROM unnest(CAST(:accounts AS bigint[])) AS a (id)
    CROSS JOIN LATERAL (
        SELECT journal_id, currency, amount, row_number() OVER (ORDER BY id DESC) AS rank
        FROM banking.entries WHERE account_id = a.id AND phase = 1 ORDER BY id DESC LIMIT :most
    ) e
    JOIN banking.journals j ON j.id = e.journal_id
    WHERE j.booked_at >= :since GROUP BY 1, 2
    """
)


def course_of(
    wallets: Sequence[WalletView], *, base: str, rates: RateTable
) -> list[tuple[date, Money]]:
    """Return the sum of all wallets at the end of each of the last days, at today's rates.

    Shape: oldest first; empty without a movement. Currencies without a rate are left out.
    """
    days = rules.last_days(clock.today(), DAYS)
    where = {
        "accounts": [w.account_id for w in wallets],
        "most": _MOST,
        "since": datetime.combine(days[0], time(), tzinfo=UTC),
    }
    rows = session().execute(_CHANGES, where).all() if wallets else []
    if not rows:
        return []
    cut = [row.moved_on for row in rows if row.rank >= _MOST]
    days = [on for on in days if not cut or on > max(cut)]
    changes = {(r.currency, r.moved_on): Money(int(r.amount), r.currency) for r in rows}
    balances = rules.closing_balances(
        now={
            w.currency: w.posted
            for w in wallets
            if w.currency == base or mid_of(rates, w.currency, base)
        },
        changes=changes,
        days=days,
    )
    return [
        (on, total([_in_base(money, base, rates) for money in held.values()], base))
        for on, held in balances.items()
    ]


def mid_of(rates: RateTable, base: str, quote: str) -> Rate | None:
    """Return the mid rate in force, None when there is none or it is too old."""
    try:
        return rates.rate(base, quote)
    except (NoRate, StaleRate):
        return None


def _in_base(money: Money, base: str, rates: RateTable) -> Money:
    if money.currency == base or not money:
        return money if money.currency == base else Money.zero(base)
    return convert(money, base, rates.rate(money.currency, base))
