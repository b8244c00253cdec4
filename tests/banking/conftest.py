"""Makes `bank_objects` importable for the bank's tests and checks the ledger after them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bank_objects import verified

from tests.banking.network_objects import (  # noqa: F401 - fixtures
    _caught,
    _running,
    deliver,
    network,
    outcomes,
)
from tests.banking.tariff import _roomy_strangers  # noqa: F401 - a fixture
from tests.banking.years import numbers_go_back  # noqa: F401 - a fixture


@pytest.fixture
def sound() -> Callable[[], None]:
    """Recompute the whole ledger from its entries and compare."""

    def check() -> None:
        found = verified()
        assert found.balanced, found.problem

    return check
