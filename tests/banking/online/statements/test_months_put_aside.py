"""Months whose entries were put aside: still proved, told by name, and never told as zero."""

from __future__ import annotations

from datetime import date

import pytest
from bank_objects import eur, make_wallet, transfer, verified
from sqlalchemy import text

from banking.core.ledger.errors import PutAside
from banking.online.statements import fees, proofs, queries, service
from banking.online.statements.rules import Format
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.ids import new_id
from tests.asking import problem_code
from tests.banking.online.statements.lived_months import months_of, paper, period_of
from tests.banking.years import NEXT, let_a_year_begin, put_aside, roll_up

pytestmark = pytest.mark.usefixtures("numbers_go_back")
MARCH, LATER = date(2020, 3, 1), date(NEXT - 1, 10, 1)
NOW = f"{NEXT - 1}-12-01T10:00"


@pytest.fixture
def owner(make_person):
    return make_person()


@pytest.fixture
def wallet(db, clock, owner):
    """A wallet that moved in March 2020 alone; its months are closed till two months ago."""
    clock("2020-03-01T10:00")
    sleeping = make_wallet("100", owner_id=owner.person_id)
    transfer(sleeping, make_wallet(), eur("30.50"))
    clock(f"{NEXT - 1}-10-02T10:00")
    service.close_months(wallet_id=sleeping.id, actor=SYSTEM)
    let_a_year_begin(db)
    roll_up(db)
    assert put_aside() == 1
    clock(NOW)
    return sleeping


def test_closed_months_of_a_year_that_was_put_aside_are_proved_all_the_same(wallet, db):
    is_good, words = proofs.PROOF.prove()
    assert is_good, words
    assert verified().balanced


@pytest.mark.parametrize(
    "change",
    [
        "opening_minor = opening_minor + 1, closing_minor = closing_minor + 1 WHERE sequence = 2",
        "closing_minor = closing_minor + 1 WHERE sequence = 1",
        "entries = 3 WHERE sequence = (SELECT max(sequence) FROM banking.statements)",
    ],
)
def test_a_month_that_is_not_as_it_was_closed_is_found_there_too(wallet, db, change):
    db.execute(text("SET LOCAL ROLE NONE"))
    db.execute(text("SET LOCAL session_replication_role = replica"))
    db.execute(text(f"UPDATE banking.statements SET {change}"))
    assert not proofs.PROOF.prove()[0]


def test_money_that_sleeps_stands_in_the_months_that_come(wallet):
    assert service.close_months(wallet_id=wallet.id, actor=SYSTEM) == 2
    assert months_of(wallet)[-2:] == [
        (len(months_of(wallet)) - 1, LATER, 6950, 6950, 0),
        (len(months_of(wallet)), date(NEXT - 1, 11, 1), 6950, 6950, 0),
    ]
    assert proofs.PROOF.prove()[0]
    assert period_of(wallet, LATER).closing == eur("69.50")


def test_a_file_of_days_after_it_begins_with_what_was_there(wallet):
    transfer(wallet, make_wallet(), eur("9.50"))
    made = ordered(wallet, date(NEXT - 1, 11, 5), date(NEXT - 1, 12, 1))
    with reading():
        period = queries.order_period(made)
    assert (period.opening, period.closing) == (eur("69.50"), eur("60"))


def test_a_month_that_was_put_aside_is_refused_by_name(wallet, as_, owner):
    assert paper(wallet, date(2020, 4, 1), Format.CSV).content, "nothing moved in it"
    with pytest.raises(PutAside) as refused:
        paper(wallet, MARCH, Format.CSV)
    assert refused.value.data["since"] == date(2020, 3, 2)
    with pytest.raises(PutAside):
        ordered(wallet, date(2020, 3, 1), date(2020, 6, 1))
    page = as_(owner).get("/en/bank/statements/eur/2020-03/csv")
    assert (page.status_code, problem_code(page)) == (404, "books_put_aside")


def test_fees_of_a_year_that_was_put_aside_are_not_told_as_none(wallet, owner):
    with reading(), pytest.raises(PutAside):
        fees.fee_page(owner, account=None, year=2020)
    with reading():
        assert fees.fee_page(owner, account=None, year=2021).lines == []


def ordered(wallet, since, until):
    return service.order_file(
        key=new_id(),
        wallet_id=wallet.id,
        since=since,
        until=until,
        kind=Format.CSV,
        locale="en",
        actor=SYSTEM,
    )
