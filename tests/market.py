"""The demonstration's market, filled once per run, and its people: for journeys and browsers."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import PIL
import pytest
from sqlalchemy import Engine, text

from banking import api as bank
from banking.core.ledger import service as ledger
from kernel import clock, db, jobs, memory, testing
from kernel.actor import ANONYMOUS, SYSTEM, Actor
from kernel.config import settings
from kernel.ids import new_id
from kernel.manifest import load_house
from kernel.media import photos
from kernel.money import Money
from kernel.people.guests import service as guests
from kernel.people.identity import queries as people
from kernel.people.identity import service as identity
from marketplace.catalogue.pictures import service as pictures
from marketplace.demo.seed.known import PASSWORD
from marketplace.demo.seed.seed import seed_demo
from tests.keeping import kept_folder
from tests.second_steps import pass_second_step
from tests.sharing import bring_files, files_of, shared_database

_NOTE = "market"


# How vendors are paid after the seed, which no story finds so.
_PAID_OUT = text(
    """
    SELECT (SELECT count(*) FROM banking.payout_plans WHERE next_on IS NOT NULL) AS plans,
        (SELECT count(DISTINCT currency) FROM banking.payout_accounts) AS currencies
    """
)


@pytest.fixture(scope="session")
def _market(template_database: str, run_folder: Path) -> Iterator[tuple[str, dict[str, int]]]:
    with shared_database(run_folder / _NOTE, _fill, template=template_database) as market:
        yield market


@pytest.fixture(scope="session")
def market_database(_market: tuple[str, dict[str, int]]) -> str:
    """The name of a database that holds the filled market and is never written to."""
    return _market[0]


@pytest.fixture(scope="session")
def market_seeded(_market: tuple[str, dict[str, int]]) -> dict[str, int]:
    """What the seed said of the market that it filled, and how it would be paid out."""
    return _market[1]


def _fill(database: str) -> dict[str, int]:
    """Fill it in the night before every story begins, whatever day it is outside."""
    load_house()  # another worker may have made the tables: nothing is loaded here yet
    clock.freeze(datetime(2026, 11, 25, tzinfo=UTC))
    try:
        with testing.engine_on(database):
            seeded = asdict(seed_demo())
            with db.reading() as current:
                paid_out = dict(current.execute(_PAID_OUT).mappings().one())
            _keep_earnings()
            _cut_pictures()
            # A thousand facts of the seed: every story that runs jobs would handle them again.
            jobs.drain()
            clock.freeze(None)
            # Stories that hold no clock buy on the day outside, and rates grow too old in a week.
            bank.continue_rates(actor=SYSTEM)
        return {**seeded, **paid_out}
    finally:
        clock.freeze(None)


def _keep_earnings() -> None:
    """Let no vendor be paid out by itself, so that a story finds in a wallet what it earned."""
    with db.transaction(name="tests.no_payouts", actor=SYSTEM) as current:
        current.execute(text("SET LOCAL ROLE NONE"))  # who serves pages may not delete
        current.execute(text("DELETE FROM banking.payout_plans"))
        current.execute(text("DELETE FROM banking.payout_accounts"))


# What lists show, and the galleries of one shop: all of them would take a minute and a half.
_LOOKED_AT = text(
    """
    SELECT DISTINCT c.path FROM marketplace.picture c
    JOIN marketplace.product p ON p.id = c.product_id
    JOIN marketplace.vendor v ON v.id = p.vendor_id
    WHERE c.position = 0 OR v.slug = 'qinglan' ORDER BY c.path
    """
)


# Whatever runs jobs in a story would cut the five hundred others first, for two minutes.
_LEAVE_UNCUT = text("DELETE FROM kernel.delivery WHERE handler LIKE '%make_sizes'")


def _pictures_cut_before() -> Path:
    """Return what earlier runs have cut: twenty seconds of processor, and always the same."""
    code = [
        *Path(photos.__file__).parent.glob("*.py"),
        *Path(pictures.__file__).parent.glob("*.py"),
    ]
    return kept_folder("test-pictures", code, PIL.__version__)


def _cut_pictures() -> None:
    """Make the sizes of pictures once that pages show; others are shown as they were taken."""
    with db.reading() as current:
        paths = current.scalars(_LOOKED_AT).all()
    assert paths, "goods have pictures"
    cut_before = _pictures_cut_before()
    shutil.copytree(cut_before, settings().var / "media", dirs_exist_ok=True)
    for path in paths:
        pictures.make_sizes(path)
        for size in (settings().var / "media" / path).parent.glob(f"{Path(path).name}-*"):
            kept = cut_before / size.relative_to(settings().var / "media")
            if not kept.exists():
                kept.parent.mkdir(exist_ok=True)
                shutil.copy(size, kept)
    with db.transaction(name="tests.leave_uncut", actor=SYSTEM) as current:
        current.execute(text("SET LOCAL ROLE NONE"))  # who serves pages may not delete
        assert current.execute(_LEAVE_UNCUT).rowcount > len(paths)


@pytest.fixture(scope="session")
def market_media(market_database: str, run_folder: Path) -> Path:
    """The folder with the market's pictures in all sizes."""
    return files_of(run_folder / _NOTE) / "media"


@pytest.fixture(scope="module")
def _market_files(market_database: str, run_folder: Path) -> None:
    bring_files(run_folder / _NOTE)


@pytest.fixture(scope="session")
def _own_market(market_database: str) -> Iterator[Engine]:
    """A worker's own copy: stories of two workers would wait for each other's rows, and cross."""
    with (
        testing.fresh_database(template=market_database) as name,
        testing.warm_engine_on(name) as engine,
    ):
        yield engine


@pytest.fixture
def market(_own_market: Engine, _market_files: None) -> Iterator[Any]:
    """The filled market inside one transaction that is rolled back."""
    memory.forget_everything()
    with testing.working_on(_own_market), _own_market.connect() as connection:
        with testing.rolled_back(connection):
            yield connection
        memory.forget_everything()


def sign_in(email: str) -> Actor:
    """Return one of the demonstration's people, signed in."""
    session_id = identity.sign_in(
        email=email, password=PASSWORD, device="test", address=new_id().hex, actor=SYSTEM
    )
    if people.who_waits(session_id):
        pass_second_step(session_id)
    actor = people.actor_of_session(str(session_id))
    assert actor is not None
    return actor


def guest_of(email: str) -> Actor:
    """Open a guest, who buys without an account."""
    return guests.open_guest(
        email=email,
        name="Noor Guest",
        locale="en",
        country="FR",
        device="test",
        address="",
        actor=ANONYMOUS,
    )


def give_money(actor: Actor, amount: str) -> bank.WalletView:
    """Give somebody money that came by card: `give_money(actor, "500 EUR")`."""
    number, currency = amount.split()
    money = Money.of(number, currency)
    assert actor.person_id is not None
    wallet = bank.open_wallet(
        owner_id=actor.person_id, owner_kind="person", currency=currency, actor=actor
    )
    card = ledger.AccountRef.house(bank.AccountKind.CARD_RECEIVABLE, currency)
    ledger.post(
        key=new_id(),
        kind="card_top_up",
        subject="test",
        actor=SYSTEM,
        legs=[ledger.Leg(card, -money), ledger.Leg(wallet.account, money)],
    )
    return wallet


@pytest.fixture
def signed_in(market: Any) -> Callable[[str], Actor]:
    """Return one of the demonstration's people, signed in."""
    return sign_in


@pytest.fixture
def with_money(market: Any) -> Callable[[Actor, str], bank.WalletView]:
    """Give somebody money that came by card: `with_money(actor, "500 EUR")`."""
    return give_money
