"""How long a price holds, what is kept of a premium that ends late, which way its money goes."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from insurance.contracts.changes import rules, splits
from insurance.contracts.changes.rules import Progress
from insurance.money.books.service import Split
from kernel.money import Money

NOW = datetime(2026, 6, 20, 9, tzinfo=UTC)
TERMS = rules.terms_on(date(2026, 6, 20))


def split(net, tax, commission, currency="EUR"):
    return Split(
        net=Money(net, currency),
        tax=Money(tax, currency),
        commission=Money(commission, currency),
        country="DE",
    )


@pytest.mark.parametrize(
    ("days", "planned", "kept"),
    [
        (1, 60, "1/10"),
        (5, 60, "1/10"),
        (6, 60, "1/5"),
        (30, 60, "3/5"),
        (45, 60, "17/20"),
        (55, 60, "19/20"),
        (56, 60, "1"),
        (60, 60, "1"),
        (90, 60, "1"),
        (1, 12, "1/10"),
        (2, 12, "1/5"),
    ],
)
def test_the_short_rate_is_kept_for_each_started_twelfth(days, planned, kept):
    found = rules.kept_share(days_on_risk=days, planned_days=planned, terms=TERMS)

    assert found == Fraction(kept)


def test_the_short_rate_never_gives_back_more_than_the_days_that_are_left():
    for planned in range(1, 90):
        for days in range(1, planned + 1):
            kept = rules.kept_share(days_on_risk=days, planned_days=planned, terms=TERMS)
            assert kept >= Fraction(days, planned)


def test_what_comes_back_and_what_is_kept_add_up_to_the_premium():
    parts = [split(190, 36, 38), split(135, 16, 27)]

    back, kept = splits.short_rate(parts, Fraction(3, 5))

    assert (kept.net.minor, kept.tax.minor, kept.commission.minor) == (195, 32, 39)
    assert (back.net.minor, back.tax.minor, back.commission.minor) == (130, 20, 26)


def test_a_price_holds_a_quarter_of_an_hour():
    until = rules.valid_until(NOW, TERMS, attached_at=None, last=None)

    assert until == NOW + timedelta(minutes=15)


def test_a_price_that_counts_days_ends_with_its_day():
    attached = NOW - timedelta(days=3) + timedelta(minutes=4)

    assert rules.valid_until(NOW, TERMS, attached_at=attached, last=None) == NOW + timedelta(
        minutes=4
    )


def test_a_price_ends_with_the_right_that_it_is_for():
    last = NOW + timedelta(minutes=2)

    assert rules.valid_until(NOW, TERMS, attached_at=None, last=last) == last


@pytest.mark.parametrize(
    ("facts", "progress"),
    [
        ({}, Progress.SHOWN),
        ({"is_asked": True}, Progress.APPROVING),
        ({"offered_at": NOW}, Progress.OFFERED),
        ({"offered_at": NOW, "is_asked": True}, Progress.OFFERED),
        ({"valid_until": NOW}, Progress.EXPIRED),
        ({"valid_until": NOW, "offered_at": NOW}, Progress.EXPIRED),
        ({"declined_at": NOW, "offered_at": NOW}, Progress.DECLINED),
        ({"declined_at": NOW, "valid_until": NOW}, Progress.DECLINED),
        ({"executed_at": NOW, "declined_at": NOW, "valid_until": NOW}, Progress.DONE),
    ],
)
def test_a_change_is_as_far_as_its_latest_step(facts, progress):
    step = {
        "executed_at": None,
        "declined_at": None,
        "offered_at": None,
        "is_asked": False,
        "valid_until": NOW + timedelta(seconds=1),
    } | facts

    assert rules.progress(**step, now=NOW) is progress


@pytest.mark.parametrize(
    ("net", "tax", "pct"),
    [(100, 12, "12"), (190, 36, "18.9474"), (100, 0, "0"), (0, 0, "0"), (300, 1, "0.3333")],
)
def test_the_rate_of_a_section_is_what_it_was_taxed_at(net, tax, pct):
    assert splits.tax_pct(split(net, tax, 0)) == pct


def test_what_a_change_asks_and_what_it_gives_back_are_told_apart():
    due, back = splits.what_comes_and_goes([split(50, 10, 10), split(-135, -16, -27)])

    assert (due, back) == (Money(60, "EUR"), Money(151, "EUR"))
