"""A shop with a past, served inside the test, and a real browser that looks at it.

The application answers from this process: its clock can be held, its faults arranged, and no
process has to start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask

from kernel import clock as house_clock
from kernel import memory, testing
from kernel.actor import Actor
from kernel.people.mfa import service as factors
from kernel.people.mfa.service import Method
from tests.browser import remembering
from tests.browser.lived import bring_past, lived_past
from tests.browser.people import BUYER, GUEST, PEOPLE
from tests.browser.visiting import House, serving
from tests.market import guest_of, sign_in


@pytest.fixture(scope="session")
def _past(
    app: Flask, market_database: str, run_folder: Path
) -> Iterator[tuple[str, dict[str, str]]]:
    remembering.forget_old()
    with lived_past(app, market_database, run_folder) as found:
        yield found


@pytest.fixture(scope="module")
def _served(app: Flask, _past: tuple[str, dict[str, str]], run_folder: Path) -> Iterator[House]:
    database, names = _past
    bring_past(run_folder)
    memory.forget_everything()
    with testing.fresh_database(template=database) as name, testing.engine_on(name):
        house_clock.freeze(datetime.fromisoformat(names["instant"]))
        actors = {email: sign_in(email) for email in PEOPLE} | {GUEST: guest_of(GUEST)}
        confirmed(actors[BUYER])
        with serving(app) as port:
            yield House(app, f"http://127.0.0.1:{port}", names, actors)
    memory.forget_everything()


def confirmed(actor: Actor) -> None:
    """Let somebody have proved themselves a moment ago, so that pages of changes open."""
    assert actor.session_id is not None
    factors.note_confirmation(session_id=actor.session_id, method=Method.APP, actor=actor)


@pytest.fixture
def house(_served: House, clock: Callable[[str], datetime]) -> House:
    """The shop, its clock held at the end of its past."""
    house_clock.freeze(datetime.fromisoformat(_served.names["instant"]))
    return _served
