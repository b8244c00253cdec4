"""The resolution pack: tables as CSV, what they are, and a hash of each, in one zip.

Amounts are written in major units with a point, so that no reader has to know a currency's digits.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import text

from kernel.csv_files import csv_file
from kernel.db import session
from kernel.money import Money

# A file of the same books has the same bytes, whenever and wherever it is made.
_STAMP = (1980, 1, 1, 0, 0, 0)
_TYPES = {
    "minor",
    "held_minor",
    "available_minor",
    "requirement_minor",
    "resource_minor",
    "ours_minor",
    "theirs_minor",
    "owed_minor",
    "written_off_minor",
    "waiting_minor",
}

# Source: FCA CASS 10A as made by PS25/12: who is owed what, where it is, and how the books compare.
_TABLES = {
    "customers.csv": """
        SELECT w.owner_id::text AS owner, w.owner_kind AS kind,
            coalesce(p.name, o.name, '') AS name, coalesce(p.email, '') AS email,
            coalesce(p.country, o.country, '') AS country, w.iban, a.currency,
            a.posted AS minor, a.held AS held_minor, a.posted - a.held AS available_minor,
            coalesce(s.posted, 0) + coalesce(l.posted, 0) AS waiting_minor
        FROM banking.wallets w
        JOIN banking.ledger_accounts a ON a.id = w.account_id
        LEFT JOIN banking.ledger_accounts s ON s.kind = 'wallet_suspense'
            AND s.key = CAST(w.id AS text) AND s.currency = w.currency
        LEFT JOIN banking.ledger_accounts l ON l.kind = 'late_credit'
            AND l.key = CAST(w.id AS text) AND l.currency = w.currency
        LEFT JOIN kernel.person p ON p.id = w.owner_id
        LEFT JOIN kernel.organisation o ON o.id = w.owner_id
        ORDER BY w.serial
    """,
    "accounts.csv": """
        SELECT kind, key, currency, posted AS minor, held AS held_minor
        FROM banking.account_balances WHERE posted <> 0 OR held <> 0 ORDER BY kind, key, currency
    """,
    "orders.csv": """
        SELECT e.order_ref AS order, e.beneficiary_id::text AS payee, e.currency,
            e.funded - e.released - e.refunded AS minor
        FROM banking.escrows e WHERE e.funded > e.released + e.refunded ORDER BY e.order_ref
    """,
    "safeguarding_days.csv": """
        SELECT "on", currency, requirement_minor, resource_minor FROM banking.safeguarding_days
        ORDER BY "on" DESC, currency LIMIT 5000
    """,
    "safeguarding_parts.csv": """
        SELECT "on", currency, kind, side, amount_minor AS minor FROM banking.safeguarding_parts
        ORDER BY "on" DESC, currency, side, kind LIMIT 50000
    """,
    "top_ups.csv": """
        SELECT ref, "on", currency, amount_minor AS minor, state, maker_id::text AS first_person,
            checker_id::text AS second_person
        FROM banking.safeguarding_top_ups ORDER BY "on" DESC, currency
    """,
    "losses.csv": """
        SELECT l.ref, coalesce(d.ref, '') AS dispute,
            coalesce(d.owner_id, l.vendor_id)::text AS owner, l.kind, l.state, l.currency,
            l.amount_minor AS minor, l.note, l.maker_id::text AS first_person,
            l.checker_id::text AS second_person, l.proposed_at, l.closed_at
        FROM banking.losses l LEFT JOIN banking.card_disputes d ON d.id = l.dispute_id
        ORDER BY l.proposed_at DESC, l.ref LIMIT 50000
    """,
    "debts.csv": """
        SELECT d.ref AS dispute, d.owner_id::text AS owner, d.currency, d.owed_minor,
            d.written_off_minor
        FROM banking.card_disputes d WHERE d.owed_minor + d.written_off_minor > 0
        UNION ALL
        SELECT '', a.key, a.currency,
            CAST(coalesce(-sum(a.posted) FILTER (WHERE a.kind = 'vendor_debt'), 0) AS bigint),
            CAST(coalesce(-sum(a.posted) FILTER (WHERE a.kind = 'written_off'), 0) AS bigint)
        FROM banking.ledger_accounts a JOIN kernel.organisation o ON CAST(o.id AS text) = a.key
        WHERE a.kind IN ('vendor_debt', 'written_off') AND a.posted < 0 GROUP BY a.key, a.currency
        ORDER BY 1, 2, 3
    """,
    "differences.csv": """
        SELECT ref, pair, kind, reference, state, currency, ours_minor, theirs_minor, note
        FROM banking.differences ORDER BY found_at DESC, ref LIMIT 50000
    """,
    "comparisons.csv": """
        SELECT pair, since, until, ran_at, compared, found FROM banking.comparisons
        ORDER BY ran_at DESC, pair LIMIT 5000
    """,
}
_READ_ME = """Resolution pack {ref} of Entrepot Bank, made at {at}.

customers.csv           every wallet: whose it is, how to reach them, what it holds, what waits
orders.csv              what is kept for orders under way, and for whom
accounts.csv            every account of the ledger that is not zero
safeguarding_days.csv   what must be kept safe and what was, day by day
safeguarding_parts.csv  what each kind of account contributed to that
top_ups.csv             own money moved beside the customers', and who signed it
debts.csv               what customers and vendors owe, and what of it was written off
losses.csv              what the house agreed to bear, why, and which two people agreed
differences.csv         what our books and others' do not agree on
comparisons.csv         when they were compared
SHA256SUMS              a hash of each file: sha256sum --check SHA256SUMS

In accounts.csv a positive amount is owed by the bank, a negative one to it.
"""


def pack(ref: str, *, at: datetime) -> bytes:
    """Return the pack as a zip."""
    files = {"README.txt": _READ_ME.format(ref=ref, at=at.isoformat(timespec="seconds")).encode()}
    files |= {name: _table(query) for name, query in _TABLES.items()}
    sums = "".join(
        f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items()
    )
    return _zip({**files, "SHA256SUMS": sums.encode()})


def _table(query: str) -> bytes:
    result = session().execute(text(query))
    names = list(result.keys())
    heads = [name.removesuffix("_minor") if name != "minor" else "amount" for name in names]
    return csv_file(heads, [_cells(names, row) for row in result])


def _cells(names: list[str], row: Iterable[object]) -> list[str]:
    values = dict(zip(names, row, strict=True))
    return [_cell(name, value, str(values.get("currency", ""))) for name, value in values.items()]


def _cell(name: str, value: object, currency: str) -> str:
    if isinstance(value, int) and name in _TYPES:
        return str(Money(value, currency).amount)
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return "" if value is None else str(value)


def _zip(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _STAMP), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
