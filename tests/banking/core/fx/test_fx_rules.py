"""Rates and exchanges in plain values."""

from __future__ import annotations

import hashlib
import hmac
import random
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banking.core.fx import rules
from banking.core.fx.errors import AmountTooSmall, NoRate, StaleRate
from banking.core.fx.rules import Peg, RateTable, Reference
from kernel.ids import new_id
from kernel.money import CURRENCIES, Money

ON = date(2026, 10, 30)
PER_EURO = {"USD": "1.1172", "JPY": "175.68", "GBP": "0.8338", "KRW": "1491.76", "TRY": "55.8015"}


def make_table(*, on: date = ON, rate_on: date = ON, max_age_days: int = 7) -> RateTable:
    references = {
        currency: Reference(currency, Decimal(figure), rate_on, "ecb", "ECB.", max_age_days)
        for currency, figure in PER_EURO.items()
    }
    pegs = {
        "AED": Peg("AED", "USD", Decimal("3.6725"), "CBUAE."),
        "BHD": Peg("BHD", "USD", Decimal("0.376"), "CBB."),
    }
    return RateTable(on, references, pegs)


@pytest.mark.parametrize(
    ("base", "quote", "ratio"),
    [
        ("EUR", "USD", Fraction("1.1172")),
        ("USD", "EUR", 1 / Fraction("1.1172")),
        ("USD", "JPY", Fraction("175.68") / Fraction("1.1172")),
        ("AED", "USD", 1 / Fraction("3.6725")),
        ("EUR", "AED", Fraction("1.1172") * Fraction("3.6725")),
        ("AED", "BHD", Fraction("0.376") / Fraction("3.6725")),
        ("GBP", "GBP", Fraction(1)),
    ],
)
def test_cross_rates_are_exact(base, quote, ratio):
    assert make_table().rate(base, quote).ratio == ratio


def test_a_cross_rate_names_its_sources_and_its_day():
    rate = make_table().rate("JPY", "AED")

    assert (rate.rate_on, rate.source, rate.attribution) == (ON, "ecb", "ECB. CBUAE.")


@pytest.mark.parametrize(("days", "is_old"), [(0, False), (5, False), (6, True), (55, True)])
def test_a_rate_is_old_once_no_weekend_or_holiday_explains_its_age(days, is_old):
    rate = make_table().rate("EUR", "USD")

    assert rate.is_old(ON + timedelta(days=days)) is is_old


def test_a_currency_without_a_publisher_has_no_rate():
    with pytest.raises(NoRate) as refused:
        make_table().rate("EUR", "KWD")

    assert refused.value.data == {"base": "EUR", "quote": "KWD"}


@pytest.mark.parametrize(
    ("on", "is_usable"), [(date(2026, 11, 6), True), (date(2026, 11, 7), False)]
)
def test_a_rate_beyond_its_age_is_refused(on, is_usable):
    table = make_table(on=on)

    assert table.knows("USD") is is_usable
    assert table.knows("AED") is is_usable, "a peg is as old as its anchor"
    if not is_usable:
        with pytest.raises(StaleRate) as refused:
            table.rate("EUR", "AED")
        assert refused.value.data["rate_on"] == ON


@pytest.mark.parametrize(
    ("money", "to", "expected"),
    [
        (Money.of("12.50", "EUR"), "USD", Money(1397, "USD")),  # 13.965 goes up
        (Money.of("12.50", "EUR"), "JPY", Money(2196, "JPY")),
        (Money.of("10.00", "EUR"), "BHD", Money(4201, "BHD")),
        (Money.of(["175", "68"][0], "JPY"), "EUR", Money(100, "EUR")),
        (Money.of("1.000", "BHD"), "JPY", Money(418, "JPY")),
        (Money.of("-12.50", "EUR"), "USD", Money(-1397, "USD")),
        (Money.of("5.00", "EUR"), "EUR", Money(500, "EUR")),
    ],
)
def test_converting_rounds_half_up_once(money, to, expected):
    rate = make_table().rate(money.currency, to)

    assert rules.convert(money, to, rate) == expected
    assert rules.convert(money, to, rate.inverse() if to != money.currency else rate) == expected


def test_giving_an_amount_takes_the_margin_first_and_changes_the_rest():
    made = rules.sell(Money.of("500.00", "EUR"), "JPY", Fraction("175.68"), Fraction(45, 10_000))

    assert made.spread == Money.of("2.25", "EUR")
    assert made.principal == Money.of("497.75", "EUR")
    assert made.bought == Money(87444, "JPY")  # 497.75 x 175.68 = 87,444.72
    assert (made.position, made.buy_rounding) == (Money(87445, "JPY"), Money(1, "JPY"))


def test_receiving_an_amount_costs_its_price_rounded_up_and_the_margin():
    made = rules.buy(Money(88_000, "JPY"), "EUR", Fraction("175.68"), Fraction(45, 10_000))

    assert made.bought == made.position == Money(88_000, "JPY")
    assert made.principal == Money.of("500.91", "EUR")  # 500.9107
    assert made.sell_rounding == Money.of("0.01", "EUR")
    assert made.spread == Money.of("2.26", "EUR")
    assert made.sold == Money.of("503.18", "EUR")


def test_an_amount_worth_less_than_one_unit_is_not_exchanged():
    with pytest.raises(AmountTooSmall):
        rules.sell(Money(14, "KRW"), "EUR", 1 / Fraction("1491.76"), Fraction(0))


def test_ten_thousand_exchanges_round_by_at_most_one_minor_unit_and_never_for_nothing():
    dice = random.Random(20261125)
    table = make_table()
    rated = [*PER_EURO, "EUR", "AED", "BHD"]
    checked = 0
    while checked < 10_000:
        sell, buy = dice.sample(rated, 2)
        margin = Fraction(dice.randrange(0, 300), 10_000)
        rate = table.rate(sell, buy)
        amount = dice.choice([dice.randrange(1, 100), dice.randrange(1, 10**9)])
        try:
            made = (
                rules.sell(Money(amount, sell), buy, rate.ratio, margin)
                if dice.random() < 0.5
                else rules.buy(Money(amount, buy), sell, rate.ratio, margin)
            )
        except AmountTooSmall:
            continue
        checked += 1
        assert made.principal + made.spread + made.sell_rounding == made.sold
        assert made.bought + made.buy_rounding == made.position
        assert 0 <= made.sell_rounding.minor <= 1
        assert 0 <= made.buy_rounding.minor <= 1
        worth = Fraction(made.bought.minor, 10 ** CURRENCIES[buy]) / rate.ratio
        assert worth <= Fraction(made.sold.minor, 10 ** CURRENCIES[sell]), "never money for nothing"


@given(
    whole=st.integers(1, 10**12),
    of=st.integers(1, 10**9),
    cuts=st.lists(st.integers(1, 10**9), max_size=6),
)
def test_shares_of_parts_re_add_to_the_whole(whole, of, cuts):
    edges = sorted({0, of, *(cut % of for cut in cuts)})
    parts = [b - a for a, b in pairwise(edges)]

    before, total = 0, 0
    for part in parts:
        total += rules.share(
            Money(whole, "EUR"), Money(part, "JPY"), Money(of, "JPY"), before=Money(before, "JPY")
        ).minor
        before += part

    assert total == whole


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Fraction("175.68"), "175.6800"),
        (1 / Fraction("175.68"), "0.005692168"),
        (Fraction(20275), "20275.00"),
    ],
)
def test_rates_are_read_with_seven_significant_digits(value, expected):
    assert rules.significant(value) == Decimal(expected)


@pytest.mark.parametrize("name", ["id", "buy_minor", "mid", "valid_until"])
def test_every_fact_of_a_quote_is_under_its_signature(name):
    facts = {"id": new_id(), "buy_minor": 87445, "mid": "17568/100", "valid_until": 1_780_000_000}
    mark = rules.signature(b"key", facts=facts)

    altered = rules.signature(b"key", facts=facts | {name: "other"})

    assert not rules.same_signature(mark, altered)
    assert rules.same_signature(mark, rules.signature(b"key", facts=facts))
    assert not rules.same_signature(mark, rules.signature(b"other key", facts=facts))


def test_a_quote_is_marked_by_this_and_no_other_record():
    # Quotes that were given out are checked by it: the record may not change.
    record = b"20:entrepot fx quote v1" + b"3:a=1" + b"5:b=two"

    mark = rules.signature(b"key", facts={"b": "two", "a": 1})

    assert mark == hmac.new(b"key", record, hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Fraction(1_000_000), "1000000"),  # seven digits as it is
        (Fraction(999_999), "999999.0"),
        (Fraction(3, 2), "1.500000"),
    ],
)
def test_a_rate_has_seven_digits_and_no_eighth(value, written):
    assert str(rules.significant(value)) == written


def test_a_rate_is_read_to_people_with_seven_digits():
    assert str(make_table().rate("EUR", "JPY").mid) == "175.6800"


def test_a_rate_read_the_other_way_round_is_its_inverse():
    rate = make_table().rate("EUR", "JPY").inverse()

    assert (rate.base, rate.quote, rate.ratio) == ("JPY", "EUR", 1 / Fraction("175.68"))


def test_a_currency_against_itself_has_no_publisher():
    assert make_table().rate("GBP", "GBP") == rules.Rate(
        "GBP", "GBP", Fraction(1), ON, "identity", ""
    )


@pytest.mark.parametrize(("base", "quote"), [("USD", "JPY"), ("JPY", "USD")])
def test_a_cross_rate_is_as_old_as_its_older_leg(base, quote):
    earlier = ON - timedelta(days=2)
    table = RateTable(
        ON,
        {
            "USD": Reference("USD", Decimal("1.1172"), ON, "newer", "", 7),
            "JPY": Reference("JPY", Decimal("175.68"), earlier, "older", "", 7),
        },
        {},
    )

    rate = table.rate(base, quote)

    assert (rate.rate_on, rate.source) == (earlier, "older")
