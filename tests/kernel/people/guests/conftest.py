"""Guests with an order, and their letters."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from kernel import clock, jobs
from kernel.actor import SYSTEM, Actor
from kernel.db import session, transaction
from kernel.ids import new_id, public_ref
from kernel.outbox import claim_due
from kernel.people.guests import service
from kernel.people.guests.links import token_for
from marketplace.buying.orders.models import OrderGroup


@pytest.fixture
def order_of(db: Any) -> Callable[[Actor], str]:
    """Write an order without parcels for somebody, and return its number."""

    def placed(buyer: Actor) -> str:
        ref = public_ref("G")
        with transaction(name="test", actor=SYSTEM):
            session().add(
                OrderGroup(
                    id=new_id(),
                    ref=ref,
                    checkout_ref=public_ref("C"),
                    person_id=buyer.person_id,
                    wallet_id=new_id(),
                    currency="EUR",
                    country="FR",
                    locale="en",
                    address={},
                    premium_minor=0,
                    total_minor=100,
                    placed_at=clock.now(),
                )
            )
            service.note_purchase(person_id=buyer.somebody(), actor=SYSTEM)
        return ref

    return placed


@pytest.fixture
def settle(db: Any) -> Callable[[], None]:
    """Let workers hear of everything that belongs to people and their letters."""

    def delivered() -> None:
        while due := claim_due():
            for item in due:
                if item.handler.startswith("kernel."):
                    jobs.deliver(str(item.event_id), item.handler)

    return delivered


@pytest.fixture
def letters(db: Any, settle: Callable[[], None]) -> Callable[[], list[tuple[str, str]]]:
    """Return who got a letter and the path of its one link, oldest first."""
    from kernel.mail import mailbox

    def read() -> list[tuple[str, str]]:
        settle()
        found = []
        for mail in reversed(mailbox()):
            paths = re.findall(r"https?://[^/\s]+(/\S+)", mail.told_text or "")
            found.append((mail.recipient, paths[0]))
        return found

    return read


@pytest.fixture
def link_of() -> Callable[[Actor], str]:
    """Return the token in the links of a letter that is written to a guest now."""

    def made(guest: Actor) -> str:
        return token_for(guest_id=guest.somebody(), email=guest.email)

    return made


@pytest.fixture
def owners(db: Any) -> Callable[[str], Any]:
    """Return whose an order is."""

    def asked(ref: str) -> Any:
        query = "SELECT person_id FROM marketplace.order_group WHERE ref = :ref"
        return db.execute(text(query), {"ref": ref}).scalar_one()

    return asked
