"""What SQLite would make of the postings that the bank makes in PostgreSQL: a yardstick, no engine.

The house keeps its books in PostgreSQL alone. This measures the other well-known way on the same
disk: one writer, batches of 200 journals of three entries onto one hot account, a write-ahead log
with full durability, and triggers that refuse what the bank's own database refuses: no sum of zero,
two currencies, nothing at all, an overdrawn wallet, a sealed journal, any change or removal.

    python -m benchmarks.posting_sqlite [--seconds 10] [--batch 200] [--json out.json]
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

_SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE account (
    id INTEGER PRIMARY KEY, currency TEXT NOT NULL, floor INTEGER, posted INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE journal (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE entry (
    journal INTEGER NOT NULL, leg INTEGER NOT NULL, account INTEGER NOT NULL REFERENCES account,
    currency TEXT NOT NULL, amount INTEGER NOT NULL CHECK (amount <> 0), after INTEGER,
    PRIMARY KEY (journal, leg)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER sealed BEFORE INSERT ON entry
WHEN EXISTS (SELECT 1 FROM journal WHERE id = NEW.journal)
BEGIN SELECT RAISE(ABORT, 'the journal is sealed'); END;
CREATE TRIGGER booked AFTER INSERT ON entry BEGIN
    UPDATE account SET posted = posted + NEW.amount
        WHERE id = NEW.account AND currency = NEW.currency;
    SELECT RAISE(ABORT, 'no such account') WHERE changes() = 0;
    SELECT RAISE(ABORT, 'overdrawn') FROM account WHERE id = NEW.account AND posted < floor;
END;
CREATE TRIGGER balanced BEFORE INSERT ON journal BEGIN
    SELECT RAISE(ABORT, 'unbalanced') FROM (
        SELECT count(*) AS legs, count(DISTINCT currency) AS currencies, sum(amount) AS rest
        FROM entry WHERE journal = NEW.id
    ) WHERE legs < 2 OR currencies <> 1 OR rest <> 0;
END;
CREATE TRIGGER kept_entry BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'booked'); END;
CREATE TRIGGER stays_entry BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'booked'); END;
CREATE TRIGGER kept_journal BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'booked'); END;
CREATE TRIGGER stays_journal BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'booked'); END;
"""
_ENTRY = "INSERT INTO entry (journal, leg, account, currency, amount) VALUES (?, ?, ?, ?, ?)"
_JOURNAL = "INSERT INTO journal (id, key) VALUES (?, ?)"
_SHOPPERS, _VENDORS = 1_000, 50
_FEES = _SHOPPERS + _VENDORS + 1
Entry = tuple[int, int, int, str, int]


def opened(path: Path) -> sqlite3.Connection:
    """Return a new book with shoppers who have money, vendors, and one account for fees."""
    book = sqlite3.connect(path, isolation_level=None)
    book.executescript(_SCHEMA)
    accounts: list[tuple[int, int | None, int]] = [(n, 0, 10**12) for n in range(1, _SHOPPERS + 1)]
    accounts += [(n, None, 0) for n in range(_SHOPPERS + 1, _FEES + 1)]
    book.executemany("INSERT INTO account VALUES (?, 'EUR', ?, ?)", accounts)
    book.execute("INSERT INTO account VALUES (?, 'USD', NULL, 0)", (_FEES + 1,))
    return book


def journals() -> Iterator[list[Entry]]:
    """Yield payments without end: shopper to vendor, a tenth of it to the fees of all."""
    for n in count(1):
        amount = 1_000 + n % 977 * 10
        yield [
            (n, 1, 1 + n % _SHOPPERS, "EUR", -amount),
            (n, 2, 1 + _SHOPPERS + n % _VENDORS, "EUR", amount - amount // 10),
            (n, 3, _FEES, "EUR", amount // 10),
        ]


def post(book: sqlite3.Connection, batch: list[list[Entry]]) -> None:
    """Book journals in one durable transaction, all or none."""
    book.execute("BEGIN IMMEDIATE")
    try:
        book.executemany(_ENTRY, [entry for journal in batch for entry in journal])
        book.executemany(_JOURNAL, [(journal[0][0], f"k{journal[0][0]}") for journal in batch])
    except sqlite3.Error:
        book.execute("ROLLBACK")
        raise
    book.execute("COMMIT")


def probe(book: sqlite3.Connection) -> int:
    """Try what no book may take and return how many tries were refused; each must be."""
    last = book.execute("SELECT max(id) FROM journal").fetchone()[0]
    new = last + 1
    tries = [
        [(new, 1, 1, "EUR", -5), (new, 2, _FEES, "EUR", 4)],
        [(new, 1, 1, "EUR", -5), (new, 2, _FEES + 1, "USD", 5)],
        [(new, 1, 1, "EUR", 0), (new, 2, _FEES, "EUR", 0)],
        [(new, 1, 1, "USD", -5), (new, 2, _FEES, "EUR", 5)],
        [(new, 1, 1, "EUR", -(10**13)), (new, 2, _FEES, "EUR", 10**13)],
        [(last, 4, 1, "EUR", -5), (last, 5, _FEES, "EUR", 5)],
    ]
    refused = 0
    for attempt in tries:
        try:
            post(book, [attempt])
        except sqlite3.Error:
            refused += 1
    for change in ("UPDATE entry SET amount = 1", "DELETE FROM entry", "DELETE FROM journal"):
        try:
            book.execute(change)
        except sqlite3.Error:
            refused += 1
    assert refused == len(tries) + 3, f"only {refused} were refused"
    return refused


def run(seconds: float, size: int) -> dict[str, object]:
    """Post for some seconds and return how many, how long batches took, and that it adds up."""
    with tempfile.TemporaryDirectory(prefix="entrepot-sqlite-") as folder:
        book = opened(Path(folder) / "book.db")
        waiting, took, begun = journals(), [], time.monotonic()
        while time.monotonic() - begun < seconds:
            batch = [next(waiting) for _ in range(size)]
            start = time.perf_counter()
            post(book, batch)
            took.append((time.perf_counter() - start) * 1000)
        passed = time.monotonic() - begun
        refused = probe(book)
        rest, entries = book.execute("SELECT sum(amount), count(*) FROM entry").fetchone()
        assert (rest, entries) == (0, 3 * size * len(took)), "the book does not add up"
        book.close()
    took.sort()
    return {
        "per_second": round(size * len(took) / passed),
        "batch": size,
        "batch_ms": {
            "p50": round(statistics.median(took), 1),
            "p99": round(took[int(len(took) * 0.99)], 1),
        },
        "entries": entries,
        "refused": refused,
    }


def main() -> None:
    """Measure, print, and perhaps write the figures down."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--batch", type=int, default=200)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    found = run(chosen.seconds, chosen.batch)
    print(json.dumps(found, indent=1))
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
