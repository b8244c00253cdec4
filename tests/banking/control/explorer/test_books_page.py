"""The operator's page of the books."""

from __future__ import annotations

from kernel.actor import Role
from kernel.money import Money
from tests.asking import says
from tests.banking.bank_objects import make_wallet, top_up


def test_the_operator_sees_a_trial_balance_that_sums_to_zero(make_person, as_):
    top_up(make_wallet(currency="EUR"), Money.of("12.50", "EUR"))
    operator = make_person(roles=frozenset({Role.BUYER, Role.OPERATOR}))

    answer = as_(operator).get("/en/bank/books/")

    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    assert says(page, "The books add up.")
    assert says(page, "Due from the card network")


def test_the_books_are_closed_to_customers(make_person, as_):
    assert as_(make_person()).get("/en/bank/books/").status_code == 403
