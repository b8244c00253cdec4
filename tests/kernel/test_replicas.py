"""Pages may be read from a replica whose age is known, and from no other."""

import threading
import time
from urllib.parse import quote

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from kernel import answering, db, embedded, pools, replicas, testing
from kernel.actor import SYSTEM
from kernel.config import settings
from tests.streaming import pair

COUNT = text("SELECT count(*) FROM told")
AGE = 2
BEGUN = "-c role=entrepot_app -c timezone=UTC -c statement_timeout=8s"


@pytest.fixture(scope="module")
def servers():
    with pair() as two:
        yield two


@pytest.fixture
def followed(servers, monkeypatch):
    """The house works on the first server, and may read from the second."""
    monkeypatch.setenv("ENTREPOT_DATABASE_URL", servers.primary_url)
    monkeypatch.setenv("ENTREPOT_REPLICA_URL", servers.replica_url)
    monkeypatch.setenv("ENTREPOT_REPLICA_AGE", str(AGE))
    monkeypatch.setattr(replicas, "_BETWEEN_LOOKS", 0.1)
    settings.cache_clear()
    servers.at_primary("TRUNCATE told")
    with testing.working_on(None):
        yield servers
        replicas.forget()
        db.dispose()
    monkeypatch.undo()
    settings.cache_clear()


def counted_at_replica():
    """Return how many rows a replica counts, None where the primary has to be asked."""
    opened = replicas.connection()
    if opened is None:
        return None
    with db.reading_at(opened) as current:
        return current.execute(COUNT).scalar_one()


def within(seconds, ready):
    deadline = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_replica_that_keeps_up_is_read(followed):
    followed.at_primary("INSERT INTO told VALUES (1)")
    within(10, lambda: counted_at_replica() == 1)
    # Where nothing is written a replica is as young as ever.
    time.sleep(AGE + 1)
    assert counted_at_replica() == 1


def test_a_replica_that_falls_behind_is_left_alone_until_it_has_caught_up(followed):
    within(10, lambda: counted_at_replica() == 0)
    followed.at_replica("SELECT pg_wal_replay_pause()")
    begun = time.monotonic()
    try:
        followed.at_primary("INSERT INTO told VALUES (1)")
        within(10, lambda: counted_at_replica() is None)
        assert time.monotonic() - begun < AGE + 2, "it was read although it was too old"
        assert counted_at_replica() is None
    finally:
        followed.at_replica("SELECT pg_wal_replay_resume()")
    within(10, lambda: counted_at_replica() == 1)


def test_while_the_primary_is_away_a_replica_may_be_older(followed, monkeypatch):
    within(10, lambda: counted_at_replica() == 0)
    embedded.stop_postgres(followed.folder / "primary")
    try:
        time.sleep(AGE + 1)
        assert counted_at_replica() == 0
        monkeypatch.setattr(replicas, "OUTAGE", 1.0)
        assert counted_at_replica() is None
    finally:
        embedded.postgres_url(followed.folder / "primary")
    within(20, lambda: counted_at_replica() == 0)


def test_a_replica_that_fell_costs_nobody_a_page_and_is_read_again(followed):
    within(10, lambda: counted_at_replica() == 0)
    embedded.stop_postgres(followed.replica)
    assert counted_at_replica() is None
    followed.start()
    within(10, lambda: counted_at_replica() == 0)


def test_a_server_that_follows_nobody_is_no_replica(followed, monkeypatch):
    monkeypatch.setenv("ENTREPOT_REPLICA_URL", followed.primary_url)
    settings.cache_clear()
    assert counted_at_replica() is None


TELL = "INSERT INTO told VALUES (1) RETURNING number"


def by_command():
    with db.transaction(name="tests.replicas.tell", actor=SYSTEM) as current:
        current.execute(text(TELL))


def by_statement():
    db.statement(TELL, {}, name="tests.replicas.tell", actor=SYSTEM)


@pytest.mark.parametrize("tell", [by_command, by_statement])
def test_a_commit_that_no_other_server_heard_of_is_not_called_done(followed, tell):
    followed.at_primary("ALTER SYSTEM SET synchronous_standby_names = 'somebody'")
    followed.at_primary("SELECT pg_reload_conf()")
    operator = threading.Thread(target=within, args=(20, lambda: cancels(followed)))
    operator.start()
    try:
        with pytest.raises((DBAPIError, psycopg.OperationalError), match="no other server"):
            tell()
    finally:
        operator.join()
        followed.at_primary("ALTER SYSTEM RESET synchronous_standby_names")
        followed.at_primary("SELECT pg_reload_conf()")


def cancels(servers):
    """Cancel whoever waits for another server; return whether somebody did."""
    waiting = "FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
    with psycopg.connect(servers.primary_url) as connection:
        return connection.execute(f"SELECT pg_cancel_backend(pid) {waiting}").fetchall()


@pytest.mark.parametrize(
    ("begun", "word"),
    [
        ("", "role"),
        ("-c role=entrepot_app -c timezone=UTC", "statement_timeout"),
        ("-c role=entrepot_app -c timezone=Europe/Paris -c statement_timeout=8s", "UTC"),
    ],
)
def test_a_session_that_a_pooler_began_wrongly_is_refused(servers, begun, word):
    with pytest.raises(pools.WrongSession, match=word):
        lent(servers, begun)


def test_a_session_that_a_pooler_began_rightly_is_used(servers):
    assert lent(servers, BEGUN) == 0


def lent(servers, begun):
    """Count in a session that was begun with these options by somebody else."""
    url = f"{servers.primary_url}&options={quote(begun)}"
    pool = pools.make(pools.sqlalchemy_url(url), answering.Server("lent"), is_pooled=True)
    try:
        with pool.connect() as connection:
            connection.execute(text("DELETE FROM told"))
            return connection.execute(COUNT).scalar_one()
    finally:
        pool.dispose()


def test_several_servers_stand_in_one_address():
    one = pools.sqlalchemy_url("postgresql://u:p%40w@a:5432,b:5433/db?target_session_attrs=any")
    assert one == (
        "postgresql+psycopg://u:p%40w@/db?host=a%2Cb&port=5432%2C5433&target_session_attrs=any"
    )
