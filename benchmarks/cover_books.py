"""Whether accounts say what registers, bordereaux, claims and treaties add up to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import text

from banking import api as bank
from insurance.money.books import deposits
from kernel.db import session

# By key and currency, minor units.
Sums = Mapping[tuple[str, str], int]

# What an account has to hold, each as (kinds with their signs, statement of key, currency, amount).
_BOOKS: tuple[tuple[str, tuple[tuple[str, int], ...], str], ...] = (
    (
        "premium due by the registers",
        (("premium_payable", 1),),
        """
        SELECT insurer_key, currency, sum(net - commission) FROM insurance.premium_moves
        GROUP BY 1, 2
        UNION ALL
        SELECT m.insurer_key, m.currency, -s.premium FROM insurance.settlements AS s
        JOIN insurance.bordereau_months AS m ON m.id = s.month_id
        """,
    ),
    (
        "premium due by the bordereaux",
        (("premium_payable", 1),),
        """
        SELECT m.insurer_key, m.currency,
            CAST(m.totals -> 'premium' ->> 'net_due' AS bigint) - coalesce(s.premium, 0)
        FROM insurance.bordereau_months AS m
        LEFT JOIN insurance.settlements AS s ON s.month_id = m.id
        """,
    ),
    (
        "taxes by the bordereaux",
        (("premium_tax_payable", 1),),
        """
        SELECT l.cells ->> 'territory', m.currency, sum(CAST(l.cells ->> 'tax' AS bigint))
        FROM insurance.bordereau_lines AS l
        JOIN insurance.bordereau_months AS m ON m.id = l.month_id
        WHERE l.kind = 'tax' GROUP BY 1, 2
        UNION ALL
        SELECT t.key, m.currency, -CAST(t.value AS bigint)
        FROM insurance.settlements AS s
        JOIN insurance.bordereau_months AS m ON m.id = s.month_id
        CROSS JOIN LATERAL jsonb_each_text(s.taxes) AS t
        """,
    ),
    (
        "reserves of open claims",
        (("insurer_case_reserve", 1),),
        """
        SELECT p.insurer_key, c.currency, sum(c.reserve) FROM insurance.claims AS c
        JOIN insurance.policies AS p ON p.id = c.policy_id
        WHERE c.state NOT IN ('approved', 'refused', 'paid', 'waiting_for_funds', 'withdrawn')
        GROUP BY 1, 2
        UNION ALL
        SELECT p.insurer_key, c.currency, sum(c.reserve) FROM insurance.cargo_claims AS c
        JOIN insurance.cargo_policies AS p ON p.id = c.policy_id
        WHERE c.state NOT IN ('approved', 'refused', 'paid', 'waiting_for_funds', 'withdrawn')
        GROUP BY 1, 2
        """,
    ),
    (
        "approved and not paid yet",
        (("insurer_claims_payable", 1),),
        """
        SELECT p.insurer_key, c.currency, sum(c.payable) FROM insurance.claims AS c
        JOIN insurance.policies AS p ON p.id = c.policy_id
        WHERE c.state IN ('approved', 'waiting_for_funds') GROUP BY 1, 2
        UNION ALL
        SELECT p.insurer_key, c.currency, sum(c.payable) FROM insurance.cargo_claims AS c
        JOIN insurance.cargo_policies AS p ON p.id = c.policy_id
        WHERE c.state IN ('approved', 'waiting_for_funds') GROUP BY 1, 2
        """,
    ),
    (
        "premium written",
        (("insurer_unearned_premium", 1), ("insurer_earned_premium", 1)),
        "SELECT insurer_key, currency, sum(net) FROM insurance.premium_moves GROUP BY 1, 2",
    ),
    (
        "premium earned by the day",
        (("insurer_earned_premium", 1),),
        "SELECT insurer_key, currency, sum(net) FROM insurance.earned_days GROUP BY 1, 2",
    ),
    (
        "commission",
        (("agency_commission_deferred", 1), ("agency_commission", 1)),
        "SELECT insurer_key, currency, sum(commission) FROM insurance.premium_moves GROUP BY 1, 2",
    ),
    (
        "acquisition cost",
        (("insurer_acquisition_deferred", -1), ("insurer_acquisition_cost", -1)),
        "SELECT insurer_key, currency, sum(commission) FROM insurance.premium_moves GROUP BY 1, 2",
    ),
    (
        "losses not reported yet",
        (("insurer_ibnr", 1),),
        """
        SELECT insurer_key, currency, sum(amount) FROM insurance.unreported_months
        WHERE month = (SELECT max(month) FROM insurance.unreported_months) GROUP BY 1, 2
        """,
    ),
    (
        "claims incurred",
        (("insurer_claims_incurred", -1), ("insurer_ibnr", -1)),
        """
        SELECT insurer_key, currency, sum(reserve - reserve_before + owed + paid - recovered)
        FROM insurance.claim_moves GROUP BY 1, 2
        UNION ALL
        SELECT treaty_key, currency, -sum(amount) FROM insurance.cessions
        WHERE register = 'claims' GROUP BY 1, 2
        """,
    ),
    (
        "accepted by carriers and not paid yet",
        (("insurer_recoveries_due", -1),),
        """
        SELECT insurer_key, currency, sum(accepted - received) FROM insurance.carrier_claims
        GROUP BY 1, 2
        """,
    ),
    (
        "deposits of open covers",
        ((deposits.DEPOSITS, 1),),
        "SELECT ref, currency, deposit FROM insurance.open_covers",
    ),
    (
        "premium owed under open covers",
        ((deposits.OWED, -1),),
        "SELECT ref, currency, owed FROM insurance.open_covers",
    ),
    (
        "owed to reinsurers",
        (("insurer_reinsurer_payable", 1),),
        """
        SELECT treaty_key, currency, sum(amount - commission) FROM insurance.cessions
        WHERE register = 'premium' GROUP BY 1, 2
        """,
    ),
    (
        "owed by reinsurers",
        (("insurer_reinsurance_recoverable", -1),),
        """
        SELECT treaty_key, currency, sum(amount) FROM insurance.cessions
        WHERE register = 'claims' GROUP BY 1, 2
        """,
    ),
)
# Both books of the same thing: the platform's account, and the insurer's against it.
_BOTH = (
    ("premium due in both books", "premium_payable", "insurer_premium_due"),
    ("claims money in both books", "insurer_float", "insurer_float_asset"),
)
_UNBALANCED = text(
    """
    SELECT journal_id, currency, sum(amount) AS amount FROM banking.entries
    GROUP BY journal_id, currency HAVING sum(amount) <> 0
    """
)
_SIZE = text(
    "SELECT (SELECT count(*) FROM banking.journals), (SELECT count(*) FROM banking.entries)"
)


def differences() -> list[str]:
    """Return in words what differs by insurer, country or treaty and currency.

    Shape: journals out of balance come last.
    """
    found = []
    for what, kinds, statement in _BOOKS:
        rows = session().execute(text(statement)).all()
        found += _differing(what, _added(tuple(row) for row in rows), _held(kinds))
    for what, platform, insurers in _BOTH:
        found += _differing(what, _held(((insurers, -1),)), _held(((platform, 1),)))
    for row in session().execute(_UNBALANCED):
        found.append(f"journal {row.journal_id} is {row.amount} {row.currency} out of balance")
    return found


def size() -> tuple[int, int]:
    """Return how many journals and entries the ledger holds."""
    journals, entries = session().execute(_SIZE).one()
    return journals, entries


def _held(kinds: Iterable[tuple[str, int]]) -> Sums:
    return _added(
        (balance.account.key, balance.account.currency, sign * balance.posted.minor)
        for kind, sign in kinds
        for balance in bank.balances_of_kind(kind=kind)
    )


def _added(rows: Iterable[tuple[str, str, int]]) -> Sums:
    sums: dict[tuple[str, str], int] = {}
    for key, currency, minor in rows:
        sums[key, currency] = sums.get((key, currency), 0) + int(minor)
    return sums


def _differing(what: str, said: Sums, held: Sums) -> list[str]:
    return [
        f"{what}: {key} {currency}: {said.get((key, currency), 0)} said,"
        f" {held.get((key, currency), 0)} booked"
        for key, currency in sorted({*said, *held})
        if said.get((key, currency), 0) != held.get((key, currency), 0)
    ]
