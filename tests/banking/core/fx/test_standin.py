"""A demonstration's rates are never older than a weekend, and say that they are invented."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from banking.core.fx import gateway, jobs, queries, service, standin
from banking.core.fx.gateway import Published
from kernel import clock as house_clock
from kernel import memory
from kernel.actor import SYSTEM
from kernel.db import reading

FRIDAY = date(2026, 10, 30)
HISTORY = (
    Published("USD", FRIDAY - timedelta(days=1), Decimal("1.1100")),
    Published("USD", FRIDAY, Decimal("1.1172")),
    Published("JPY", FRIDAY, Decimal("175.68")),
    Published("HRK", date(2022, 12, 30), Decimal("7.5365")),  # no longer quoted
)


def of(currency, *, until):
    rates = standin.continued(HISTORY, until=until)
    return {rate.rate_on: rate.per_euro for rate in rates if rate.currency == currency}


def test_every_working_day_after_the_history_has_a_rate_of_what_was_still_quoted():
    days = sorted(of("USD", until=date(2026, 11, 10)))
    assert days == [date(2026, 11, day) for day in (2, 3, 4, 5, 6, 9, 10)]
    assert sorted(of("JPY", until=date(2026, 11, 10))) == days
    assert not of("HRK", until=date(2026, 11, 10))
    assert not of("USD", until=FRIDAY + timedelta(days=2))


def test_a_day_has_one_figure_however_far_one_asks():
    near, far = of("USD", until=date(2026, 11, 20)), of("USD", until=date(2030, 1, 4))
    assert {day: far[day] for day in near} == near


@pytest.mark.parametrize("days", [0, 3, 9, 10, 11, 40])
def test_who_knows_some_days_already_gets_the_others_alone_and_the_same(days):
    until = date(2026, 12, 31)
    known, whole = FRIDAY + timedelta(days=days), list(standin.continued(HISTORY, until=until))
    rest = list(standin.continued(HISTORY, until=until, known=known))
    assert rest == [rate for rate in whole if rate.rate_on > known]
    assert list(standin.continued(HISTORY, until=known, known=known)) == []


def test_the_walk_moves_daily_and_stays_near_the_last_figure_published():
    figures = list(of("USD", until=date(2030, 1, 4)).values())
    assert all(abs(figure / Decimal("1.1172") - 1) <= Decimal("0.0251") for figure in figures)
    assert len(set(figures)) > len(figures) / 2
    steps = [abs(b / a - 1) for a, b in itertools.pairwise(figures)]
    assert max(steps) < Decimal("0.006")
    assert len(figures[0].as_tuple().digits) == 6


@pytest.fixture
def loaded(db, clock, monkeypatch):
    """Reference data as a demonstration starts with; a Sunday weeks after its history ends."""
    clock("2026-12-27T09:00")
    monkeypatch.setattr(gateway, "packaged", lambda: HISTORY)
    service.load_reference_data(actor=SYSTEM)


def newest():
    memory.forget_everything()  # pages remember a day's rates for half a minute
    with reading():
        return queries.fx_rate(base="EUR", quote="USD")


def test_the_hourly_turn_brings_rates_up_to_the_clock_and_again_when_it_was_moved(loaded, clock):
    assert newest().rate_on == FRIDAY
    jobs.fetch_rates()
    assert newest().rate_on == date(2026, 12, 25)
    assert not newest().is_old(house_clock.today())
    assert "Invented for this demonstration" in newest().attribution
    assert service.continue_rates(actor=SYSTEM) == 0
    clock("2027-03-03T09:00")
    jobs.fetch_rates()
    assert newest().rate_on == date(2027, 3, 3)


@pytest.mark.parametrize(
    ("demo", "ecb_rates_url"), [(False, ""), (True, "https://example.com/rates")]
)
def test_a_real_publisher_or_a_real_installation_has_no_invented_rate(
    loaded, monkeypatch, demo, ecb_rates_url
):
    chosen = SimpleNamespace(demo=demo, ecb_rates_url=ecb_rates_url)
    monkeypatch.setattr(jobs, "settings", lambda: chosen)
    monkeypatch.setattr(gateway, "fetched", lambda _url: iter(HISTORY))
    jobs.fetch_rates()
    assert newest().rate_on == FRIDAY


def test_where_no_history_was_loaded_nothing_goes_on(db, clock):
    clock("2026-12-27T09:00")
    assert service.continue_rates(actor=SYSTEM) == 0
    with reading() as current:
        assert current.execute(text("SELECT count(*) FROM banking.fx_rates")).scalar_one() == 0
