"""What tests stand on: a database per run built once, one rolled-back transaction per test."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from kernel import db
from kernel.schema import create_all

# A test's data dies with the test; waiting for the disk proves nothing.
_NOT_DURABLE = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nautovacuum = off\n"


def server_url() -> str:
    """Return the URL of the tests' PostgreSQL: the given one, or an embedded one."""
    given = os.environ.get("TEST_DATABASE_URL", "")
    if given:
        return given
    from kernel.embedded import postgres_url  # noqa: PLC0415

    return postgres_url(Path("var/test-postgres"), extra=_NOT_DURABLE)


def on_database(name: str) -> str:
    """Return the SQLAlchemy URL of a database on the tests' server."""
    from sqlalchemy import make_url  # noqa: PLC0415

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
    suffix = f' TEMPLATE "{template}"' if template else ""
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
        connect_args={"options": db.SESSION},
    )
    db.use_engine(engine)
    try:
        yield engine
    finally:
        db.use_engine(None)
        engine.dispose()


def stop() -> None:
    """Stop the embedded server of the tests."""
    from kernel.embedded import stop_postgres  # noqa: PLC0415

    if not os.environ.get("TEST_DATABASE_URL"):
        stop_postgres(Path("var/test-postgres"))


if __name__ == "__main__":
    stop()
