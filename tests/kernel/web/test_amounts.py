import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import CURRENCIES, Money
from kernel.text import ascii_digits
from kernel.web.amounts import AmountUnclear, parse_amount, typed_amount
from kernel.web.preferences import LANGUAGES


@pytest.mark.parametrize(
    ("text", "locale", "minor"),
    [
        ("12.50", "en", 1250),
        ("1,234.50", "en", 123450),
        ("1.234,5", "de", 123450),
        ("12,50", "de", 1250),
        ("1 234,50", "fr", 123450),
        ("1\u00a0234,50", "fr", 123450),
        ("١٢٫٥٠", "ar", 1250),
        ("١٬٢٣٤٫٥٠", "ar", 123450),
        ("１２．５", "ja", 1250),
        ("€12", "en", 1200),
        ("12,00 EUR", "de", 1200),
        ("\u200f12.50", "ar", 1250),
        ("-3", "en", -300),
    ],
)
def test_amounts_are_read_as_their_language_writes_them(text, locale, minor):
    assert parse_amount(text, "EUR", locale) == Money(minor, "EUR")


@pytest.mark.parametrize(
    ("text", "currency", "locale"),
    [
        ("12.50", "EUR", "de"),
        ("1,234.56", "EUR", "de"),
        ("1.2.3", "EUR", "en"),
        ("12.505", "EUR", "en"),
        ("12.5", "JPY", "en"),
        ("", "EUR", "en"),
        ("twelve", "EUR", "en"),
        ("1e9", "EUR", "en"),
        ("NaN", "EUR", "en"),
        ("9" * 25, "EUR", "en"),
    ],
)
def test_an_amount_that_could_mean_another_is_asked_back(text, currency, locale):
    with pytest.raises(AmountUnclear) as unclear:
        parse_amount(text, currency, locale)
    assert unclear.value.message % unclear.value.data


@given(
    minor=st.integers(min_value=0, max_value=10**12),
    currency=st.sampled_from(sorted(CURRENCIES)),
    locale=st.sampled_from(sorted(LANGUAGES.values())),
)
def test_what_a_field_shows_reads_back_as_the_same_money(minor, currency, locale):
    money = Money(minor, currency)
    assert parse_amount(typed_amount(money, locale), currency, locale) == money


def test_digits_of_every_script_become_ascii():
    assert ascii_digits(" ٤٢ ４２ ४२ ") == "42 42 42"
