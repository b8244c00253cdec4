"""Who carries a risk from which day, and how a premium divides among its owners."""

from __future__ import annotations

from datetime import date

import pytest

from insurance.money.books import rules
from insurance.money.books.rules import Split
from kernel.money import Money

FIRST_DAY = date(2026, 1, 1)


def test_what_is_left_of_a_premium_after_commission_is_the_insurers_and_tax_comes_on_top():
    split = Split(
        net=Money(1000, "EUR"), commission=Money(150, "EUR"), tax=Money(80, "EUR"), country="FR"
    )

    assert split.insurers_share == Money(850, "EUR")
    assert split.gross == Money(1080, "EUR")


def rule(insurer, **fields):
    known = {"country": "any", "product": "any", "level": "any"}
    dated = {"valid_from": FIRST_DAY, "valid_until": None}
    return rules.Rule(insurer=insurer, **known | dated | fields)


TABLE = (
    rule("tried", country="SG", valid_from=date(2026, 3, 1), valid_until=date(2026, 3, 31)),
    rule("wide", country="SG", product="parcel", level="PLUS"),
    rule("far", country="SG", product="parcel"),
    rule("ships", product="cargo", valid_from=date(2026, 2, 1)),
    rule("narrow", level="TL"),
    rule("home"),
)


@pytest.mark.parametrize(
    ("country", "product", "level", "day", "insurer"),
    [
        ("DE", "parcel", "STD", FIRST_DAY, "home"),
        ("DE", "parcel", "TL", FIRST_DAY, "narrow"),
        ("SG", "parcel", "TL", FIRST_DAY, "far"),
        ("SG", "parcel", "PLUS", FIRST_DAY, "wide"),
        ("SG", "parcel", "PLUS", date(2026, 2, 28), "wide"),
        ("SG", "parcel", "PLUS", date(2026, 3, 1), "tried"),
        ("SG", "parcel", "PLUS", date(2026, 3, 31), "tried"),
        ("SG", "parcel", "PLUS", date(2026, 4, 1), "wide"),
        ("SG", "cargo", "A", FIRST_DAY, "home"),
        ("SG", "cargo", "A", date(2026, 2, 1), "ships"),
        ("DE", "cargo", "A", date(2026, 2, 1), "ships"),
    ],
)
def test_the_first_rule_that_fits_chooses_the_insurer(country, product, level, day, insurer):
    found = rules.chosen(TABLE, country=country, product=product, level=level, day=day)

    assert found == insurer


def test_where_no_rule_fits_nobody_insures():
    with pytest.raises(LookupError, match="no insurer for parcel STD of DE on 2025-12-31"):
        rules.chosen(TABLE, country="DE", product="parcel", level="STD", day=date(2025, 12, 31))


def test_rules_name_insurers_that_are_licensed_from_their_first_day():
    for one in rules.selling_rules():
        assert rules.insurer(one.insurer).valid_from <= one.valid_from
    licences = [one.licence for one in rules.insurers()]
    assert len(set(licences)) == len(licences)


def test_some_countries_outside_europe_go_by_another_insurer_from_its_first_day_on():
    def key(country, product="parcel", day=date(2026, 7, 1)):
        return rules.insurer_for(country=country, product=product, level="STD", day=day).key

    assert [key(country) for country in ("AE", "AU", "SG")] == ["lys-overseas"] * 3
    assert key("SG", day=date(2026, 6, 30)) == key("SG", product="cargo") == "havre-cargo"
    assert key("DE") == key("US") == "havre-cargo"


def test_an_insurer_is_known_by_its_key():
    found = rules.insurer("havre-cargo")

    assert (found.name, found.seat, found.country) == ("Havre Cargo Insurance NV", "Antwerp", "BE")
    assert found.valid_from == FIRST_DAY
    with pytest.raises(KeyError):
        rules.insurer("nobody")
