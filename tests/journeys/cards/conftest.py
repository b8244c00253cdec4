"""A market whose cards are charged at the real stand-in network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kernel.actor import ANONYMOUS, Actor
from tests.journeys.shopping import fill


@pytest.fixture
def stranger(market: Any, noon: Any, browse: Callable[..., FlaskClient]) -> FlaskClient:
    """A browser with a teapot and a lamp in its cart, and nobody signed in."""
    browser = browse()
    with browser.session_transaction() as cookies:
        cookies["cart"] = str(fill(market, ANONYMOUS))
    return browser


@pytest.fixture
def buyer(market: Any, noon: Any, signed_in: Callable[[str], Actor]) -> Actor:
    """Somebody whom the bank knows."""
    return signed_in("camille@example.com")


@pytest.fixture
def deliver(app: Flask, market: Any) -> Callable[[bytes, str], int]:
    """Hand a webhook to the house's door; return the status it was answered with."""

    def hand(body: bytes, signature: str) -> int:
        answer = app.test_client().post(
            "/webhooks/card-network", data=body, headers={"Stripe-Signature": signature}
        )
        return answer.status_code

    return hand
