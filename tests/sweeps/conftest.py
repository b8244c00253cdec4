"""The market with a past and a copy of its own for the sweeps, inside one open transaction."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask

from kernel import clock as house_clock
from kernel import memory, testing
from tests.browser.lived import bring_past, lived_past
from tests.market import guest_of, sign_in
from tests.sweeps.house import House, listening
from tests.sweeps.making import make_what_is_lacking
from tests.sweeps.people import BESIDE, EVERYBODY, GUEST, NOBODY


@pytest.fixture(scope="session")
def _lived(
    app: Flask, market_database: str, run_folder: Path
) -> Iterator[tuple[str, dict[str, str]]]:
    with lived_past(app, market_database, run_folder) as found:
        yield found


@pytest.fixture(scope="module")
def _own_house(app: Flask, _lived: tuple[str, dict[str, str]], run_folder: Path) -> Iterator[House]:
    database, names = _lived
    bring_past(run_folder)
    memory.forget_everything()
    house_clock.freeze(datetime.fromisoformat(names["instant"]))
    with (
        testing.fresh_database(template=database) as name,
        testing.warm_engine_on(name) as engine,
        testing.working_on(engine),
        engine.connect() as connection,
        testing.rolled_back(connection),
    ):
        people = [email for email in (*EVERYBODY, *BESIDE) if email not in {NOBODY, GUEST}]
        actors = {email: sign_in(email) for email in people} | {GUEST: guest_of(GUEST)}
        house = House(app, connection, dict(names), actors)
        make_what_is_lacking(house)
        house.remember_sums()
        with listening(app, house.heard):
            yield house
    house_clock.freeze(None)
    memory.forget_everything()


@pytest.fixture
def house(_own_house: House) -> House:
    """The market with a past, its clock held where it ends."""
    _own_house.hold_clock()
    return _own_house
