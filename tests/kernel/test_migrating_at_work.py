"""Tables change while people work on them: nobody waits long, and an older version goes on."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager

import psycopg
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from kernel import migrate, testing
from kernel.ids import new_id
from kernel.manifest import load_house

# What the version before 0009 writes and reads.
_WRITE = (
    "INSERT INTO kernel.outbox (id, name, payload, created_at)"
    " VALUES (:id, 'tests.at_work.v1', '{}', clock_timestamp())"
)
_READ = "SELECT count(*) FROM kernel.outbox WHERE id = :id"


class AtWork(threading.Thread):
    """Somebody of the version before who does one thing after the other, and notes their wait."""

    def __init__(self, url: str, sql: str) -> None:
        super().__init__(daemon=True)
        self._engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        self._sql = text(sql)
        self._home = threading.Event()
        self.longest = 0.0
        self.done = 0
        self.failures: list[Exception] = []

    def run(self) -> None:
        with self._engine.connect() as connection:
            while not self._home.is_set():
                begun = time.monotonic()
                try:
                    connection.execute(self._sql, {"id": new_id()})
                except SQLAlchemyError as failure:
                    self.failures.append(failure)
                    return
                self.longest = max(self.longest, time.monotonic() - begun)
                self.done += 1
                time.sleep(0.005)

    def go_home(self) -> None:
        self._home.set()
        self.join(30)
        self._engine.dispose()


@pytest.fixture
def before_0009():
    """The address of a database as it was before 0009."""
    load_house()
    with testing.fresh_database() as name:
        url = testing.on_database(name)
        migrate.upgrade("0008", url=url)
        yield url


@contextmanager
def reading_for(url: str, seconds: float):
    """Somebody whose transaction has looked at the table and goes on for a while."""
    with psycopg.connect(url.replace("+psycopg", "")) as report:
        report.execute("SELECT count(*) FROM kernel.outbox")
        end = threading.Timer(seconds, report.rollback)
        end.start()
        yield
        end.join()


def test_nobody_waits_long_while_tables_change_behind_a_long_report(before_0009):
    people = [AtWork(before_0009, sql) for sql in (_WRITE, _READ)]
    for one in people:
        one.start()
    with reading_for(before_0009, 6):
        begun = time.monotonic()
        migrate.upgrade(url=before_0009)
        took = time.monotonic() - begun
    for one in people:
        one.go_home()

    assert took > 5, "the report was in nobody's way"
    for one in people:
        assert one.failures == []
        assert one.done > 50
        assert one.longest < migrate.LOCK_TIMEOUT + 1


def test_a_table_that_is_never_free_is_given_up_and_left_as_it_was(before_0009, monkeypatch):
    monkeypatch.setattr(migrate, "PATIENCE", 2)
    with psycopg.connect(before_0009.replace("+psycopg", "")) as report:
        report.execute("SELECT count(*) FROM kernel.outbox")
        with pytest.raises(OperationalError):
            migrate.upgrade(url=before_0009)
        row = report.execute("SELECT version_num FROM alembic_version").fetchone()
        assert row == ("0008",)
    migrate.upgrade(url=before_0009)


def test_of_two_that_are_started_at_once_one_waits_for_the_other(before_0009):
    """Two machines come up with a new version in the same moment."""
    with psycopg.connect(before_0009.replace("+psycopg", ""), autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(hashtext('entrepot.migrate'))")
        end = threading.Timer(3, other.close)
        end.start()
        begun = time.monotonic()
        migrate.upgrade(url=before_0009)
        assert time.monotonic() - begun > 3, "the other one was at work"
        end.join()
    with psycopg.connect(before_0009.replace("+psycopg", "")) as looks:
        (reached,) = looks.execute("SELECT version_num FROM alembic_version").fetchone()
    assert reached == ScriptDirectory.from_config(migrate.config()).get_current_head()
