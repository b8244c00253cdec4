"""A posting outside of any command: one statement, whole or not at all, connection clean."""

from __future__ import annotations

import pytest
from bank_objects import available, eur, make_wallet, transfer
from sqlalchemy import text

from banking import api as bank
from kernel.actor import SYSTEM
from kernel.db import QueryCount, counting_queries, engine, reading, session, transaction


def audited() -> int:
    with reading():
        query = text("SELECT count(*) FROM kernel.audit WHERE command LIKE '%post'")
        return session().execute(query).scalar_one()


def sent(act) -> QueryCount:
    with counting_queries() as count:
        act()
    return count


def test_it_is_committed_without_a_second_statement(own_database):
    payer, payee = make_wallet("100"), make_wallet()

    count = sent(lambda: transfer(payer, payee, eur("10")))

    assert len(count) == 0, "the session was not needed; the driver sent the one statement"
    assert (available(payer), available(payee)) == (eur("90"), eur("10"))
    assert audited() == 0


def test_a_refusal_leaves_nothing_and_a_clean_connection(own_database):
    payer, payee = make_wallet("5"), make_wallet()
    for _ in range(20):
        with pytest.raises(bank.InsufficientFunds):
            transfer(payer, payee, eur("10"))
    assert engine().pool.checkedout() == 0
    transfer(payer, payee, eur("5"))
    assert available(payee) == eur("5")


def test_inside_a_command_it_goes_with_the_command(own_database):
    payer, payee = make_wallet("100"), make_wallet()

    def pay_and_fail() -> None:
        with transaction(name="test", actor=SYSTEM):
            transfer(payer, payee, eur("10"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pay_and_fail()

    assert available(payer) == eur("100")
    with transaction(name="test", actor=SYSTEM):
        count = sent(lambda: transfer(payer, payee, eur("10")))
    assert len(count) == 1
    assert available(payer) == eur("90")
