"""What tests stand on: a database per run built once, one rolled-back transaction per test."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.pool import NullPool

from kernel import db, embedded, pools
from kernel.schema import create_all

# A test's data dies with the test; waiting for the disk proves nothing.
_NOT_DURABLE = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nautovacuum = off\n"


def server_url() -> str:
    """Return the URL of the tests' PostgreSQL: the given one, or an embedded one."""
    given = os.environ.get("TEST_DATABASE_URL", "")
    if given:
        return given
    return embedded.postgres_url(Path("var/test-postgres"), extra=_NOT_DURABLE)


def on_database(name: str) -> str:
    """Return the SQLAlchemy URL of a database on the tests' server."""
    url = make_url(server_url()).set(drivername="postgresql+psycopg", database=name)
    return url.render_as_string(hide_password=False)


@contextmanager
def fresh_database(*, template: str | None = None) -> Iterator[str]:
    """Create a database, from a template when given, and drop it afterwards; yield its name."""
    name = create_database(template=template)
    try:
        yield name
    finally:
        drop_database(name)


def create_database(*, template: str | None = None) -> str:
    """Create a database, from a template when given; return its name."""
    name = f"test_{os.getpid()}_{secrets.token_hex(4)}"
    # File by file: copied through the journal, a thousand small files take several times as long.
    suffix = f' TEMPLATE "{template}" STRATEGY FILE_COPY' if template else ""
    _administer(f'CREATE DATABASE "{name}"{suffix}')
    return name


def drop_database(name: str) -> None:
    """Drop a database, whoever is still connected."""
    _administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _administer(statement: str) -> None:
    admin = create_engine(on_database("postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with admin.connect() as connection:
        connection.execute(text(statement))


def build(name: str) -> None:
    """Create every table of the house in a database."""
    engine = create_engine(on_database(name), poolclass=NullPool)
    with engine.begin() as connection:
        create_all(connection)
    engine.dispose()


@contextmanager
def engine_on(name: str) -> Iterator[Engine]:
    """Let the house work on a database: real commits, for tests with threads."""
    engine = create_engine(
        on_database(name),
        pool_size=40,
        max_overflow=40,
        connect_args={"options": pools.SESSION},
    )
    try:
        with working_on(engine):
            yield engine
    finally:
        engine.dispose()


@contextmanager
def working_on(engine: Engine) -> Iterator[None]:
    """Let the house work with an engine."""
    db.use_engine(engine)
    try:
        yield
    finally:
        db.use_engine(None)


@contextmanager
def warm_engine_on(name: str) -> Iterator[Engine]:
    """Yield an engine on a small database that many tests use one after the other.

    What one of them had parsed and planned is ready for the next.
    """
    engine = create_engine(
        on_database(name),
        pool_size=40,
        max_overflow=40,
        pool_use_lifo=True,
        query_cache_size=5_000,
        connect_args={"options": f"{pools.SESSION} -c plan_cache_mode=force_generic_plan"},
    )
    event.listen(engine, "connect", _keep_statements)
    event.listen(engine, "do_execute", _go_back_to_savepoint)
    yield engine
    engine.dispose()


@contextmanager
def rolled_back(connection: Connection) -> Iterator[None]:
    """Let every unit of work join one transaction on a connection, and undo it afterwards."""
    whole = connection.begin()
    db.use_connection(connection)
    try:
        yield
    finally:
        db.use_connection(None)
        _unseen(connection.connection.driver_connection, b"ROLLBACK")
        whole.close()


def _keep_statements(connection: psycopg.Connection[Any], _record: object) -> None:
    # A run asks many more different things than a server does, each of them again in the next test.
    connection.prepared_max = 10_000
    connection.prepare_threshold = 1


def _go_back_to_savepoint(
    cursor: psycopg.Cursor[Any], statement: str, _parameters: object, _context: object
) -> bool:
    """Let a refused command go back without the driver's knowledge; say whether that was it."""
    is_going_back = statement.startswith("ROLLBACK TO SAVEPOINT ")
    if is_going_back:
        _unseen(cursor.connection, statement.encode())
    return is_going_back


def _unseen(connection: Any, statement: bytes) -> None:  # noqa: ANN401 - as SQLAlchemy types it
    """Run a statement past the driver, which forgets what it prepared when it sees a ROLLBACK.

    It does so because a rollback may take tables away. No test makes any, and each of them would
    have every statement of the house parsed and planned anew.
    """
    done = connection.pgconn.exec_(statement)
    assert done.status == psycopg.pq.ExecStatus.COMMAND_OK, done.error_message


def stop() -> None:
    """Stop the embedded server of the tests."""
    if not os.environ.get("TEST_DATABASE_URL"):
        embedded.stop_postgres(Path("var/test-postgres"))


if __name__ == "__main__":
    stop()
