"""What every test may ask for. Nothing here mocks the house."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, text

from kernel import clock, db, embedded, memory, testing
from kernel import events as kernel_events
from kernel.actor import Actor, Role
from kernel.config import settings as house_settings
from kernel.ids import new_id
from kernel.logging import request_id
from kernel.manifest import load_house
from kernel.people.identity import service as passwords
from kernel.web import presence
from tests.emptied import Emptied
from tests.handing_out import LONG, Modules, modules_of_shard
from tests.keeping import share_compiled_templates
from tests.second_steps import with_a_factor
from tests.sharing import shared_database

# Tests live in a folder of their own and never send anything; what is imported above has read no
# settings yet. A worker of a parallel run inherits the folder of its parent, and takes another: two
# would build one search index.
assert house_settings.cache_info().misses == 0, "settings were read at an import"
_IS_OWN_FOLDER = "ENTREPOT_VAR" not in os.environ or "PYTEST_XDIST_WORKER" in os.environ
if _IS_OWN_FOLDER:
    os.environ["ENTREPOT_VAR"] = tempfile.mkdtemp(prefix="entrepot-test-")
    share_compiled_templates(Path(os.environ["ENTREPOT_VAR"]))
os.environ.setdefault("ENTREPOT_SECRET_KEY", "tests only")

pytest_plugins = [
    "tests.market",
    "tests.chromium",
    "tests.collecting",
    "tests.banking.network_objects",
]

# A loaded machine is no failure: no example has a time limit, and the same examples come each time
# in a check that others wait for.
settings.register_profile(
    "house",
    deadline=None,
    derandomize=os.environ.get("CI") == "true",
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let several machines share a run: `--shard 2/4` is the second of four parts of it."""
    parser.addoption("--shard", default="1/1", help="which part of the run this is, such as 2/4")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the longest modules first; the order within them and of all others stays random."""
    items.sort(key=lambda item: LONG.index(item.path.name) if item.path.name in LONG else 99)
    part, _, parts = config.getoption("--shard").partition("/")
    mine = modules_of_shard(int(part), int(parts), {item.path for item in items})
    config.hook.pytest_deselected(items=[item for item in items if item.path not in mine])
    items[:] = [item for item in items if item.path in mine]


def pytest_collection_finish() -> None:
    """Leave what listing the tests has made out of every later search for garbage.

    A worker holds a million objects by then, and going through them would be a third of its time.
    Whoever looks for something among all of them unfreezes them first.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Modules:
    """Hand out modules as wholes, in the order of the run."""
    return Modules(config, log)


def pytest_sessionfinish() -> None:
    """End the servers that a command under test started in this worker's folder, and forget it."""
    if _IS_OWN_FOLDER:  # a folder of somebody else's is left alone
        folder = Path(os.environ["ENTREPOT_VAR"])
        embedded.stop_postgres(folder / "postgres")
        embedded.stop_redis(folder / "redis")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the workers of a run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def template_database(run_folder: Path) -> Iterator[str]:
    """A database with every table, built once per run and never written to."""
    load_house()  # whoever builds it loads all of it, the others would know a part
    with shared_database(run_folder / "tables", testing.build) as (name, _):
        yield name


@pytest.fixture(scope="session")
def shared_engine(template_database: str) -> Iterator[Engine]:
    """An engine on a worker's own database, which tests write to and roll back."""
    with (
        testing.fresh_database(template=template_database) as name,
        testing.warm_engine_on(name) as engine,
        testing.working_on(engine),
    ):
        yield engine


@pytest.fixture
def db_connection(shared_engine: Engine) -> Iterator[Any]:
    """One transaction around the test; commands commit into savepoints of it."""
    memory.forget_everything()
    with shared_engine.connect() as connection, testing.rolled_back(connection):
        yield connection


@pytest.fixture(name="db")
def _db(db_connection: Any) -> Any:
    """The database, rolled back after the test."""
    return db_connection


@pytest.fixture(scope="session")
def _emptied(template_database: str) -> Iterator[Emptied]:
    """A database that one test after the other has to itself."""
    emptied = Emptied(template_database)
    yield emptied
    emptied.drop()


@pytest.fixture
def own_database(_emptied: Emptied) -> Iterator[str]:
    """A database of the test's own with real commits, for threads and processes."""
    name = _emptied.name()
    with testing.engine_on(name):
        memory.forget_everything()
        yield name


@pytest.fixture(scope="session", autouse=True)
def slow_hasher() -> Iterator[Callable[[], PasswordHasher]]:
    """How the house makes a password slow to guess. Tests make it quickly instead.

    Half a second of processor for everybody whom a test registers would be a third of the run.
    """
    slow, quick = passwords._hasher, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with mock.patch.object(passwords, "_hasher", return_value=quick):
        yield slow


@pytest.fixture(autouse=True)
def _nothing_left() -> Iterator[None]:
    """Neither a frozen hour nor the request that a browser of a test made last.

    Settings of another folder and a clock that was moved would meet whichever test comes next in
    this process: whoever leaves them behind is told here.
    """
    yield
    clock.freeze(None)
    request_id.set("-")
    folder = Path(os.environ["ENTREPOT_VAR"])
    is_left = {"settings": house_settings().var != folder, "clock": (folder / "clock").exists()}
    if any(is_left.values()):
        house_settings.cache_clear()
        (folder / "clock").unlink(missing_ok=True)
        pytest.fail(f"left behind: {is_left}")


@pytest.fixture(name="clock")
def _clock() -> Callable[[str], datetime]:
    """Freeze business time: `clock("2026-11-25T09:00")`, UTC."""

    def freeze(at: str) -> datetime:
        instant = datetime.fromisoformat(at).replace(tzinfo=UTC)
        clock.freeze(instant)
        return instant

    return freeze


@pytest.fixture
def outbox(db: Any) -> Callable[[], list[kernel_events.Event]]:
    """Return the facts published in this test, oldest first."""

    def read() -> list[kernel_events.Event]:
        with db_reading() as current:
            rows = current.execute(text("SELECT name, payload FROM kernel.outbox ORDER BY seq"))
            return [kernel_events.decode(row.name, row.payload) for row in rows]

    return read


db_reading = db.reading


@pytest.fixture(scope="session")
def app() -> Flask:
    """The whole application."""
    from kernel.app import create_app

    application = create_app()
    application.config["TESTING"] = True
    return application


@pytest.fixture
def client(app: Flask, db: Any) -> FlaskClient:
    """A browser without JavaScript that nobody signed in with."""
    return app.test_client()


@pytest.fixture
def make_person(db: Any) -> Callable[..., Actor]:
    """Register somebody and return them as an actor with an open session.

    Who works for the house has an app and signed in with it, unless a test wants it otherwise.
    """
    from kernel.actor import SYSTEM
    from kernel.people.identity import queries, service

    def make(
        *,
        email: str = "",
        roles: frozenset[Role] = frozenset({Role.BUYER}),
        locale: str = "en",
        country: str = "FR",
        password: str = "correct horse battery",
        has_factor: bool = True,
    ) -> Actor:
        address = email or f"{new_id().hex}@example.com"
        service.register(
            email=address,
            password=password,
            name="Camille Martin",
            locale=locale,
            country=country,
            roles=roles,
            actor=SYSTEM,
        )
        session_id = service.sign_in(
            email=address, password=password, device="test", address=new_id().hex, actor=SYSTEM
        )
        actor = queries.actor_of_session(str(session_id))
        assert actor is not None
        return with_a_factor(actor) if actor.withheld and has_factor else actor

    return make


@pytest.fixture
def make_guest(db: Any) -> Callable[..., Actor]:
    """Open a guest, who buys without an account, and return them with an open session."""
    from kernel.actor import ANONYMOUS
    from kernel.people.guests import service

    def make(
        *,
        email: str = "",
        name: str = "Noor Guest",
        locale: str = "en",
        country: str = "FR",
        actor: Actor = ANONYMOUS,
    ) -> Actor:
        return service.open_guest(
            email=email or f"{new_id().hex}@example.com",
            name=name,
            locale=locale,
            country=country,
            device="test",
            address=new_id().hex,
            actor=actor,
        )

    return make


@pytest.fixture
def as_(app: Flask, db: Any) -> Callable[[Actor], FlaskClient]:
    """Return a browser that an actor is signed in with: `as_(actor).get("/en/account")`."""

    def browser(actor: Actor) -> FlaskClient:
        client = app.test_client()
        with client.session_transaction() as cookies:
            cookies["_user_id"] = str(actor.session_id)
            cookies.update(presence.arrived())
            cookies["csrf"] = "test-token"
        return client

    return browser
