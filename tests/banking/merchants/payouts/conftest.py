"""A vendor with an approved account in another bank, a buyer with money, a Wednesday morning."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from bank_objects import eur, make_wallet
from sqlalchemy import text

from banking import api as bank
from banking.authorisation.approvals import service as approvals
from banking.authorisation.payees.queries import target
from banking.core.rail import service as rail
from banking.merchants.payouts import coming, queries, service
from banking.merchants.payouts.rules import Cadence, Schedule
from banking.transferring.bulk import queries as bulk_queries
from banking.transferring.bulk import service as bulk
from banking.transferring.transfers import carrying
from banking.transferring.transfers import queries as transfers
from kernel import clock as house_clock
from kernel.actor import SYSTEM, Actor
from kernel.db import reading
from kernel.ids import new_id
from tests.banking.transferring.transfers.conftest import deliver

OUTSIDE, OUTSIDE_NAME = "FR1420041010050500013M02606", "Amélie Dupont"
OTHER, OTHER_NAME = "DE89370400440532013000", "Müller & Söhne GmbH"
DAILY = Schedule(Cadence.DAILY)
_refs = count(1)


@pytest.fixture(autouse=True)
def morning(clock: Callable[[str], Any]) -> None:
    """Wednesday, ten o'clock in Luxembourg."""
    clock("2026-11-25T09:00")


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No shop stands above the bank here, so that what is kept for orders is told as it is kept."""
    monkeypatch.setattr(coming, "_tellers", [])


@pytest.fixture
def vendor(db: Any, make_person: Callable[..., Actor]) -> Actor:
    """Somebody who works for a company that sells."""
    return with_company(make_person(email="owner@qinglan.example.com"))


def with_company(person: Actor, name: str = "Qinglan") -> Actor:
    """Give a person a company to work for."""
    approvals.load_reference_data(actor=SYSTEM)
    company = new_id()
    with reading() as current:
        current.execute(
            text(
                "INSERT INTO kernel.organisation (id, name, country, created_at)"
                " VALUES (:id, :name, 'CN', now())"
            ),
            {"id": company, "name": name},
        )
        current.execute(
            text("INSERT INTO kernel.membership (person_id, organisation_id) VALUES (:p, :o)"),
            {"p": person.person_id, "o": company},
        )
        current.commit()
    bank.register_customer(
        owner_id=company, kind="organisation", country="CN", locale="en", actor=SYSTEM
    )
    bank.vouch(owner_id=company, words="A test knows them.", actor=SYSTEM)
    return Actor(
        person_id=person.person_id,
        roles=person.roles,
        organisation_ids=frozenset({company}),
        session_id=person.session_id,
        label=person.label,
        email=person.email,
    )


def company_of(vendor: Actor) -> UUID:
    return next(iter(vendor.organisation_ids))


def named(vendor: Actor, account: str = OUTSIDE, name: str = OUTSIDE_NAME, currency: str = "EUR"):
    """Name an account and approve it; payouts to it may be made a day later."""
    asked = service.name_account(
        key=new_id(),
        vendor_id=company_of(vendor),
        currency=currency,
        account=target(account),
        name=name,
        actor=vendor,
    )
    approvals.give(approval_id=asked.approval_id, method="totp", actor=vendor)
    return asked


def ready(vendor: Actor, schedule: Schedule = DAILY, least: str = "1") -> None:
    """Have an account that is a day old and a plan."""
    now = house_clock.now()
    house_clock.freeze(now - timedelta(days=2))
    named(vendor)
    planned(vendor, schedule, least)
    house_clock.freeze(now)


def planned(vendor: Actor, schedule: Schedule = DAILY, least: str = "1") -> None:
    service.set_plan(
        vendor_id=company_of(vendor),
        currency="EUR",
        schedule=schedule,
        least=eur(least),
        actor=vendor,
    )


def earn(vendor_id: UUID, amount: str, *, fee: str = "", frozen: str = "") -> str:
    """Let a buyer pay an order and release it to the vendor; return the order's reference."""
    ref, buyer = f"V-{next(_refs)}", make_wallet(str(eur(amount).amount * 2))
    fund(vendor_id, amount, ref=ref, buyer=buyer)
    payouts = [
        bank.EscrowPayout(
            amount=eur(amount) - eur(fee or 0) - eur(frozen or 0),
            purpose=bank.Purpose.GOODS,
        )
    ]
    if fee:
        payouts.append(bank.EscrowPayout(amount=eur(fee), purpose=bank.Purpose.COMMISSION))
    bank.release_escrow(key=new_id(), order_ref=ref, payouts=payouts, actor=SYSTEM)
    return ref


def fund(vendor_id: UUID, amount: str, *, ref: str = "", buyer: Any = None) -> str:
    """Let a buyer pay an order that is not released yet."""
    ref = ref or f"V-{next(_refs)}"
    bank.fund_escrow(
        key=new_id(),
        payer_wallet_id=(buyer or make_wallet(amount)).id,
        dues=[],
        shares=[bank.EscrowShare(order_ref=ref, amount=eur(amount), beneficiary_id=vendor_id)],
        subject=f"G-{ref}",
        actor=SYSTEM,
    )
    return ref


def wallet_of(vendor: Actor) -> bank.WalletView:
    with reading():
        found = bank.wallet_for(owner_id=company_of(vendor), currency="EUR")
    assert found is not None
    return found


def now(ref: str) -> queries.PayoutView:
    with reading():
        return queries.payout_by_ref(ref=ref)


def only_payout(vendor: Actor) -> queries.PayoutView:
    with reading():
        (found,) = queries.payouts_of(vendor_id=company_of(vendor))
    return found


def pass_time(**by: int) -> None:
    """Let business time pass and do what the jobs of the bank do meanwhile."""
    work()
    house_clock.freeze(house_clock.now() + timedelta(**by))
    work()


def work() -> None:
    """Book batches, send transfers, hear the rail, and let payouts follow."""
    with reading():
        batches = bulk_queries.due_batches()
    for one in batches:
        bulk.execute(batch_id=one, actor=SYSTEM)
    with reading():
        ready = transfers.to_hand_over()
    for one in ready:
        carrying.hand_over(transfer_id=one)
    rail.collect()
    for name in ("rail.booked", "batch_group.closed", "transfer.changed"):
        deliver(f"banking.{name}.v1")
