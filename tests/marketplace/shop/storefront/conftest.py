"""Rates, a shelf of teapots, and a browser in Germany that counts in euro."""

from __future__ import annotations

import pytest

from tests.marketplace.makers import make_category, make_rates


@pytest.fixture
def rates(db):
    make_rates(JPY="160", USD="1.10", GBP="0.85", CNY="7.8")
    make_category("teapots-s", en="Teapots", fr="Théières")


@pytest.fixture
def german(client):
    client.get("/en/settings")
    with client.session_transaction() as cookies:
        cookies["country"], cookies["currency"] = "DE", "EUR"
    return client
