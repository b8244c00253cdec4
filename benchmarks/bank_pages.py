"""What a page of movements costs in a wallet of a thousand entries and in one of a million.

A wallet is filled by the ledger's own tables in bulk, with balances that form a chain; then its
owner opens the pages, whole ones from the request to the last byte of HTML, of both wallets in
turns. CPU is what this process and PostgreSQL took together. At the end the ledger is verified.

    python -m benchmarks.bank_pages [--small 1000] [--great 1000000] [--rounds 10] [--json out.json]
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from banking import api as bank
from banking.core.ledger import service as ledger
from banking.online.activity import queries
from banking.online.activity.rules import Search
from benchmarks.pages import cpu_of
from kernel import db, testing
from kernel.actor import SYSTEM, Actor
from kernel.app import create_app
from kernel.ids import new_id
from kernel.money import Money
from kernel.people.identity import queries as people
from kernel.people.identity import service as identity
from kernel.web import presence

_PASSWORD = "harbour lantern 1852"
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
    person = identity.register(
        email=f"{count}@example.com",
        password=_PASSWORD,
        name="Camille Martin",
        locale="en",
        country="FR",
        actor=SYSTEM,
    )
    # Of somebody known with documents: others may not hold so much.
    bank.register_customer(owner_id=person, kind="person", country="FR", locale="en", actor=SYSTEM)
    bank.vouch(owner_id=person, words="A visitor of the benchmarks.", actor=SYSTEM)
    wallet = bank.open_wallet(owner_id=person, owner_kind="person", currency="EUR", actor=SYSTEM)
    cent = ledger.JournalDraft(
        key=new_id(),
        kind="opening",
        subject="benchmark",
        legs=[
            ledger.Leg(ledger.AccountRef.house("card_receivable", "EUR"), bank_cent(-1)),
            ledger.Leg(ledger.AccountRef.house("suspense", "EUR"), bank_cent(1)),
        ],
    )
    ledger.post_many(journals=[cent], actor=SYSTEM)
    with db.transaction(name="benchmark.fill", actor=SYSTEM) as current:
        after = current.execute(text("SELECT max(id) FROM banking.journals")).scalar_one()
        house = current.execute(_HOUSE).scalar_one()
        current.execute(_JOURNALS, {"count": count})
        current.execute(_ENTRIES, {"after": after, "wallet": wallet.account_id, "house": house})
        current.execute(_BALANCE, {"wallet": wallet.account_id})
    session_id = identity.sign_in(
        email=f"{count}@example.com",
        password=_PASSWORD,
        device="benchmark",
        address="192.0.2.1",
        actor=SYSTEM,
    )
    owner = people.actor_of_session(str(session_id))
    assert owner is not None
    return owner


def bank_cent(minor: int) -> Money:
    return Money(minor, "EUR")


def addresses(owner: Actor) -> dict[str, str]:
    """Return what is opened, by name."""
    with db.reading():
        first = queries.movements(owner, account=None, search=Search())
    reference = f"G-{str(7).zfill(8).replace('0', '2')}"
    return {
        "overview": "",
        "newest page": "movements/",
        "second page": f"movements/?behind={first.behind}",
        "page in the middle of the year": "movements/?to=2025-06-30",
        "one day": "movements/?from=2025-03-03&to=2025-03-03",
        "only out": "movements/?way=out",
        "a rare kind": "movements/?theme=exchange",
        "a word that is nowhere": "movements/?find=porcelain",
        "an order's reference": f"movements/?find={reference}",
    }


@dataclass
class Visits:
    """The visits to one page. Units: milliseconds each took, seconds of CPU altogether."""

    took: list[float] = field(default_factory=list)
    cpu: float = 0.0

    def figures(self) -> dict[str, float]:
        """Return the middle, the 95th of a hundred, and the CPU of one, in milliseconds."""
        took = sorted(self.took)
        return {
            "p50": round(statistics.median(took), 1),
            "p95": round(took[int(len(took) * 0.95)], 1),
            "cpu": round(self.cpu * 1000 / len(took), 1),
        }


def browser(app: Flask, owner: Actor) -> FlaskClient:
    """Return a browser in which the owner is signed in."""
    client = app.test_client()
    with client.session_transaction() as kept:
        kept.update({"_user_id": str(owner.session_id), "country": "FR", "currency": "EUR"})
        kept.update(presence.arrived())
    return client


def visit(client: FlaskClient, address: str, times: int, visits: Visits, server: int) -> None:
    """Open a page some times and add what it took."""
    before = time.process_time() + cpu_of(server)
    for _ in range(times):
        begun = time.perf_counter()
        answer = client.get(f"/en/bank/{address}")
        visits.took.append((time.perf_counter() - begun) * 1000)
        assert answer.status_code == 200, (address, answer.status_code)
    visits.cpu += time.process_time() + cpu_of(server) - before


def run(app: Flask, sizes: list[int], rounds: int) -> dict[str, object]:
    """Fill a wallet of each size in one database and open the same pages of each in turns."""
    owners = {size: filled(size) for size in sizes}
    with db.transaction(name="benchmark.analyse", actor=SYSTEM) as current:
        for table in ("journals", "entries", "ledger_accounts"):
            current.execute(text(f"ANALYZE banking.{table}"))
    clients = {size: browser(app, owner) for size, owner in owners.items()}
    with app.test_request_context("/en/bank/"):
        opened = {size: addresses(owner) for size, owner in owners.items()}
    server = int((Path("var/test-postgres") / "postmaster.pid").read_text().split()[0])
    results: dict[str, dict[str, dict[str, float]]] = {}
    for name in opened[sizes[0]]:
        visits = {size: Visits() for size in sizes}
        for turn in range(rounds + 1):
            for size in sizes:
                into = visits[size] if turn else Visits()  # the first turn warms up
                visit(clients[size], opened[size][name], 10, into, server)
        results[name] = {str(size): visits[size].figures() for size in sizes}
        print(f"{name:34} {results[name]}", flush=True)
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
    parser.add_argument("--rounds", type=int, default=10, help="turns of ten visits each")
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
