"""Noon, and a browser of the buyer's."""

from __future__ import annotations

import pytest

from tests.journeys.refusals.reading_refusals import BUYER


@pytest.fixture(autouse=True)
def at_noon(noon):
    return noon


@pytest.fixture
def buyer(signed_in):
    return signed_in(BUYER)


@pytest.fixture
def mine(browse, buyer):
    return browse(buyer)
