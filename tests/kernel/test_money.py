"""Money: exact, whole, and re-adding."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import CURRENCIES, CurrencyMismatch, Money, half_up, total

minor = st.integers(-(10**15), 10**15)
currency = st.sampled_from(sorted(CURRENCIES))


@pytest.mark.parametrize(
    ("amount", "code", "expected"),
    [("12.50", "EUR", 1250), ("1200", "JPY", 1200), ("1.234", "KWD", 1234), ("-0.01", "USD", -1)],
)
def test_amounts_become_minor_units_of_their_currency(amount, code, expected):
    assert Money.of(amount, code).minor == expected


@pytest.mark.parametrize(
    ("amount", "code"),
    [("1.5", "JPY"), ("0.001", "EUR"), ("x", "EUR"), ("NaN", "EUR"), ("Infinity", "EUR")],
)
def test_amounts_that_do_not_fit_are_refused(amount, code):
    with pytest.raises(ValueError, match=r"digits|amount"):
        Money.of(amount, code)


def test_floats_and_unknown_currencies_are_refused():
    with pytest.raises(TypeError):
        Money(1.0, "EUR")
    with pytest.raises(ValueError, match="unknown currency"):
        Money(1, "XXX")
    with pytest.raises(TypeError):
        Money(True, "EUR")


def test_two_currencies_never_meet_in_one_sum():
    with pytest.raises(CurrencyMismatch):
        Money(1, "EUR") + Money(1, "USD")


@given(minor, currency)
def test_the_decimal_amount_reads_back(value, code):
    money = Money(value, code)
    assert Money.of(money.amount, code) == money


@given(minor, currency, st.lists(st.integers(0, 10**6), min_size=1, max_size=9))
def test_parts_readd_and_differ_from_their_share_by_less_than_a_unit(value, code, weights):
    if sum(weights) == 0:
        weights[0] = 1
    money = Money(value, code)
    parts = money.split(weights)
    assert total(parts, code) == money
    for part, weight in zip(parts, weights, strict=True):
        assert abs(Fraction(value * weight, sum(weights)) - part.minor) < 1


def test_missing_units_go_to_the_largest_remainder_then_to_the_earlier_part():
    assert [p.minor for p in Money(100, "EUR").split([1, 1, 1])] == [34, 33, 33]
    assert [p.minor for p in Money(-100, "EUR").split([1, 1, 1])] == [-34, -33, -33]


@pytest.mark.parametrize(
    ("value", "expected"),
    [("0.5", 1), ("-0.5", -1), ("1.4999", 1), ("2.5", 3), ("-2.5", -3), ("0", 0)],
)
def test_half_goes_away_from_zero(value, expected):
    assert half_up(Decimal(value)) == expected


@given(st.fractions())
def test_rounding_is_never_off_by_more_than_half(value):
    assert abs(half_up(value) - value) <= Fraction(1, 2)
