"""What the house sells beside the published tariff, and what stays as it was published."""

from datetime import date
from fractions import Fraction

import pytest

from banking.accounts.wallets.rules import WALLET_CURRENCIES
from insurance.offers.quotes import rules
from insurance.rating.tariff.facts import Product, Section
from insurance.rating.tariff.house import house_tax_rows, shop_tariff_on
from insurance.rating.tariff.queries import Refusal
from insurance.rating.tariff.tables import tariff_on
from tests.insurance.conftest import make_risk

DAY = date(2026, 6, 1)

# A destination of the shop, its currency, and what the parcel is worth there.
DESTINATIONS = (
    ("FR", "EUR"),
    ("GB", "GBP"),
    ("US", "USD"),
    ("CN", "CNY"),
    ("JP", "JPY"),
    ("CA", "CAD"),
    ("AU", "AUD"),
    ("CH", "CHF"),
    ("BR", "BRL"),
    ("KR", "KRW"),
    ("SG", "SGD"),
    ("AE", "AED"),
)


def sold():
    return dict.fromkeys(rules.Cover, shop_tariff_on(DAY, insurer_key="havre-cargo"))


@pytest.mark.parametrize(("country", "currency"), DESTINATIONS)
def test_every_destination_can_insure_a_parcel_in_its_own_currency(country, currency):
    risk = make_risk(
        currency=currency,
        policyholder_country=country,
        destination_country=country,
        origin_country="DK",
        value="400",
        freight="20",
    )

    answers = rules.rate_levels(risk, DAY, Fraction(1, 10), sold())

    assert not [answer for answer in answers.values() if isinstance(answer, Refusal)]


@pytest.mark.parametrize("currency", WALLET_CURRENCIES)
def test_whoever_can_pay_in_a_currency_can_be_covered_in_it(currency):
    assert rules.is_sold_in(currency, shop_tariff_on(DAY, insurer_key="havre-cargo"))


def test_a_parcel_to_dubai_costs_what_the_rows_say():
    def dubai(origin, value="400.00"):
        risk = make_risk(
            currency="AED",
            policyholder_country="AE",
            destination_country="AE",
            origin_country=origin,
            value=value,
            freight="20.00",
        )
        (loss,) = rules.rate_levels(risk, DAY, Fraction(1, 4), sold())[rules.Cover.STD].sections
        return loss.net.minor, loss.tax.minor

    assert dubai("CN") == (426, 0)  # 420 × 0.70 % × 1.45, carried across the border
    assert dubai("AE") == (294, 15)  # 420 × 0.70 %, inside the country, and five per cent
    assert dubai("AE", "50.00") == (200, 10)  # the minimum premium


def test_the_published_tariff_does_not_know_the_rows_of_the_house():
    published, shop = tariff_on(DAY), shop_tariff_on(DAY, insurer_key="havre-cargo")

    assert "AED" not in published.minimum[Product.PARCEL]
    assert ("AE", Section.LOSS) not in published.tax_places
    assert published.minimum[Product.PARCEL].items() <= shop.minimum[Product.PARCEL].items()
    assert published.minimum[Product.CARGO] == shop.minimum[Product.CARGO]
    assert shop.tax_rows[: len(published.tax_rows)] == published.tax_rows


def test_a_row_of_the_house_says_so_and_corrects_no_published_country():
    published = {(row.country, row.section) for row in tariff_on(DAY).tax_rows}

    for row in house_tax_rows():
        assert row.basis.startswith("House decision: ")
        assert (row.country, row.section) not in published


def test_before_the_first_tariff_the_shop_has_none_either():
    with pytest.raises(LookupError):
        shop_tariff_on(date(2025, 12, 31), insurer_key="havre-cargo")
