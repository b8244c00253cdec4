"""A buyer with 500 euro, and the seller of the teapots."""

from __future__ import annotations

import pytest

from tests.journeys.returns.sending_back import VENDOR


@pytest.fixture
def buyer(market, noon, signed_in, with_money):
    actor = signed_in("camille@example.com")
    with_money(actor, "500 EUR")
    return actor


@pytest.fixture
def seller(signed_in, buyer):
    return signed_in(VENDOR)
