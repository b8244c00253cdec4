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


def test_an_insurer_takes_risks_from_its_first_day_on():
    assert rules.insurer_on(FIRST_DAY).key == "havre-cargo"
    with pytest.raises(LookupError, match="no insurer on 2025-12-31"):
        rules.insurer_on(date(2025, 12, 31))


def test_an_insurer_is_known_by_its_key():
    found = rules.insurer("havre-cargo")

    assert (found.name, found.seat, found.country) == ("Havre Cargo Insurance NV", "Antwerp", "BE")
    assert found.valid_from == FIRST_DAY
    with pytest.raises(KeyError):
        rules.insurer("nobody")
