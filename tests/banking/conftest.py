"""Makes `bank_objects` importable for the bank's tests and checks the ledger after them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from bank_objects import verified
from sqlalchemy import text

from tests.banking.tariff import _roomy_strangers  # noqa: F401 - a fixture
from tests.owner import as_owner


@pytest.fixture
def sound() -> Callable[[], None]:
    """Recompute the whole ledger from its entries and compare."""

    def check() -> None:
        found = verified()
        assert found.balanced, found.problem

    return check


@pytest.fixture
def numbers_go_back(db) -> Iterator[None]:
    """Sequences do not take part in what is undone: let the next test begin where this one did."""
    reached = db.execute(text("SELECT last_value FROM banking.journals_id_seq")).scalar_one()
    yield
    with as_owner(db):
        db.execute(text("SELECT setval('banking.journals_id_seq', :last)"), {"last": reached})
