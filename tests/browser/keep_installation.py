"""Keeps an installation in which somebody has lived, for the upgrades of all later versions.

    pytest tests/browser/keep_installation.py

A release runs it once, when its last migration stands. What it writes is frozen with that migration
and goes through every later one in `tests/kernel/upgrading`.
"""

from __future__ import annotations

import lzma
from datetime import datetime
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from kernel import clock, jobs, memory, migrate, testing
from kernel.actor import ANONYMOUS, SYSTEM
from kernel.money import Money
from kernel.people.identity import service as identity
from kernel.people.notices import service as notices
from kernel.people.passwords import service as passwords
from marketplace.buying.cart import service as cart
from marketplace.buying.orders import service as orders
from marketplace.trust.questions import service as questions
from tests.browser.people import BUYER, VENDOR
from tests.journeys.shopping import TWO, by_country, offer, pay, to_review
from tests.kernel.upgrading.packing import KEPT, pack
from tests.market import PASSWORD, give_money, sign_in


@pytest.fixture
def lived(_past: tuple[str, dict[str, str]]) -> tuple[str, dict[str, str]]:
    """A database in which somebody has lived, and the names of her things."""
    return _past


def test_an_installation_is_kept(lived: tuple[str, dict[str, str]]) -> None:
    database, names = lived
    head = ScriptDirectory.from_config(migrate.config("postgresql://")).get_current_head()
    memory.forget_everything()
    clock.freeze(datetime.fromisoformat(names["instant"]))
    with testing.fresh_database(template=database) as name, testing.engine_on(name) as engine:
        _leave_in_the_middle(engine, names)
        with engine.connect() as connection:
            kept = KEPT / f"installation_{head}.sql.xz"
            pack(connection, kept)
        packed = lzma.decompress(kept.read_bytes())
        assert b"COPY kernel.delivery (" in packed, "what waits comes along"
    memory.forget_everything()


def _leave_in_the_middle(engine: Engine, names: dict[str, str]) -> None:
    """Do what nobody has heard of yet when the house is stopped for its upgrade."""
    buyer, seller = sign_in(BUYER), sign_in(VENDOR)
    give_money(buyer, "900 EUR")
    notices.choose(offered={"marketplace.alerts"}, wanted=set(), actor=buyer)
    with engine.connect() as market:
        waiting = by_country(pay(to_review(market, buyer, cover_level=None), buyer))
        _visit(market)
    orders.dispatch(order_ref=waiting["CN"].ref, actor=seller)
    questions.ask(
        product_ref=names["product"],
        words="Does the lid hold while one pours?",
        locale="en",
        actor=buyer,
    )
    identity.register(
        email="latecomer@example.com",
        password=PASSWORD,
        name="Ana Horvat",
        locale="en",
        country="HR",
        actor=SYSTEM,
    )
    passwords.send_link(email="latecomer@example.com", actor=SYSTEM)
    identity.end_other_sessions(actor=seller)
    assert jobs.queue_due_schedules(at_once=True)


def _visit(market: Any) -> None:
    """Fill a cart that belongs to nobody."""
    (country, title), _ = TWO
    cart.add_line(
        cart_id=None,
        offer_id=offer(market, country=country, title=title),
        quantity=2,
        seen=Money(1, "EUR"),
        actor=ANONYMOUS,
    )
