"""What a page of movements costs in a wallet of a thousand entries and in one of a million.

A wallet is filled by the ledger's own tables in bulk, with balances that form a chain; then the
page's queries are asked as pages ask them, and the ledger is verified.

    python -m benchmarks.bank_pages [--small 1000] [--great 1000000] [--rounds 20] [--json out.json]
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from flask import Flask
from sqlalchemy import text

from banking import api as bank
from banking.desk import home
from banking.movements import queries
from banking.movements.rules import Search, Way
from kernel import db, testing
from kernel.actor import SYSTEM, Actor, Role
from kernel.app import create_app
from kernel.ids import new_id
from kernel.money import Money

# In and out by turns, one in a thousand an exchange, all through the year 2025.
_JOURNALS = text(
    """
    INSERT INTO banking.journals
        (id, key, kind, subject, content_hash, legs, value_date, booked_at, person_id, reverses)
    SELECT nextval('banking.journals_id_seq'), gen_random_uuid(),
        CASE WHEN n % 1000 = 0 THEN 'exchange' WHEN n % 2 = 0 THEN 'escrow_funded'
            ELSE 'card_top_up' END,
        'G-' || lpad(n::text, 8, '2'), '\\x00', 2,
        (timestamptz '2025-01-01' + n * interval '365 days' / :count)::date,
        timestamptz '2025-01-01' + n * interval '365 days' / :count, NULL, NULL
    FROM generate_series(1, :count) n
    RETURNING id
    """
)
_ENTRIES = text(
    """
    WITH made AS (
        SELECT id, row_number() OVER (ORDER BY id) AS n FROM banking.journals
        WHERE id > :after ORDER BY id
    ), amounts AS (
        SELECT id, n, CASE WHEN n % 2 = 1 THEN 1000 + n % 977 ELSE -(n % 953 + 1) END AS amount
        FROM made
    ), legs AS (
        SELECT id, 1 AS leg, CAST(:wallet AS bigint) AS account, amount,
            sum(amount) OVER (ORDER BY n) AS after FROM amounts
        UNION ALL
        SELECT id, 2, :house, -amount, NULL FROM amounts
    )
    INSERT INTO banking.entries
        (journal_id, leg, account_id, currency, phase, amount, balance_after, memo)
    SELECT id, leg, account, 'EUR', 1, amount, after, '' FROM legs ORDER BY id, leg
    """
)
_BALANCE = text(
    "UPDATE banking.ledger_accounts SET posted = ("
    "SELECT sum(amount) FROM banking.entries WHERE account_id = :wallet) WHERE id = :wallet"
)
_HOUSE = text(
    "SELECT id FROM banking.ledger_accounts WHERE kind = 'card_receivable' AND currency = 'EUR'"
)


def filled(count: int) -> Actor:
    """Return the owner of a wallet with so many entries."""
    owner = Actor(person_id=new_id(), roles=frozenset({Role.BUYER}))
    person = owner.person_id or new_id()
    # Of somebody known with documents: others may not hold so much.
    bank.register_customer(owner_id=person, kind="person", country="FR", locale="en", actor=SYSTEM)
    bank.vouch(owner_id=person, words="A visitor of the benchmarks.", actor=SYSTEM)
    wallet = bank.open_wallet(
        owner_id=person, owner_kind="person", currency="EUR", actor=SYSTEM
    )  # fmt: skip
    cent = bank.JournalDraft(
        key=new_id(), kind="opening", subject="benchmark",
        legs=[
            bank.Leg(bank.AccountRef.house("card_receivable", "EUR"), bank_cent(-1)),
            bank.Leg(bank.AccountRef.house("suspense", "EUR"), bank_cent(1)),
        ],
    )  # fmt: skip
    bank.post_many(journals=[cent], actor=SYSTEM)
    with db.transaction(name="benchmark.fill", actor=SYSTEM) as current:
        after = current.execute(text("SELECT max(id) FROM banking.journals")).scalar_one()
        house = current.execute(_HOUSE).scalar_one()
        current.execute(_JOURNALS, {"count": count})
        current.execute(_ENTRIES, {"after": after, "wallet": wallet.account_id, "house": house})
        current.execute(_BALANCE, {"wallet": wallet.account_id})
    return owner


def bank_cent(minor: int) -> Money:
    return Money(minor, "EUR")


def asked(owner: Actor) -> dict[str, Callable[[], object]]:
    """Return what is measured, by name."""

    def page(search: Search, before: int | None = None) -> Callable[[], object]:
        return lambda: queries.movements(owner, account=None, search=search, before=before)

    first = page(Search())()
    assert isinstance(first, queries.MovementsPage)
    middle = Search(until=date(2025, 6, 30))
    return {
        "overview": lambda: home.overview(owner, account=None, base="EUR"),
        "newest page": page(Search()),
        "second page": page(Search(), first.before),
        "page in the middle of the year": page(middle),
        "one day": page(Search(since=date(2025, 3, 3), until=date(2025, 3, 3))),
        "only out": page(Search(way=Way.OUT)),
        "a rare kind": page(Search(theme="exchange")),
        "a word that is nowhere": page(Search(words="porcelain")),
        "an order's reference": page(Search(words=f"G-{str(7).zfill(8).replace('0', '2')}")),
    }


def measured(act: Callable[[], object], rounds: int) -> float:
    """Return the median of some rounds, in milliseconds."""
    took = []
    for _ in range(rounds):
        begun = time.perf_counter()
        with db.reading():
            act()
        took.append((time.perf_counter() - begun) * 1000)
    return statistics.median(took)


def run(app: Flask, sizes: list[int], rounds: int) -> dict[str, object]:
    """Fill a wallet of each size in one database and ask the same of each."""
    results: dict[str, dict[str, float]] = {}
    for size in sizes:
        owner = filled(size)
        with db.transaction(name="benchmark.analyse", actor=SYSTEM) as current:
            for table in ("journals", "entries", "ledger_accounts"):
                current.execute(text(f"ANALYZE banking.{table}"))
        with app.test_request_context("/en/bank/"), db.reading():
            acts = asked(owner)
        for name, act in acts.items():
            with app.test_request_context("/en/bank/"):
                results.setdefault(name, {})[str(size)] = round(measured(act, rounds), 2)
            print(f"{name:34} {size:>9}  {results[name][str(size)]:8.2f} ms", flush=True)
    begun = time.perf_counter()
    with db.reading():
        found = bank.verify_ledger()
    took = time.perf_counter() - begun
    assert found.balanced, found.problem
    million = took / found.entries * 1_000_000
    print(f"verify-ledger: {found.entries} entries in {took:.2f} s, {million:.2f} s a million")
    return {"pages_ms": results, "verify_s_per_million": round(million, 2)}


def main() -> None:
    """Measure and perhaps write the figures down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=1_000)
    parser.add_argument("--great", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    app = create_app()
    with testing.fresh_database() as name:
        testing.build(name)
        with testing.engine_on(name):
            figures = run(app, [chosen.small, chosen.great], chosen.rounds)
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
