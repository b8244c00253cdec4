"""Money of customers, what of it did not arrive, and the days that are computed of it."""

from __future__ import annotations

from datetime import date

from banking.control.safeguarding import queries, service
from banking.core.ledger import service as ledger
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.money import Money
from tests.banking.bank_objects import book, house, make_wallet

SUNDAY, MONDAY = date(2026, 11, 1), date(2026, 11, 2)


def deposit(amount, *, missing="0.00", currency="EUR"):
    """Give a customer money of which so much did not reach the safeguarding account."""
    wallet = make_wallet(currency=currency)
    money, lost = Money.of(amount, currency), Money.of(missing, currency)
    legs = [
        ledger.Leg(wallet.account, money),
        ledger.Leg(house("safeguarding_bank", currency), lost - money),
        ledger.Leg(house("card_fees", currency), -lost),
    ]
    book(*(leg for leg in legs if leg.amount))
    return wallet


def compute(clock, on="2026-11-02T06:00"):
    clock(on)
    return service.compute_days(actor=SYSTEM)


def days():
    with reading():
        return {(day.on, day.requirement.currency): day for day in queries.days()}


def of_kind(outbox, kind):
    return [event for event in outbox() if isinstance(event, kind)]


def open_one():
    with reading():
        (found,) = queries.open_top_ups()
    return found
