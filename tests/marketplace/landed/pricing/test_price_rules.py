from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import Money
from marketplace.landed.pricing import rules
from marketplace.landed.pricing.rules import Origin, Step, UsableRate

EUR = (Step(0, 1, 0), Step(500, 10, 1), Step(2500, 50, 1), Step(10000, 100, 1))
JPY = (Step(0, 1, 0), Step(500, 10, 0), Step(10000, 100, 20))


def rate(ratio):
    return UsableRate(Fraction(ratio), "test", date(2026, 11, 24))


def shown(home, currency, ratio=None, own=None, steps=()):
    return rules.displayed_price(
        home=home,
        own=own or {},
        currency=currency,
        rate=rate(ratio) if ratio else None,
        steps=steps,
    )


@pytest.mark.parametrize(
    ("exact", "steps", "rounded"),
    [
        ("437", EUR, 437),
        ("500", EUR, 499),
        ("1233", EUR, 1229),
        ("1234", EUR, 1239),
        ("2523", EUR, 2499),
        ("2525", EUR, 2549),
        ("4989", EUR, 4999),
        ("10048", EUR, 9999),
        ("10049", EUR, 10099),
        ("0.2", EUR, 1),
        ("0.2", (), 1),
        ("12.5", (), 13),
        ("1049.5", (Step(0, 100, 1),), 1099),
        ("1048.5", (Step(0, 100, 1),), 999),
        ("1.5", (Step(0, 2, 1),), 1),  # a charmed price of one unit is a price
        ("8924", JPY, 8920),
        ("12328", JPY, 12280),
        ("12331", JPY, 12380),
    ],
)
def test_converted_prices_look_like_prices(exact, steps, rounded):
    step = rules.step_for(Fraction(exact), steps)

    assert rules.charmed(Fraction(exact), step) == rounded


def test_the_vendors_own_currency_is_shown_as_typed():
    price = shown(Money(8937, "JPY"), "JPY", steps=JPY)

    assert price.money == Money(8937, "JPY")
    assert price.provenance.origin is Origin.VENDOR


def test_a_price_typed_for_the_currency_wins_over_the_rate():
    price = shown(Money(8900, "JPY"), "EUR", "0.00625", own={"EUR": 4321}, steps=EUR)

    assert (price.money, price.is_converted) == (Money(4321, "EUR"), False)


def test_a_converted_price_names_rate_source_and_day():
    price = shown(Money(8900, "JPY"), "EUR", "0.00625", steps=EUR)

    assert price.money == Money(5549, "EUR")  # 55.625, nearest x.49 or x.99
    assert price.provenance.vendor_price == Money(8900, "JPY")
    assert (price.provenance.ratio, price.provenance.source) == (Fraction("0.00625"), "test")


def test_without_a_rate_there_is_no_price_never_an_unconverted_one():
    assert shown(Money(1000, "USD"), "JPY") is None


@pytest.mark.parametrize(
    ("home", "currency", "ratio", "minor"),
    [
        (Money(1000, "USD"), "JPY", "150", 1500),
        (Money(1500, "JPY"), "USD", "1/150", 1000),
        (Money(1000, "USD"), "KWD", "0.3", 3000),
        (Money(3000, "KWD"), "JPY", "500", 1500),
    ],
)
def test_digits_of_both_currencies_are_respected(home, currency, ratio, minor):
    assert shown(home, currency, ratio).money == Money(minor, currency)


def test_sorting_goes_by_the_exact_conversion():
    assert rules.euro_minor(Money(8900, "JPY"), {}, rate("0.00625")) == 5563
    assert rules.euro_minor(Money(8900, "JPY"), {"EUR": 4321}, None) == 4321
    assert rules.euro_minor(Money(4321, "EUR"), {}, None) == 4321
    assert rules.euro_minor(Money(8900, "JPY"), {}, None) is None


@given(exact=st.fractions(min_value=Fraction(1), max_value=10**9))
def test_rounding_never_moves_a_price_by_more_than_half_a_step_and_the_charm(exact):
    step = rules.step_for(exact, EUR)

    rounded = rules.charmed(exact, step)

    assert rounded >= 1
    assert abs(rounded - exact) <= Fraction(step.step_minor, 2)


@given(a=st.integers(1, 10**7), b=st.integers(1, 10**7))
def test_a_dearer_thing_is_never_shown_cheaper_within_one_step(a, b):
    low, high = sorted((a, b))
    step = Step(0, 50, 1)

    assert rules.charmed(Fraction(low), step) <= rules.charmed(Fraction(high), step)
