"""What takes the database too long is ended, and one that says nothing is not waited for."""

import socket
import threading
import time

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from kernel import answering, db, testing
from kernel.actor import SYSTEM
from kernel.answering import Limits
from kernel.config import settings

STRICT = Limits(statement=1, lock=1, answer=3)


@pytest.fixture
def strict(own_database, monkeypatch):
    """The house's own pool with the limits of a page, shortened, on a database of the test's."""
    url = testing.on_database(own_database).replace("postgresql+psycopg://", "postgresql://")
    monkeypatch.setenv("ENTREPOT_DATABASE_URL", url)
    settings.cache_clear()
    monkeypatch.setattr(answering._Process, "limits", STRICT)
    with testing.working_on(None):
        yield
        db.dispose()
    monkeypatch.undo()
    settings.cache_clear()


def ask(sql):
    with db.reading() as current:
        return current.execute(text(sql)).scalar_one()


def test_a_statement_that_takes_too_long_is_ended_by_the_server(strict):
    begun = time.monotonic()
    with pytest.raises(OperationalError, match="statement timeout"):
        ask("SELECT pg_sleep(20)::text")
    assert time.monotonic() - begun < 10
    assert ask("SELECT 1") == 1, "the connection lives"


def test_a_lock_that_somebody_keeps_is_not_waited_for(strict):
    table = "LOCK TABLE kernel.schedule_run IN ACCESS EXCLUSIVE MODE"
    with db.transaction(name="tests.answering.keep", actor=SYSTEM) as keeper:
        keeper.execute(text(table))
        with pytest.raises(OperationalError, match=r"lock timeout|statement timeout"):
            in_another_thread(lambda: ask("SELECT count(*) FROM kernel.schedule_run"))
    assert ask("SELECT count(*) FROM kernel.schedule_run") == 0


def in_another_thread(act):
    """Do something in a thread, which has no unit of work open, and raise what it raised."""
    failures = []

    def run():
        try:
            act()
        except OperationalError as failure:
            failures.append(failure)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failures:
        raise failures[0]


def test_a_server_that_came_back_refuses_nobody(strict, own_database):
    ask("SELECT 1")
    with psycopg.connect(testing.on_database("postgres").replace("+psycopg", "")) as aside:
        ended = aside.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = %s AND backend_type = 'client backend'",
            [own_database],
        ).fetchall()
    assert ended == [(True,)], "the pool kept the connection that was used"
    assert ask("SELECT 1") == 1


@pytest.fixture
def mute(monkeypatch):
    """A server that lets everybody in and says nothing, until it is called away."""
    monkeypatch.setattr(answering._Process, "limits", STRICT)
    monkeypatch.setattr(answering, "CONNECTING", 2)
    monkeypatch.setattr(answering, "_BETWEEN_LOOKS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_server_that_says_nothing_is_met_once_and_then_left_alone(mute, own_database):
    server = answering.Server("mute one")

    def knock():
        begun = time.monotonic()
        with pytest.raises((psycopg.OperationalError, PoolTimeout)) as refused:
            answering.connect(
                server,
                {"conninfo": f"host=127.0.0.1 port={mute} user=nobody", "connect_timeout": 2},
            )
        return refused.type, time.monotonic() - begun

    first, waited = knock()
    assert (issubclass(first, psycopg.OperationalError), waited < 10) == (True, True)
    second, waited = knock()
    assert (second, waited < 0.5) == (PoolTimeout, True)

    # Somebody aside keeps looking, and whoever comes after they found it is let in.
    url = testing.on_database(own_database).replace("postgresql+psycopg://", "postgresql://")
    server.again = lambda: psycopg.connect(url)
    deadline = time.monotonic() + 20
    while server.is_away:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    answering.connect(server, {"conninfo": url}).close()


def test_a_job_waits_longer_than_any_page():
    assert answering._Process.limits == answering.WORK
    assert answering.PAGES.lock < answering.PAGES.statement < answering.PAGES.answer
    assert answering.WORK.answer is None
