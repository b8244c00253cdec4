"""Windows, round figures and waits, in plain values."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from banking.accounts.limits import queries, rules
from banking.accounts.limits.queries import tiers
from banking.accounts.limits.rules import Period, TierRow
from kernel.money import Money

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def eur(amount):
    return Money.of(amount, "EUR")


@pytest.mark.parametrize(
    ("period", "day", "name", "anew"),
    [
        (Period.DAY, date(2026, 12, 31), "2026-12-31", date(2027, 1, 1)),
        (Period.PAYEE, date(2028, 2, 28), "2028-02-28", date(2028, 2, 29)),
        (Period.MONTH, date(2026, 12, 31), "2026-12", date(2027, 1, 1)),
        (Period.MONTH, date(2027, 1, 31), "2027-01", date(2027, 2, 1)),
        (Period.MONTH, date(2026, 11, 30), "2026-11", date(2026, 12, 1)),
    ],
)
def test_a_window_has_a_name_and_a_day_on_which_the_next_begins(period, day, name, anew):
    assert rules.window(period, day) == name
    assert rules.resets_on(period, day) == anew


@pytest.mark.parametrize(
    ("amount", "currency", "per_euro", "euros"),
    [
        ("10.00", "EUR", "1", "10.00"),
        ("48000", "JPY", "160", "300.00"),
        ("1", "JPY", "160", "0.01"),
        ("0.001", "KWD", "0.3", "0.01"),
        ("90", "KWD", "0.3", "300"),
    ],
)
def test_what_leaves_any_wallet_counts_in_round_euros_and_never_as_nothing(
    amount, currency, per_euro, euros
):
    assert rules.in_euro(Money.of(amount, currency), Decimal(per_euro)) == eur(euros)


@pytest.mark.parametrize(
    ("left", "currency", "per_euro", "most"),
    [
        ("300.00", "EUR", "1", "300.00"),
        ("300.00", "JPY", "160", "48000"),
        ("0.01", "JPY", "160", "1"),
        ("0.10", "KWD", "0.3", "0.030"),
        ("0", "JPY", "160", "0"),
    ],
)
def test_what_is_left_in_euros_is_never_more_than_a_payment_may_use(left, currency, per_euro, most):
    found = rules.from_euro(eur(left), currency, Decimal(per_euro))

    assert found == Money.of(most, currency)
    assert rules.in_euro(found, Decimal(per_euro)) <= eur(left)


def test_seconds_count_to_midnight_of_the_house_and_never_to_none():
    assert rules.seconds_until(date(2026, 12, 1), NOON) == 12 * 3600
    assert rules.seconds_until(date(2026, 11, 30), NOON) == 1


@pytest.mark.parametrize(
    ("currency", "per_euro", "holds", "day"),
    [
        ("EUR", "1", "1000.00", "250.00"),
        ("JPY", "160", "160000", "40000"),
        ("KWD", "0.3", "300.000", "75.000"),
    ],
)
def test_a_tier_is_written_in_the_digits_of_each_currency(currency, per_euro, holds, day):
    row = TierRow(
        kind="person",
        tier=0,
        valid_from=date(2020, 1, 1),
        holds=1000,
        spends={Period.DAY: 250},
        source="test",
    )

    found = rules.in_currency(row, currency, Decimal(per_euro))

    assert found.holds == Money.of(holds, currency)
    assert found.spends == {Period.DAY: Money.of(day, currency)}


@pytest.mark.parametrize(("holds", "posted", "room"), [(1000, 400, 600), (1000, 1000, 0)])
def test_a_wallet_takes_in_what_its_tier_holds_less_what_is_in_it(holds, posted, room):
    assert tier_that_holds(eur(holds)).room(eur(posted)) == eur(room)


def test_a_wallet_that_holds_more_than_its_tier_takes_in_nothing():
    assert tier_that_holds(eur(1000)).room(eur(1200)) == eur(0)


def test_a_tier_without_an_end_names_no_room():
    assert tier_that_holds(None).room(eur(1200)) is None


def tier_that_holds(holds):
    return rules.TierLimits(tier=0, holds=holds, spends={})


def test_ones_own_limit_counts_only_below_that_of_the_tier():
    assert rules.in_force(tier=eur(100), own=None) == eur(100)
    assert rules.in_force(tier=eur(100), own=eur(30)) == eur(30)
    assert rules.in_force(tier=eur(100), own=eur(300)) == eur(100)


def test_a_lower_limit_counts_at_once_and_a_higher_one_after_the_wait():
    def when(asked):
        return rules.takes_effect_at(
            asked=eur(asked), present=eur(100), now=NOON, wait=timedelta(hours=24)
        )

    assert [when(99), when(100), when(101)] == [NOON, NOON, NOON + timedelta(hours=24)]


@pytest.mark.parametrize(
    ("waiting", "room", "freed"),
    [(50, None, 50), (50, 80, 50), (50, 20, 20), (50, 0, 0), (50, -10, 0)],
)
def test_what_waits_moves_in_as_far_as_there_is_room(waiting, room, freed):
    found = rules.to_release(waiting=eur(waiting), room=None if room is None else eur(room))
    assert found == eur(freed)


def test_every_tier_allows_more_than_the_one_below_in_every_currency_we_keep():
    from banking import api as bank

    for currency in bank.WALLET_CURRENCIES:
        for kind in ("person", "organisation"):
            rows = tiers(kind=kind, currency=currency)
            assert [row.tier for row in rows] == [0, 1, 2]
            for period in Period:
                allowed = [row.spends[period] for row in rows]
                assert allowed == sorted(allowed)
                assert allowed[0] < allowed[1] < allowed[2]
            assert rows[0].holds < rows[1].holds
            assert rows[2].holds is None


# Source: Directive (EU) 2015/849, article 12 (1) (a) and (b) and (2), as changed by 2018/843.
@pytest.mark.parametrize("kind", ["person", "organisation"])
def test_somebody_we_do_not_know_holds_and_pays_no_more_than_the_law_allows(kind):
    rows = [r for r in queries._data()["tiers"] if (r["kind"], r["tier"]) == (kind, 0)]

    assert rows
    for row in rows:
        assert row["holds"] <= 150
        assert row["month"] <= 150
        assert row["day"] <= 50
        assert row["payee"] <= 50
        assert "2015/849, article 12 (1) (a) and (b) and (2)" in row["source"]
