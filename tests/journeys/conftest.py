"""Browsers without scripts; each journey is rolled back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from banking import api as bank
from kernel.actor import Actor
from kernel.db import reading
from kernel.money import Money
from kernel.web import presence


@pytest.fixture
def noon(clock: Callable[[str], datetime]) -> datetime:
    """Wednesday noon, when every rate of the market is fresh."""
    return clock("2026-11-25T12:00")


@pytest.fixture
def browse(app: Flask, market: Any) -> Callable[..., FlaskClient]:
    """Open a browser without scripts, somebody's or nobody's: `browse(actor).get("/en/cart/")`."""

    def opened(actor: Actor | None = None) -> FlaskClient:
        client = app.test_client()
        with client.session_transaction() as cookies:
            cookies["csrf"] = "test-token"
            cookies["country"], cookies["currency"] = "FR", "EUR"
            if actor is not None:
                cookies["_user_id"] = str(actor.session_id)
                cookies.update(presence.arrived())
        return client

    return opened


@pytest.fixture
def available(market: Any) -> Callable[[Actor, str], Money]:
    """Return what somebody's wallet holds now."""

    def ask(actor: Actor, currency: str) -> Money:
        with reading():
            wallet = bank.wallet_for(owner_id=actor.person_id, currency=currency)
        return wallet.available if wallet else Money.zero(currency)

    return ask
