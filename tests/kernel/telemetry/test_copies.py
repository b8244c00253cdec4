"""Figures of the copies of a database are true, as whoever serves reads them, or absent."""

import time
from pathlib import Path

import psycopg
import pytest

from kernel import db, embedded, testing
from kernel.config import settings
from kernel.ops.telemetry import gathering, measures
from tests.streaming import pair

FUNCTION = (Path(db.__file__).parent / "sql" / "copies.sql").read_text(encoding="utf-8")
OURS = [
    one
    for one in measures.MEASURES
    if one.figure
    in {
        measures.REPLICAS,
        measures.REPLICA_LAG,
        measures.REPLICA_BYTES,
        measures.REPLICAS_HIDDEN,
    }
]


@pytest.fixture(scope="module")
def servers():
    with pair() as two:
        two.at_primary("CREATE SCHEMA kernel; GRANT USAGE ON SCHEMA kernel TO entrepot_app")
        two.at_primary(FUNCTION)
        yield two


@pytest.fixture
def figures(servers, meters, monkeypatch):
    """Return what the figures of copies say now, as the role that serves reads them."""
    monkeypatch.setenv("ENTREPOT_DATABASE_URL", servers.primary_url)
    settings.cache_clear()

    def read():
        gathering.gather(OURS)
        return {
            name.removeprefix("entrepot_"): value
            for (name, *_), value in meters.read().items()
            if name.startswith("entrepot_replica")
        }

    with testing.working_on(None):
        yield read
        db.dispose()
    monkeypatch.undo()
    settings.cache_clear()


def within(seconds, ready):
    deadline = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_copy_that_follows_is_counted_and_is_behind_by_nothing(servers, figures):
    servers.at_primary("INSERT INTO told SELECT generate_series(1, 1000)")
    within(20, lambda: figures()["replica_lag_bytes"] == 0)
    found = figures()
    assert found["replicas"] == 1
    assert found["replicas_hidden"] == 0
    assert found["replica_lag_seconds"] < 30


def test_a_copy_that_stands_still_is_behind_by_what_was_written_since(servers, figures):
    """No seconds tell of it: it has confirmed nothing since."""
    servers.at_replica("SELECT pg_wal_replay_pause()")
    try:
        servers.at_primary("INSERT INTO told SELECT generate_series(1, 50000)")
        assert figures()["replica_lag_bytes"] > 1_000_000
        assert figures()["replicas"] == 1
    finally:
        servers.at_replica("SELECT pg_wal_replay_resume()")
    within(20, lambda: figures()["replica_lag_bytes"] == 0)


def test_what_only_listens_is_no_copy(servers, figures):
    """A backup that is being made would look like a copy that is gone when it is done."""
    with psycopg.connect(servers.primary_url, replication="database", autocommit=True) as asks:
        asks.execute("IDENTIFY_SYSTEM")
        assert figures()["replicas"] == 1


def test_an_owner_who_may_not_look_says_so_and_no_figure_is_a_silent_zero(servers, figures):
    servers.at_primary("CREATE ROLE plain; ALTER FUNCTION kernel.copies OWNER TO plain")
    try:
        assert figures() == {"replicas_hidden": 1}
        servers.at_primary("GRANT pg_read_all_stats TO plain")
        assert figures()["replicas"] == 1
        assert figures()["replicas_hidden"] == 0
    finally:
        servers.at_primary("ALTER FUNCTION kernel.copies OWNER TO postgres; DROP ROLE plain")


def test_who_serves_sees_no_statements_of_others(servers, figures):
    figures()
    with db.reading() as current:
        shown = current.connection().exec_driver_sql(
            "SELECT pg_has_role('pg_read_all_stats', 'USAGE'), current_user"
        )
        assert shown.one() == (False, "entrepot_app")


def test_a_copy_that_is_cut_off_is_counted_no_more(servers, figures):
    assert figures()["replicas"] == 1
    embedded.stop_postgres(servers.replica)
    try:
        within(20, lambda: figures()["replicas"] == 0)
    finally:
        servers.start()
    within(30, lambda: figures()["replicas"] == 1)
