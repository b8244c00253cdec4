"""Installations of earlier releases, in which somebody has lived, go through later migrations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.pool import NullPool

from banking.core.ledger.queries import verify_ledger
from insurance.books.queries import control_accounts
from kernel import clock, events, jobs, memory, migrate, testing
from kernel.db import reading
from kernel.manifest import packages
from kernel.schema import shape
from tests.kernel.upgrading.packing import KEPT, unpack
from tests.market import PASSWORD

INSTALLATIONS = sorted(KEPT.glob("installation_*.sql.xz"))

# Rows that a later migration takes or brings, by table, and why.
EXPECTED: dict[str, int] = {}

# Tables whose rows stand in another one today.
MOVED = {
    "marketplace.listing_decision": "marketplace.moderation_decision",
    "marketplace.listing_decision_seller": "marketplace.moderation_decision_shop",
    "marketplace.listing_objection": "marketplace.moderation_objection",
    "marketplace.listing_report": "marketplace.moderation_report",
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
_DECIDED = """
INSERT INTO marketplace.review_decision
    SELECT gen_random_uuid(), 'RD-' || ref, review_id, 'removed', reason, 'So.', id, reported_at,
        reported_at FROM marketplace.review_report;
INSERT INTO marketplace.review_objection
    SELECT id, 'It is true.', gen_random_uuid(), decided_at, decided_by, true, 'Still so.',
        gen_random_uuid(), decided_at FROM marketplace.review_decision;
UPDATE marketplace.review_report r SET decision_id = d.id
    FROM marketplace.review_decision d WHERE d.review_id = r.review_id;
"""


@pytest.mark.parametrize("path", INSTALLATIONS, ids=lambda path: path.name.split(".")[0])
def test_what_moved_into_one_table_comes_back_as_it_was(path, app):
    with testing.fresh_database() as name:
        url = testing.on_database(name)
        migrate.upgrade(path.name.removesuffix(".sql.xz").rpartition("_")[2], url=url)
        plain = create_engine(url, poolclass=NullPool)
        with plain.begin() as connection:
            unpack(connection, path)
        migrate.upgrade("0005", url=url)
        with plain.begin() as connection:
            connection.exec_driver_sql(_DECIDED)
            stood = contents(connection)
        assert all(stood.values())

        migrate.upgrade("0006", url=url)
        migrate.downgrade("0005", url=url)

        with plain.begin() as connection:
            assert contents(connection) == stood
        plain.dispose()


def contents(connection: Connection) -> dict[str, list[str]]:
    """Return the rows of every table that moved, as text in a fixed order."""
    return {
        table: sorted(
            connection.exec_driver_sql(f"SELECT to_jsonb(t)::text FROM {table} t").scalars()
        )
        for table in MOVED
    }


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
