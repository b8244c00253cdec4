"""The demonstration's market, filled once per worker; each journey is rolled back."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from banking import api as bank
from kernel import db, memory, testing
from kernel.actor import SYSTEM, Actor
from kernel.db import reading
from kernel.identity import queries as people
from kernel.identity import service as identity
from kernel.ids import new_id
from kernel.money import Money
from marketplace.world.seed import PASSWORD, seed_demo
from tests.journeys.installation import Installation, installed


@pytest.fixture(scope="session")
def _market(template_database: str) -> Iterator[str]:
    with testing.fresh_database(template=template_database) as name:
        with testing.engine_on(name):
            seed_demo()
        yield name


@pytest.fixture
def market(_market: str) -> Iterator[Any]:
    """The filled market inside one transaction that is rolled back."""
    memory.forget_everything()
    with testing.engine_on(_market) as engine, engine.connect() as connection:
        outer = connection.begin()
        db.use_connection(connection)
        try:
            yield connection
        finally:
            db.use_connection(None)
            outer.rollback()
            memory.forget_everything()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A whole running installation with the demonstration's market, for the module to hurt."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent  # the workers of a run fill one market together
    with installed(like=shared / "market") as running:
        yield running


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
        return client

    return opened


@pytest.fixture
def signed_in(market: Any) -> Callable[[str], Actor]:
    """Return one of the demonstration's people, signed in."""

    def enter(email: str) -> Actor:
        session_id = identity.sign_in(
            email=email, password=PASSWORD, device="test", address=new_id().hex, actor=SYSTEM
        )
        actor = people.actor_of_session(str(session_id))
        assert actor is not None
        return actor

    return enter


@pytest.fixture
def with_money(market: Any) -> Callable[[Actor, str], bank.WalletView]:
    """Give somebody money that came by card: `with_money(actor, "500 EUR")`."""

    def give(actor: Actor, amount: str) -> bank.WalletView:
        number, currency = amount.split()
        money = Money.of(number, currency)
        assert actor.person_id is not None
        wallet = bank.open_wallet(
            owner_id=actor.person_id, owner_kind="person", currency=currency, actor=actor
        )
        card = bank.AccountRef.house(bank.AccountKind.CARD_RECEIVABLE, currency)
        bank.post(
            key=new_id(), kind="card_top_up", subject="test", actor=SYSTEM,
            legs=[bank.Leg(card, -money), bank.Leg(wallet.account, money)],
        )  # fmt: skip
        return wallet

    return give


@pytest.fixture
def available(market: Any) -> Callable[[Actor, str], Money]:
    """Return what somebody's wallet holds now."""

    def ask(actor: Actor, currency: str) -> Money:
        with reading():
            wallet = bank.wallet_for(owner_id=actor.person_id, currency=currency)
        return wallet.available if wallet else Money.zero(currency)

    return ask
