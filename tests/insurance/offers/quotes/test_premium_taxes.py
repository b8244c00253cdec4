"""A tax on premiums is called what its country calls it, and what is unsure is told as such."""

from datetime import date

import pytest

from insurance.offers.quotes.taxed import TaxRule, premium_tax
from insurance.rating.tariff import queries as tariff

DAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("country", "name"),
    [
        ("AT", "Versicherungssteuer"),
        ("BE", "Taxe annuelle sur les opérations d'assurance"),
        ("CN", "增值税"),
        ("DE", "Versicherungsteuer"),
        ("ES", "Impuesto sobre las Primas de Seguros"),
        ("FR", "Taxe sur les conventions d'assurance"),
        ("GB", "Insurance Premium Tax"),
        ("JP", "消費税"),
        ("NL", "Assurantiebelasting"),
    ],
)
def test_a_tax_has_the_name_that_its_country_gives_it(country, name):
    tax = premium_tax(country=country, on=DAY)

    assert tax.name == name
    assert tax.law
    assert tax.source


def test_every_country_that_the_tariff_itself_taxes_has_a_name_for_its_tax():
    rows = tariff.shop_tariff_on(DAY, insurer_key="havre-cargo").tax_rows
    sold = {row.country for row in rows if not row.basis.startswith("House decision")}

    assert {c for c in sold if premium_tax(country=c, on=DAY) is None} == set()


def test_what_was_no_law_before_its_first_day_has_no_name():
    assert premium_tax(country="FR", on=date(2025, 12, 31)) is None
    assert premium_tax(country="US", on=DAY) is None


@pytest.mark.parametrize(
    ("basis", "is_confirmed"),
    [("VersStG", True), ("to be confirmed", False), ("to be confirmed, cautious", False)],
)
def test_a_rate_that_waits_for_its_source_says_so(basis, is_confirmed):
    rule = TaxRule(rule="DE-DELAY-any-any-2026-01-01", basis=basis)

    assert (rule.country, rule.is_confirmed) == ("DE", is_confirmed)
