"""Which currency something is paid in, and which accounts are ours."""

from __future__ import annotations

import pytest

from banking.accounts.wallets import rules


@pytest.mark.parametrize(("priced_in", "paid_in"), [("JPY", "JPY"), ("EUR", "EUR"), ("THB", "EUR")])
def test_a_price_without_wallets_in_its_currency_is_paid_in_euro(priced_in, paid_in):
    assert rules.wallet_currency(priced_in) == paid_in


def test_every_account_that_we_number_is_ours():
    assert rules.is_ours(rules.iban_for(1))
    assert rules.is_ours(rules.iban_for(10**13 - 1))


@pytest.mark.parametrize(
    "iban",
    [
        "LU280019400644750000",  # another bank of the country
        "DE89987040044053201300",  # our number in another country
        "LU280987400644750000",  # our number one place further
        "LU989707400644750000",  # and one before
    ],
)
def test_no_other_account_is_ours(iban):
    assert not rules.is_ours(iban)


def test_an_account_is_numbered_with_all_thirteen_digits_of_the_country():
    assert rules.iban_for(1) == "LU859870000000000001"
