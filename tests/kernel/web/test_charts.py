from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import Money
from kernel.web.charts import plot_bars, plot_line, ticks
from kernel.web.i18n import use_locale

FIRST = date(2026, 11, 2)


def days(*values):
    return [(FIRST + timedelta(n), value) for n, value in enumerate(values)]


def figures(low, high, **more):
    return [f"{figure:f}" for figure in ticks(Decimal(low), Decimal(high), **more)]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        ("0", "6466.49", ["0", "2000", "4000", "6000", "8000"]),
        ("1.0512", "1.0987", ["1.04", "1.06", "1.08", "1.10"]),
        ("177.1", "179.9", ["177", "178", "179", "180"]),
        ("-40", "95", ["-50", "0", "50", "100"]),
        ("0", "10", ["0.0", "2.5", "5.0", "7.5", "10.0"]),
    ],
)
def test_the_scale_has_round_figures(low, high, expected):
    assert figures(low, high) == expected


def test_a_scale_of_whole_things_has_whole_figures():
    assert figures("0", "3", grain=Decimal(1)) == ["0", "1", "2", "3"]
    assert figures("0", "10", grain=Decimal(1)) == ["0", "5", "10"]
    assert figures("0", "0", grain=Decimal(1)) == ["0", "1"]


def test_a_value_that_never_moves_stands_in_the_middle_of_its_scale():
    assert figures("5", "5") == ["4.6", "4.8", "5.0", "5.2", "5.4"]


amounts = st.decimals(-(10**9), 10**9, places=2, allow_nan=False)


@given(amounts, amounts)
def test_every_scale_holds_its_values_in_even_steps(one, other):
    low, high = sorted((one, other))
    marks = ticks(low, high, grain=Decimal("0.01"))
    assert marks[0] <= low <= high <= marks[-1]
    assert 2 <= len(marks) <= 5
    assert len({b - a for a, b in pairwise(marks)}) == 1


def test_a_line_begins_at_the_first_day_and_ends_at_the_last():
    points = [
        (FIRST, Money(0, "EUR")),
        (FIRST + timedelta(1), Money(10000, "EUR")),
        (FIRST + timedelta(4), Money(5000, "EUR")),
    ]
    chart = plot_line(points, height=220, from_zero=True)
    # The floor is at 220 - 28, the highest figure at 24; a quarter of the days, half of the rise.
    assert chart.line == "M0,192 250,24 1000,108"
    assert chart.area == "M0,192 L0,192 250,24 1000,108 L1000,192Z"
    assert (chart.now.x, chart.now.y, chart.now.words) == ("100", "108", "EUR\u00a050.00")
    assert [(mark.y, mark.words) for mark in chart.frame.grid] == [
        ("192", "0"),
        ("150", "25"),
        ("108", "50"),
        ("66", "75"),
        ("24", "EUR\u00a0100"),
    ]
    assert (chart.frame.inner, chart.frame.inner_width) == ("11", "89")
    assert [(mark.x, mark.words) for mark in chart.frame.days] == [
        ("11", "2 Nov"),
        ("33.25", "3 Nov"),
        ("100", "6 Nov"),
    ]


@pytest.mark.parametrize(
    ("locale", "currency", "top"),
    [
        ("en", "EUR", "EUR\u00a040K"),
        ("de", "EUR", "40.000\u00a0EUR"),
        ("zh-CN", "JPY", "JPY\u00a04万"),
    ],
)
def test_the_highest_figure_of_amounts_names_their_currency(locale, currency, top):
    with use_locale(locale):
        grid = plot_line(days(Money.zero(currency), Money.of("40000", currency))).frame.grid
    assert grid[-1].words == top
    assert not any(currency in mark.words for mark in grid[:-1])


def test_a_line_needs_two_days_and_bars_need_one():
    assert plot_line(days(Decimal(1))) is None
    assert plot_bars([]) is None
    assert plot_bars(days(1)) is not None


def test_a_chart_says_its_lowest_highest_and_last_value():
    frame = plot_line(
        days(Decimal("1.0512"), Decimal("1.0987"), Decimal("1.06")), unit="rate"
    ).frame
    assert (frame.low, frame.high, frame.latest) == ("1.0512", "1.0987", "1.0600")
    assert (frame.first, frame.last) == ("2 Nov 2026", "4 Nov 2026")


def test_bars_stand_on_nothing_and_hang_below_it():
    chart = plot_bars(days(100, -50), height=220, is_open=True)
    # Five figures would be -50, 0, 50, 100: three steps of 56 pixels.
    assert [(bar.x, bar.y, bar.width, bar.height, bar.is_open) for bar in chart.bars] == [
        ("18.12", "24", "30.26", "112", False),
        ("62.62", "136", "30.26", "56", True),
    ]
    assert chart.frame.base == "136"
    assert [bar.words for bar in chart.bars] == ["100", "\u221250"]


def test_in_arabic_the_scale_stands_at_the_right_and_time_still_runs_with_the_figures():
    with use_locale("ar"):
        chart = plot_line(days(Decimal(1), Decimal(2), Decimal(3)))
    assert {(mark.x, mark.anchor) for mark in chart.frame.grid} == {("100", "end")}
    assert (chart.frame.inner, chart.frame.inner_width) == ("0", "89")
    assert [mark.x for mark in chart.frame.days] == ["0", "44.5", "89"]


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", ["0", "20K", "40K"]),
        ("zh-CN", ["0", "2万", "4万"]),
        ("de", ["0", "20.000", "40.000"]),
    ],
)
def test_large_figures_are_short_in_every_language(locale, words):
    with use_locale(locale):
        chart = plot_bars(days(40000, 12000))
    assert [mark.words for mark in chart.frame.grid if mark.words in words] == words


def test_a_long_line_answers_the_pointer_in_few_places_and_its_last_day_always():
    chart = plot_line([(FIRST + timedelta(n), Decimal(n)) for n in range(365)])
    rows = chart.frame.rows
    assert (len(rows), chart.frame.count) == (31, 365)
    assert (rows[0].day, rows[-1].day) == ("2 Nov 2026", "1 Nov 2027")
    assert rows[-1].value == "364"
    assert sum(Decimal(row.width) for row in rows) == pytest.approx(Decimal(89), abs=Decimal("0.2"))
    assert chart.frame.days[0].words == "2 Nov 2026"
