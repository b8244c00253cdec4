"""A server that is away is told once when that begins and once when it is over."""

import logging
import threading
import time

import elastic_transport
import psycopg
import pytest
import redis
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from kernel import db, jobs, readiness, worker
from kernel.config import settings
from kernel.telemetry import outages

# Nobody listens at the first port of this machine.
NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:1/nowhere"


@pytest.fixture
def told(caplog, monkeypatch):
    monkeypatch.setattr(outages, "_QUIET", 0.0)
    caplog.set_level(logging.INFO)
    yield lambda: [r.getMessage() for r in caplog.records if r.name == "entrepot"]
    for outage in (outages.DATABASE, outages.POOL, outages.REDIS):
        outage.over()


@pytest.fixture
def away(app):
    """A browser of a house whose database is away, and whose visitors all fail alike."""
    gone = create_engine(NOWHERE, connect_args={"connect_timeout": 1})
    db.use_engine(gone)
    yield app.test_client()
    db.use_engine(None)
    gone.dispose()


def test_a_database_that_is_away_is_two_lines_however_many_pages_ask_for_it(
    away, told, shared_engine
):
    for _ in range(5):
        assert away.get("/en/account", headers={"Cookie": ""}).status_code in {303, 503}
        with pytest.raises(OperationalError), db.reading() as current:
            current.execute(text("SELECT 1"))
        assert away.get("/en/search?q=lamp").status_code == 503

    assert told() == ["the database is away: OperationalError"]
    with shared_engine.connect() as back:
        back.execute(text("SELECT 1"))
    assert len(told()) == 2
    assert told()[1].startswith("the database is back after 0 s and ")
    assert int(told()[1].split()[-2]) >= 5


def test_a_success_in_the_middle_of_failures_ends_nothing(caplog):
    outage = outages.Outage("the lighthouse")
    outage.failed(OSError())
    outage.over()
    assert outage.is_on


def run_for(seconds, work):
    stop = threading.Event()
    running = threading.Thread(target=lambda: work(stop=stop))
    running.start()
    time.sleep(seconds)
    stop.set()
    running.join(10)
    assert not running.is_alive()


@pytest.mark.parametrize("loop", [jobs.relay_forever, jobs.schedule_forever])
def test_relay_and_scheduler_do_not_tell_of_every_try(away, told, loop):
    run_for(2.5, loop)
    assert told() == ["the database is away: OperationalError"]


def test_a_relay_that_asks_for_nothing_else_tells_that_the_database_is_back(own_database, told):
    outages.DATABASE.failed(OSError())
    run_for(0.5, jobs.relay_forever)
    assert told()[1].startswith("the database is back after ")


def test_a_worker_whose_redis_is_not_back_yet_goes_on_looking_for_it(told, monkeypatch):
    """It says who it is when it is made, which fails as its work does."""
    tries = []

    class Made:
        is_told = False

        def __init__(self, *_queues, **_chosen):
            tries.append("made")
            if len(tries) < 3:
                raise redis.exceptions.ConnectionError

        def work(self, **_chosen):
            tries.append("worked")

    monkeypatch.setattr(worker, "HouseWorker", Made)
    monkeypatch.setattr(worker.time, "sleep", lambda _seconds: None)
    worker.work(burst=True)

    assert tries == ["made", "made", "made", "worked"]
    assert told() == ["Redis is away: ConnectionError"]


def test_what_rq_says_of_redis_again_and_again_is_counted_instead(told):
    rq = logging.getLogger("rq.worker")
    once = outages.Once()
    rq.addFilter(once)
    try:
        for _ in range(3):
            try:
                redis.Redis(port=1).ping()
            except redis.exceptions.ConnectionError:
                rq.error("could not connect")
        rq.warning("something else")
        outages.REDIS.over()
    finally:
        rq.removeFilter(once)
    assert told()[0] == "Redis is away: ConnectionError"
    assert told()[1].endswith(" s and 3 failures")


class Listless(Exception):
    """What a room makes of a server that does not answer."""


def caused_by(cause):
    error = Listless()
    error.__cause__ = cause
    return error


def test_a_part_that_fails_is_told_once_and_not_whenever_somebody_asks_for_it(
    db, told, monkeypatch
):
    lives = []

    def beacon():
        if not lives:
            raise TypeError("no lamp")
        return True

    monkeypatch.setattr(readiness, "_parts", {"beacon": beacon})
    for _ in range(3):
        assert readiness.states()["beacon"] == "away"
    assert told() == ["the part beacon is away: TypeError"]
    lives.append(1)
    for _ in range(3):
        assert readiness.states()["beacon"] == "ok"
    assert told()[1:] == ["the part beacon is back after 0 s and 3 failures"]


def test_what_is_asked_for_is_the_redis_that_everybody_misses(db, told, monkeypatch):
    monkeypatch.setattr(readiness, "_parts", {})
    with pytest.MonkeyPatch.context() as chosen:
        chosen.setenv("ENTREPOT_REDIS_URL", "redis://127.0.0.1:1/0")
        settings.cache_clear()
        for _ in range(3):
            assert readiness.states()["redis"] == "away"
    settings.cache_clear()
    assert told() == ["Redis is away: ConnectionError"]


def test_who_is_slow_now_and_then_is_away_once(caplog):
    outage = outages.Outage("the lighthouse", quiet=30.0)
    for _ in range(5):
        outage.failed(OSError())
        outage.over()
    assert [line.getMessage() for line in caplog.records] == ["the lighthouse is away: OSError"]


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (psycopg.OperationalError("no route"), outages.DATABASE),
        (psycopg.errors.AdminShutdown(), outages.DATABASE),
        (psycopg.errors.TooManyConnections(), outages.DATABASE),
        (psycopg.errors.QueryCanceled(), None),
        (psycopg.errors.DeadlockDetected(), None),
        (PoolTimeout("QueuePool limit of size 8 overflow 8 reached"), outages.POOL),
        (PoolTimeout("the database does not answer"), outages.DATABASE),
        (redis.exceptions.BusyLoadingError(), outages.REDIS),
        (redis.exceptions.ResponseError(), None),
        (elastic_transport.ConnectionError("refused"), outages.SEARCH),
        (caused_by(elastic_transport.ConnectionTimeout("silent")), outages.SEARCH),
        (caused_by(elastic_transport.SerializationError("garbled")), None),
        (caused_by(ValueError()), None),
        (TimeoutError(), None),
        (None, None),
    ],
)
def test_only_a_server_that_is_away_is_an_outage(error, outage):
    assert outages.of(error) is outage


def test_every_other_failure_is_told_with_its_stack(caplog):
    try:
        raise psycopg.errors.QueryCanceled
    except psycopg.Error as error:
        outages.tell(error, "a statement was given up")
    [line] = [r for r in caplog.records if r.getMessage() == "a statement was given up"]
    assert line.exc_info[0] is psycopg.errors.QueryCanceled
