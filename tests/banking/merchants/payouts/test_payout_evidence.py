"""What a payout holds: every entry since the one before; it adds up and cannot be changed."""

from __future__ import annotations

import pytest
from bank_objects import eur, make_wallet, transfer
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from banking.merchants.payouts.rules import Cadence, Schedule
from kernel.db import reading, session
from tests.banking.merchants.payouts.conftest import company_of, earn, ready, wallet_of, work
from tests.banking.merchants.payouts.paying_out import keep, pay_now


def vars_of(made):
    return {"wallet": made.wallet_id, "after": made.after_entry, "upto": made.upto_entry}


def test_a_payout_holds_every_entry_since_the_one_before_and_adds_up(vendor):
    ready(vendor, Schedule(Cadence.BY_HAND))
    earn(company_of(vendor), "100", fee="8")
    pay_now(vendor)
    work()
    earn(company_of(vendor), "50")
    transfer(wallet_of(vendor), make_wallet(), eur(20))
    keep(vendor, "5")

    made = pay_now(vendor)

    with reading() as current:
        moved = current.execute(
            text(
                "SELECT coalesce(sum(amount), 0) FROM banking.entries e"
                " JOIN banking.wallets w ON w.account_id = e.account_id"
                " WHERE w.id = :wallet AND e.phase = 1 AND e.id > :after AND e.id <= :upto"
            ),
            vars_of(made),
        ).scalar_one()
        assert made.opening.minor + int(moved) == eur(30).minor
    assert (made.opening, made.available, made.amount) == (eur(92), eur(25), eur(25))


@pytest.mark.parametrize("table", ["payout_turns", "payout_steps"])
def test_turns_and_steps_are_evidence(vendor, table):
    ready(vendor)
    earn(company_of(vendor), "100")
    pay_now(vendor)

    with reading(), pytest.raises(DBAPIError, match="permission denied"), session().begin_nested():
        session().execute(text(f"DELETE FROM banking.{table}"))


def test_the_table_refuses_a_payout_that_does_not_add_up(vendor):
    ready(vendor)
    earn(company_of(vendor), "100")
    pay_now(vendor)

    with reading(), pytest.raises(DBAPIError, match="adds_up"), session().begin_nested():
        session().execute(text("UPDATE banking.payouts SET amount_minor = amount_minor + 1"))
