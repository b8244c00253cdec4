"""The rules alone: what is owed and what is there, which days are over, who is a second person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banking import api as bank
from banking.control.safeguarding import queries, rules
from banking.control.safeguarding.rules import Part, Side
from kernel.four_eyes import OwnProposal, check_second_person
from kernel.ids import new_id
from kernel.money import Money
from tests.banking.bank_objects import eur
from tests.banking.control.safeguarding.safeguarded_days import MONDAY, SUNDAY


@given(
    st.lists(st.tuples(st.sampled_from(["owed", "resource"]), st.integers(-900, 900)), max_size=6),
    st.lists(st.integers(-900, 900), max_size=6),
)
def test_what_lies_outside_is_the_difference_whatever_the_books_hold(inside, outside):
    """In the ledger all accounts of a currency sum to zero; the last one here makes them so."""
    parts = [
        Part(kind=f"k{n}", side=Side(side), amount=Money(amount, "EUR"))
        for n, (side, amount) in enumerate(inside)
    ]
    owed, there = (
        sum(p.amount.minor for p in parts if p.side is side) for side in (Side.OWED, Side.RESOURCE)
    )
    rest = [*outside, there - owed - sum(outside)]
    parts += [
        Part(kind=f"o{n}", side=Side.OUTSIDE, amount=Money(amount, "EUR"))
        for n, amount in enumerate(rest)
    ]

    for position in rules.positions(parts):
        assert sum(part.amount.minor for part in position.outside) == position.difference.minor
        assert position.difference == position.surplus - position.shortfall


def test_every_account_the_rule_names_is_one_the_ledger_knows_or_will():
    rows = queries.house_scope()

    known = {kind.value for kind in bank.AccountKind} | {
        "wallet_suspense",
        "late_credit",
        "rail_clearing",
        "rail_nostro",
    }
    assert {row["kind"] for row in rows} <= known
    assert all(len(row["source"].split()) > 4 for row in rows)


@given(st.lists(st.tuples(st.sampled_from(Side), st.integers(-1000, 1000)), max_size=20))
def test_what_is_short_or_beyond_is_exactly_the_difference(parts):
    listed = [
        Part(kind=f"k{n}", side=side, amount=Money(minor, "EUR"))
        for n, (side, minor) in enumerate(parts)
    ]

    for position in rules.positions(listed):
        assert position.surplus - position.shortfall == position.resource - position.requirement
        assert min(position.surplus, position.shortfall) == eur(0)


@pytest.mark.parametrize(
    ("last", "expected"),
    [(None, 1), (SUNDAY, 0), (SUNDAY - timedelta(days=1), 1), (SUNDAY - timedelta(days=900), 5)],
)
def test_days_are_computed_once_they_are_over(last, expected):
    found = rules.days_to_compute(last, today=MONDAY, most=5)

    assert len(found) == expected
    assert all(day < MONDAY for day in found)


def test_two_people_are_two():
    one, other = new_id(), new_id()

    check_second_person(maker=one, checker=other)
    for maker, checker in ((one, one), (one, None)):
        with pytest.raises(OwnProposal):
            check_second_person(maker=maker, checker=checker)
