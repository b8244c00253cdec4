"""How a vendor's turn is taken, asked for by hand, and what it finds to pay."""

from __future__ import annotations

from bank_objects import eur

from banking import api as bank
from banking.accounts.wallets import service as wallets
from banking.merchants.payouts import payout_runs, queries, running
from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.ids import new_id
from tests.banking.merchants.payouts.conftest import company_of, earn, fund, pass_time, wallet_of


def run(vendor):
    """Take the turn of the day."""
    return running.take_turns(currency="EUR", vendor_ids=[company_of(vendor)], actor=SYSTEM)


def pay_now(vendor, key=None):
    return running.pay_now(
        vendor_id=company_of(vendor), currency="EUR", key=key or new_id(), actor=vendor
    )


def plan_of(vendor):
    with reading():
        return queries.plan(vendor_id=company_of(vendor), currency="EUR")


def turn_of(vendor):
    with reading():
        return payout_runs.last_turns(vendor_id=company_of(vendor))["EUR"]


def day_after(vendor, days=1):
    pass_time(days=days)
    return run(vendor)


def keep(vendor, amount):
    """Hold money of a vendor for something else."""
    wallets.hold(
        key=new_id(),
        wallet_id=wallet_of(vendor).id,
        amount=eur(amount),
        reason="test",
        subject="T",
        expires_at=house_clock.now().replace(year=2027),
        actor=SYSTEM,
    )


def trouble(vendor, count=5):
    """Let a vendor have orders of which one is disputed."""
    for _ in range(count - 1):
        earn(company_of(vendor), "10")
    disputed = fund(company_of(vendor), "10")
    bank.freeze_escrow(order_ref=disputed, amount=eur(10), actor=SYSTEM)
