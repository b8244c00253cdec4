"""A Wednesday morning with the bank's terms, and people with wallets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from bank_objects import make_customer, make_wallet

from banking import api as bank
from banking.authorisation.approvals import service as approvals
from banking.authorisation.payees.queries import target
from banking.core.rail import service as rail
from banking.transferring.transfers import carrying, queries, service
from kernel import clock as house_clock
from kernel.actor import SYSTEM, Actor
from kernel.db import reading
from kernel.events import decode, handlers
from kernel.ids import new_id
from kernel.money import Money

OUTSIDE, OUTSIDE_NAME = "FR1420041010050500013M02606", "Amélie Dupont"


@pytest.fixture(autouse=True)
def morning(db: Any, clock: Callable[[str], Any]) -> None:
    """Wednesday, ten o'clock in Brussels."""
    clock("2026-11-25T09:00")
    approvals.load_reference_data(actor=SYSTEM)


@pytest.fixture
def payer(make_person: Callable[..., Actor]) -> Actor:
    """Somebody the bank knows well, with 1,000 euro."""
    actor = make_person(email="camille@example.com")
    make_customer(owner_id=actor.person_id)
    make_wallet("1000", owner_id=actor.person_id)
    return actor


@pytest.fixture
def payee(make_person: Callable[..., Actor], db: Any) -> Actor:
    """Somebody with an empty wallet, called Camille Martin as everybody here."""
    actor = make_person(email="noor@example.com")
    make_wallet("0", owner_id=actor.person_id)
    return actor


def wallet_of(actor: Actor, currency: str = "EUR") -> bank.WalletView:
    with reading():
        found = bank.wallet_for(owner_id=actor.person_id, currency=currency)
    assert found is not None
    return found


def drafted(
    payer: Actor,
    account: str,
    amount: Money | None = None,
    *,
    name: str = "Camille Martin",
    words: str = "",
    due_on: Any = None,
    key: Any = None,
) -> queries.TransferView:
    """Draft a transfer up to its check page."""
    found = service.begin(
        key=key or new_id(),
        owner_id=payer.person_id,
        account=target(account),
        name=name,
        actor=payer,
    )
    if amount is None:
        return found
    return service.say_amount(
        ref=found.ref,
        owner_id=payer.person_id,
        amount=amount,
        reference=words,
        due_on=due_on,
        actor=payer,
    )


def confirmed(payer: Actor, found: queries.TransferView, **how: bool) -> queries.TransferView:
    return service.confirm(ref=found.ref, owner_id=payer.person_id, actor=payer, **how)


def approve(payer: Actor, found: queries.TransferView) -> queries.TransferView:
    assert found.approval_id is not None
    approvals.give(approval_id=found.approval_id, method="totp", actor=payer)
    return now(found)


def now(found: queries.TransferView) -> queries.TransferView:
    with reading():
        return queries.transfer(transfer_id=found.id)


def pass_time(**by: int) -> None:
    """Let business time pass and do what the jobs of the bank do meanwhile."""
    house_clock.freeze(house_clock.now() + timedelta(**by))
    with reading():
        due, ready, late = queries.due(), queries.to_hand_over(), queries.overdue_approvals()
    from banking.transferring.transfers.jobs import _end

    for one in due:
        carrying.carry_out(transfer_id=one, actor=SYSTEM)
    for one in ready:
        carrying.hand_over(transfer_id=one)
    for one in late:
        _end(one)
    rail.collect()
    deliver("banking.rail.booked.v1")


def deliver(name: str) -> None:
    """Run every handler of every event of a kind, as often as this is called."""
    from sqlalchemy import text

    from kernel.db import transaction

    with reading() as current:
        rows = current.execute(
            text("SELECT payload FROM kernel.outbox WHERE name = :name ORDER BY seq"),
            {"name": name},
        ).all()
    for row in rows:
        event = decode(name, row.payload)
        for handler in handlers().values():
            if handler.event is type(event):
                with transaction(name="test", actor=SYSTEM):
                    handler.function(event)
