"""Public pages are read from a replica where there is one, and stand when the database falls."""

import time

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from kernel import db, embedded, memory, pools, replicas, testing
from kernel.config import settings
from kernel.schema import create_all
from kernel.web import public
from kernel.web.old_pages import may_be_old
from tests.streaming import pair

WHERE = text("SELECT pg_is_in_recovery()")


@pytest.fixture(scope="module")
def servers():
    with pair() as two:
        engine = create_engine(pools.sqlalchemy_url(two.primary_url), poolclass=NullPool)
        with engine.begin() as connection:
            create_all(connection)
        yield two


@pytest.fixture
def house(servers, app, monkeypatch):
    """The whole application on two servers of its own."""
    monkeypatch.setenv("ENTREPOT_DATABASE_URL", servers.primary_url)
    monkeypatch.setenv("ENTREPOT_REPLICA_URL", servers.replica_url)
    settings.cache_clear()
    memory.forget_everything()
    with testing.working_on(None):
        until_followed()
        yield app
        replicas.forget()
        db.dispose()
    monkeypatch.undo()
    settings.cache_clear()
    memory.forget_everything()


def until_followed():
    deadline = time.monotonic() + 20
    while (opened := replicas.connection()) is None:
        assert time.monotonic() < deadline, "the replica does not catch up"
        time.sleep(0.1)
    opened.close()


@pytest.fixture
def asking():
    """An application of two pages, which say whether a replica read them."""
    made = Flask(__name__)

    def read() -> dict[str, bool]:
        return {"old": db.session().execute(WHERE).scalar_one()}

    def fall() -> dict[str, bool]:
        if read()["old"]:
            db.session().execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return read()

    for view in (read, fall):
        made.add_url_rule(
            f"/{view.__name__}",
            view.__name__,
            public(may_be_old(view)),
            methods=["GET", "POST"],
        )

    @made.before_request
    def open_reading():
        made.extensions["reading"] = db.reading()
        made.extensions["reading"].__enter__()

    @made.teardown_request
    def close_reading(_error):
        made.extensions["reading"].__exit__(None, None, None)

    return made.test_client()


def test_a_page_is_read_from_a_replica_and_a_form_is_not(house, asking):
    assert asking.get("/read").get_json() == {"old": True}
    assert asking.post("/read").get_json() == {"old": False}


def test_a_replica_that_falls_in_the_middle_costs_nobody_the_page(house, asking):
    assert asking.get("/read").get_json() == {"old": True}
    assert asking.get("/fall").get_json() == {"old": False}
    until_followed()
    assert asking.get("/read").get_json() == {"old": True}


def test_the_windows_stay_lit_while_the_database_is_away(house, servers):
    visitor = house.test_client()
    assert visitor.get("/en/").status_code == 200
    embedded.stop_postgres(servers.folder / "primary")
    try:
        db.dispose()
        memory.forget_everything()
        assert visitor.get("/en/").status_code == 200
        assert visitor.get("/en/goods/").status_code == 200
        assert visitor.get("/readyz").status_code == 503
    finally:
        embedded.postgres_url(servers.folder / "primary")
