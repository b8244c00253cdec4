"""Statements of any days, ordered by a press: written at once, or by a job, or refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from banking.online.statements import queries, rules, service
from banking.online.statements.errors import StatementInTheMaking, StatementTooLong
from banking.online.statements.rules import Format
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.ids import new_id
from kernel.jobs import drain
from tests.banking.online.statements.lived_months import NS, pay, read_camt


def order(wallet, since, until, kind=Format.CAMT, key=None):
    return service.order_file(
        key=key or new_id(),
        wallet_id=wallet.id,
        since=since,
        until=until,
        kind=kind,
        locale="en",
        actor=SYSTEM,
    )


def file_of(made):
    with reading():
        return queries.order_paper(made)


def test_any_days_are_written_at_once_and_what_comes_later_is_not_in_them(lived):
    made = order(lived, date(2026, 9, 30), date(2026, 11, 20))
    before = file_of(made)
    pay(lived, "1")

    assert made.ready_at is not None
    assert (made.entries, made.sequence) == (2, None)
    assert file_of(made) == before
    statement, balances, entries = read_camt(before.content)
    assert balances == {"OPBD": Decimal("1000.00"), "CLBD": Decimal("679.50")}
    assert [amount for _, amount in entries] == [Decimal("-120.50"), Decimal("-200.00")]
    assert statement.find("c:ElctrncSeqNb", NS) is None


def test_the_same_press_orders_once(lived):
    key = new_id()
    days = (date(2026, 9, 1), date(2026, 9, 30))

    assert order(lived, *days, key=key) == order(lived, *days, key=key)


def test_days_that_are_a_closed_month_bear_its_number(closed):
    made = order(closed, date(2026, 10, 1), date(2026, 10, 31))

    assert made.sequence == 2
    _, balances, entries = read_camt(file_of(made).content)
    assert balances == {"OPBD": Decimal("879.50"), "CLBD": Decimal("879.50")}
    assert entries == []


def test_a_long_file_is_written_by_a_job(lived, monkeypatch):
    monkeypatch.setattr(rules, "AT_ONCE", 1)

    made = order(lived, date(2026, 9, 1), date(2026, 11, 20))
    assert made.ready_at is None
    with pytest.raises(StatementInTheMaking):
        file_of(made)
    drain()

    with reading():
        assert queries.order(order_id=made.id).ready_at is not None
    _, balances, _ = read_camt(file_of(made).content)
    assert balances["CLBD"] == Decimal("679.50")


def test_more_than_a_kind_of_file_carries_is_refused(lived, monkeypatch):
    monkeypatch.setattr(rules, "MOST", {**rules.MOST, Format.PDF: 2})

    with pytest.raises(StatementTooLong) as refused:
        order(lived, date(2026, 9, 1), date(2026, 11, 20), Format.PDF)
    assert refused.value.data == {"most": 2}
