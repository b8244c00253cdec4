"""Installations of earlier releases, in which somebody has lived, go through later migrations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.pool import NullPool

from banking.core.ledger.queries import verify_ledger
from insurance.money.books.queries import control_accounts
from kernel import clock, events, jobs, memory, migrate, testing
from kernel.db import reading
from kernel.manifest import packages
from kernel.schema import shape
from tests.kernel.upgrading.packing import KEPT, unpack
from tests.market import PASSWORD

INSTALLATIONS = sorted(KEPT.glob("installation_*.sql.xz"))

# Rows that a later migration takes or brings, by table, and why.
EXPECTED = {
    # A question that was taken away without any report: a decision, its shop, and a report of
    # nobody by which officers open the case.
    "marketplace.moderation_decision": 1,
    "marketplace.moderation_decision_shop": 1,
    "marketplace.moderation_report": 1,
}

# Tables whose rows stand in another one today.
MOVED = {
    "marketplace.listing_decision": "marketplace.moderation_decision",
    "marketplace.listing_decision_seller": "marketplace.moderation_decision_shop",
    "marketplace.listing_objection": "marketplace.moderation_objection",
    "marketplace.listing_report": "marketplace.moderation_report",
    "marketplace.question_report": "marketplace.moderation_report",
    "marketplace.review_decision": "marketplace.moderation_decision",
    "marketplace.review_objection": "marketplace.moderation_objection",
    "marketplace.review_report": "marketplace.moderation_report",
}

_WAITING = text(
    "SELECT d.event_id::text AS event_id, d.handler, o.name, o.payload FROM kernel.delivery d"
    " JOIN kernel.outbox o ON o.id = d.event_id WHERE d.done_at IS NULL AND d.dead_at IS NULL"
    " ORDER BY o.seq, d.handler"
)
_FACTS = text("SELECT DISTINCT ON (name) name, payload FROM kernel.outbox ORDER BY name, seq")


@dataclass(frozen=True)
class Upgraded:
    """Shape: before and after count the rows of each table, under the old version and this one."""

    engine: Engine
    before: dict[str, int]
    after: dict[str, int]


@pytest.fixture(scope="module", params=INSTALLATIONS, ids=lambda path: path.name.split(".")[0])
def upgraded(request: pytest.FixtureRequest, app: Flask) -> Iterator[Upgraded]:
    """An installation as it was kept, brought to this version."""
    path: Path = request.param
    with testing.fresh_database() as name:
        url = testing.on_database(name)
        migrate.upgrade(path.name.removesuffix(".sql.xz").rpartition("_")[2], url=url)
        plain = create_engine(url, poolclass=NullPool)
        with plain.begin() as connection:
            unpack(connection, path)
            before = rows(connection)
        migrate.upgrade(url=url)
        with plain.connect() as connection:
            after = rows(connection)
        with testing.engine_on(name):
            memory.forget_everything()
            yield Upgraded(plain, before, after)
        memory.forget_everything()
        plain.dispose()


@pytest.fixture
def today(upgraded: Upgraded) -> datetime:
    """The day on which the installation was kept, when its prices and sessions are fresh."""
    with upgraded.engine.connect() as connection:
        last = connection.execute(text("SELECT max(at) FROM kernel.audit")).scalar_one()
    clock.freeze(last)
    return last


def rows(connection: Connection) -> dict[str, int]:
    names = inspect(connection)
    tables = [
        f"{schema}.{table}" for schema in packages() for table in names.get_table_names(schema)
    ]
    return {
        table: connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()
        for table in tables
    }


def test_releases_keep_their_installations():
    assert INSTALLATIONS


def test_it_has_the_shape_that_models_and_sql_say(upgraded, db):
    with upgraded.engine.connect() as connection:
        assert shape(connection) == shape(db)


def test_nothing_is_lost(upgraded):
    lived = [table for table, number in upgraded.before.items() if number]
    assert len(lived) > 130, "somebody has lived there"
    before: Counter[str] = Counter()
    for table, number in upgraded.before.items():
        before[MOVED.get(table, table)] += number
    change = {table: upgraded.after.get(table, 0) - number for table, number in before.items()}
    assert {table: number for table, number in change.items() if number} == EXPECTED


# A removal of what was reported, which its author objected to and another person confirmed.
_REVIEW_DECIDED = """
INSERT INTO marketplace.review_decision
    SELECT gen_random_uuid(), 'RD-' || ref, review_id, 'removed', reason, 'So.', id, reported_at,
        reported_at FROM marketplace.review_report;
INSERT INTO marketplace.review_objection
    SELECT id, 'It is true.', gen_random_uuid(), decided_at, decided_by, true, 'Still so.',
        gen_random_uuid(), decided_at FROM marketplace.review_decision;
UPDATE marketplace.review_report r SET decision_id = d.id
    FROM marketplace.review_decision d WHERE d.review_id = r.review_id;
"""
# One person reported what stayed, two what an officer then took away. One more was taken away
# before, of which no report is left.
_QUESTION_DECIDED = """
INSERT INTO marketplace.question_report
    SELECT q.id, p.id, q.asked_at, p.id, q.answered_at + interval '1 hour'
    FROM (SELECT id FROM kernel.person ORDER BY id LIMIT 1) p, marketplace.product_question q
    WHERE q.answered_at IS NOT NULL AND q.removed_at IS NULL;
WITH removed AS (
    UPDATE marketplace.product_question SET removed_at = answered_at, removed_why = 'An insult.'
    WHERE id = (SELECT min(id) FROM marketplace.product_question WHERE edited_at IS NOT NULL)
    RETURNING id, removed_at)
INSERT INTO marketplace.question_report
    SELECT r.id, p.id, r.removed_at - interval '1 day', '00000000-0000-4000-8000-000000000001',
        r.removed_at FROM removed r, (SELECT id FROM kernel.person ORDER BY id DESC LIMIT 2) p;
"""
_REVIEWS_AND_LISTINGS = [table for table in MOVED if table != "marketplace.question_report"]
_QUESTIONS = ["marketplace.question_report", "marketplace.product_question", "kernel.outbox"]


@pytest.mark.parametrize(
    ("step", "decided", "tables"),
    [
        (("0005", "0006"), _REVIEW_DECIDED, _REVIEWS_AND_LISTINGS),
        (("0006", "0007"), _QUESTION_DECIDED, _QUESTIONS),
    ],
    ids=["reviews and listings", "questions"],
)
@pytest.mark.parametrize("path", INSTALLATIONS, ids=lambda path: path.name.split(".")[0])
def test_what_moved_into_one_table_comes_back_as_it_was(path, app, step, decided, tables):
    before, after = step
    with lived_in(path, before) as (url, plain):
        with plain.begin() as connection:
            connection.exec_driver_sql(decided)
            stood = contents(connection, tables)
        assert all(stood.values())

        migrate.upgrade(after, url=url)
        migrate.downgrade(before, url=url)

        with plain.begin() as connection:
            assert contents(connection, tables) == stood


@contextmanager
def lived_in(path: Path, revision: str) -> Iterator[tuple[str, Engine]]:
    """Let an installation stand at a revision of its history."""
    with testing.fresh_database() as name:
        url = testing.on_database(name)
        migrate.upgrade(path.name.removesuffix(".sql.xz").rpartition("_")[2], url=url)
        plain = create_engine(url, poolclass=NullPool)
        with plain.begin() as connection:
            unpack(connection, path)
        migrate.upgrade(revision, url=url)
        yield url, plain
        plain.dispose()


def contents(connection: Connection, tables: Sequence[str]) -> dict[str, list[str]]:
    """Return the rows of tables, as text in a fixed order."""
    return {
        table: sorted(
            connection.exec_driver_sql(f"SELECT to_jsonb(t)::text FROM {table} t").scalars()
        )
        for table in tables
    }


# By outcome and who decided: on what words, how many were reported and by how many people.
_OF_QUESTIONS = """
SELECT d.outcome, d.words, d.decided_by::text, count(r.id), count(r.reporter_id),
    d.objection_until - d.decided_at = interval '184 days', min(s.vendor_id)
FROM marketplace.moderation_decision d
JOIN marketplace.moderation_report r ON r.decision_id = d.id
JOIN marketplace.moderation_decision_shop s ON s.decision_id = d.id
WHERE d.kind = 'question' GROUP BY d.id ORDER BY 1, 2
"""


@pytest.mark.parametrize("path", INSTALLATIONS, ids=lambda path: path.name.split(".")[0])
def test_what_was_decided_on_questions_is_told_as_decisions(path, app):
    with lived_in(path, "0006") as (url, plain):
        with plain.begin() as connection:
            connection.exec_driver_sql(_QUESTION_DECIDED)
            somebody = connection.exec_driver_sql(
                "SELECT min(id::text) FROM kernel.person"
            ).scalar_one()
        migrate.upgrade(url=url)

        with plain.begin() as connection:
            found = [tuple(row) for row in connection.exec_driver_sql(_OF_QUESTIONS)]
            waiting = connection.exec_driver_sql(
                "SELECT count(*) FROM marketplace.moderation_report"
                " WHERE kind = 'question' AND decision_id IS NULL AND email <> ''"
            ).scalar_one()
    nobody, officer = f"{UUID(int=0)}", "00000000-0000-4000-8000-000000000001"
    assert found == [
        ("kept", "—", somebody, 1, 1, True, 1),
        ("kept", "—", somebody, 1, 1, True, 1),
        ("removed", "An insult.", officer, 2, 2, True, 1),
        ("removed", "It asks nothing about the goods.", nobody, 1, 0, True, 1),
    ]
    assert waiting == 1


def test_every_cent_is_proved(upgraded, today):
    with reading():
        assert verify_ledger().balanced
        assert all(book.is_balanced for book in control_accounts())


def test_every_stored_name_still_leads_somewhere(upgraded):
    """Handlers, schedules and facts are found by the names under which they were stored."""
    with upgraded.engine.connect() as connection:
        stored = {
            column: set(
                connection.execute(text(f"SELECT DISTINCT {column} FROM {table}")).scalars()
            )
            for column, table in (("handler", "kernel.delivery"), ("name", "kernel.schedule_run"))
        }
        facts = connection.execute(_FACTS).all()
    assert stored["handler"] - events.handlers().keys() == set()
    assert stored["name"] - jobs.schedules().keys() == set()
    assert len(stored["name"]) > 20
    for fact in facts:
        events.decode(fact.name, fact.payload)


def test_the_shop_answers_whom_it_knew(upgraded, today, app):
    client = app.test_client()
    with client.session_transaction() as cookies:
        cookies["csrf"] = "test-token"
    signed_in = client.post(
        "/en/sign-in",
        data={"csrf_token": "test-token", "email": "camille@example.com", "password": PASSWORD},
    )
    assert signed_in.status_code == 303
    with upgraded.engine.connect() as connection:
        order, claim = (
            connection.execute(text(f"SELECT max({column}) FROM {table}")).scalar_one()
            for column, table in (
                ("ref", "marketplace.order_group"),
                ("ref", "insurance.claims"),
            )
        )
    for address in (
        "/en/",
        "/en/cart/",
        "/en/orders/",
        f"/en/orders/{order}",
        "/en/bank/",
        "/en/bank/wallets/eur",
        f"/en/cover/claims/{claim}",
        "/en/account",
    ):
        assert client.get(address).status_code == 200, address


def test_what_was_waiting_is_delivered(upgraded, today):
    """Nobody asks the world: those that talk to it are only found and read."""
    with upgraded.engine.connect() as connection:
        waiting = connection.execute(_WAITING).all()
    assert len({item.handler for item in waiting}) > 8
    inside = [item for item in waiting if not events.handlers()[item.handler].is_outside]
    assert inside
    for item in inside:
        jobs.deliver(item.event_id, item.handler)
    with upgraded.engine.connect() as connection:
        left = {(item.event_id, item.handler) for item in connection.execute(_WAITING)}
    assert left & {(item.event_id, item.handler) for item in inside} == set()
