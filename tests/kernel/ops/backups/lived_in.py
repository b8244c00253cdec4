"""A small installation of its own, in which people buy, and what they were told."""

from __future__ import annotations

import io
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

import psycopg
from PIL import Image

from insurance.contracts.certificates import keyring
from kernel import clock, config, db, embedded, memory, migrate, sealing, testing
from kernel.actor import SYSTEM
from kernel.ops.backups import database
from kernel.people.identity import service as identity
from marketplace.catalogue.pictures import service as pictures
from search.engine import choice
from tests.journeys.racing import Buyer, make_buyer, open_house
from tests.journeys.shopping import pay
from tests.marketplace.makers import make_offer

PASSWORD = "harbour lantern 1852"
# Whatever is derived from keys and settings is asked for anew in another installation.
_REMEMBERED = (
    config.settings,
    config.secret_keys,
    sealing.keys_for,
    sealing.vault,
    keyring.ring,
)


@contextmanager
def living_in(var: Path, **chosen: str) -> Iterator[None]:
    """Let this process be one of an installation whose data lie in a folder."""
    outer = {name: os.environ[name] for name in os.environ if name.startswith("ENTREPOT_")}
    engine, index, offset = db._engine, choice._chosen, clock._file  # of the tests around this one
    own = {"ENTREPOT_VAR": str(var), **{f"ENTREPOT_{k.upper()}": v for k, v in chosen.items()}}
    with mock.patch.dict(os.environ, own):
        for name in outer.keys() - own.keys():
            del os.environ[name]
        _forget()
        db.use_engine(None)
        choice.use(None)
        try:
            yield
        finally:
            db.dispose()
            db.use_engine(engine)
            choice.use(index)
            clock.use_offset_file(offset)
            embedded.stop_postgres()
    _forget()


def _forget() -> None:
    memory.forget_everything()
    for remembered in _REMEMBERED:
        remembered.cache_clear()


@contextmanager
def open_folder() -> Iterator[Path]:
    """Yield a folder that the embedded server can reach, too."""
    # PostgreSQL refuses to run as root; the user it runs as instead must be able to reach it.
    folder = Path(tempfile.mkdtemp(prefix="entrepot-backup-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@dataclass
class Market:
    """One offer that many people buy. Shape: told maps the reference of a paid order to when."""

    offer_id: int
    product_ref: str
    picture: str
    told: dict[str, datetime] = field(default_factory=dict)
    number: int = 0

    def newcomer(self) -> Buyer:
        """Somebody with money and the goods in their cart."""
        self.number += 1
        return make_buyer(self.offer_id, self.number)

    def sell(self) -> str:
        """Let somebody new buy; return their order's reference, as they were told it."""
        buyer = self.newcomer()
        ref = pay(buyer.review(), buyer.actor)
        self.told[ref] = datetime.now(UTC)
        return ref

    @contextmanager
    def open_all_night(self) -> Iterator[None]:
        """Let people buy one after the other for as long as the block lasts."""
        closing, failures = threading.Event(), []

        def work() -> None:
            while not closing.is_set():
                try:
                    self.sell()
                except Exception as failure:  # noqa: BLE001 - told when the night is over
                    failures.append(failure)
                    return

        clerk = threading.Thread(target=work)
        clerk.start()
        try:
            yield
        finally:
            closing.set()
            clerk.join()
        assert failures == []


def settle_in() -> Market:
    """Fill an empty installation with what one kind of goods needs to be bought."""
    migrate.upgrade()
    open_house()
    return sell_one_kind(embedded.postgres_url())


def sell_one_kind(url: str) -> Market:
    """Offer one kind of goods, with its picture, in an open house."""
    made = make_offer(stock=500)
    photo = io.BytesIO()
    Image.new("RGB", (900, 900), "teal").save(photo, "PNG")
    kept = pictures.store(photo.getvalue())
    with psycopg.connect(url) as own:
        own.execute(
            "INSERT INTO marketplace.picture (product_id, path, width, height, sizes, alt)"
            " VALUES (%s, %s, %s, %s, %s, '{}')",
            (made.product_id, kept.path, kept.width, kept.height, list(kept.sizes)),
        )
    return Market(made.offer_id, made.ref, kept.path)


@contextmanager
def on_a_given_server(template: str, var: Path, **chosen: str) -> Iterator[str]:
    """Live in an installation whose database somebody else looks after; yield its address."""
    with testing.fresh_database(template=template) as name:
        url = plain_url(name)
        with psycopg.connect(url, autocommit=True) as own:
            own.execute("CREATE TABLE alembic_version (version_num text)")
            own.execute("INSERT INTO alembic_version VALUES (%s)", (database.newest_revision(),))
        with living_in(var, database_url=url, **chosen):
            yield url


def plain_url(name: str) -> str:
    """Return the address of a database as programs of the server take it."""
    return testing.on_database(name).replace("+psycopg", "")


def register(email: str) -> None:
    """Let somebody open an account with PASSWORD."""
    identity.register(
        email=email,
        password=PASSWORD,
        name="Camille Martin",
        locale="en",
        country="FR",
        actor=SYSTEM,
    )


def orders() -> set[str]:
    """Return the references of every paid order there is."""
    with psycopg.connect(embedded.postgres_url()) as own:
        return {row[0] for row in own.execute("SELECT ref FROM marketplace.order_group")}


def wait_until_archived() -> None:
    """Close what the server writes into and wait until it lies in the archive."""
    with psycopg.connect(embedded.postgres_url(), autocommit=True) as own:
        (written,) = own.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone()
        for _ in range(300):
            row = own.execute("SELECT last_archived_wal FROM pg_stat_archiver").fetchone()
            if row[0] and row[0] >= written:
                return
            time.sleep(0.1)
    raise TimeoutError(f"{written} was not archived")
