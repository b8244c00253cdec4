"""The files of currencies: whole, dated, and each with what its use needs."""

from datetime import date

import pytest
from babel import Locale

from banking import api as bank
from banking.merchants.payouts.terms import payable
from kernel import currencies
from kernel.money import CURRENCIES

FILES = currencies.HOUSE.files
ROOMS = {"wallets", "limits", "payouts", "cover", "demonstration"}


@pytest.mark.parametrize("code", FILES)
def test_a_file_is_named_after_its_currency_and_says_where_it_comes_from(code):
    told = FILES[code]
    assert told["code"] == code
    assert code in Locale("en").currencies
    assert told["digits"] in {0, 2, 3}
    assert told["source"]
    assert told.keys() - {"code", "digits", "source"} <= ROOMS


@pytest.mark.parametrize("code", FILES)
def test_a_row_has_its_first_day_and_its_source(code):
    rows = [row for part in FILES[code].values() if isinstance(part, list) for row in part]
    days = [date.fromisoformat(row["valid_from"]) for row in rows]
    assert all(row["source"] for row in rows)
    assert all(day.year >= 2020 for day in days)


def test_a_currency_with_wallets_can_be_limited_covered_and_lent():
    """Cover of the published tariff counts: the house adds to it what it lacks."""
    published = {"EUR", "USD", "GBP", "CNY", "JPY"}
    kept = set(currencies.part("wallets"))
    assert kept == set(currencies.part("limits")) == set(currencies.part("demonstration"))
    assert kept - published == set(currencies.part("cover"))


def test_a_currency_that_the_rail_carries_has_a_smallest_payout():
    assert set(payable()) == set(currencies.part("payouts"))


def test_places_of_wallets_are_taken_once():
    places = [wallets["place"] for wallets in currencies.part("wallets").values()]
    assert sorted(places) == [*range(1, len(places) + 1)]
    assert bank.WALLET_CURRENCIES[:3] == ("EUR", "USD", "GBP")
    assert set(bank.WALLET_CURRENCIES) <= set(CURRENCIES)
