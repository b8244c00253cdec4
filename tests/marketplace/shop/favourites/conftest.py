"""Rates, a shelf, a person and browsers that read for Germany in euro."""

from __future__ import annotations

import pytest

from tests.marketplace.makers import make_category, make_rates
from tests.marketplace.shop.favourites.liking import in_germany


@pytest.fixture
def rates(db):
    make_rates(JPY="160", USD="1.10", GBP="0.85", CNY="7.8")
    make_category("teapots-s", en="Teapots", fr="Théières")


@pytest.fixture
def buyer(make_person):
    return make_person(email="camille@example.com", locale="fr")


@pytest.fixture
def stranger(client):
    return in_germany(client)


@pytest.fixture
def hers(as_, buyer):
    return in_germany(as_(buyer))
