"""By when a country is paid its premium tax, and who may pay it."""

from datetime import date
from itertools import pairwise

import pytest

from insurance.reporting.bordereaux import taxation
from insurance.reporting.tax_returns import rules
from insurance.reporting.tax_returns.rules import ReturnLine, ReturnState, Stage


def row(country, month=date(2026, 6, 1)):
    return rules.row_for(country, month=month, rows=rules.remitting_rows())


@pytest.mark.parametrize(
    ("country", "month", "first", "named"),
    [
        ("DE", "2026-06-01", "2026-06-01", "2026-07-15"),
        ("AT", "2026-06-01", "2026-06-01", "2026-08-15"),
        ("AT", "2026-11-01", "2026-11-01", "2027-01-15"),
        ("BE", "2026-12-01", "2026-12-01", "2027-01-20"),
        ("GB", "2026-05-01", "2026-04-01", "2026-07-31"),
        ("GB", "2026-03-01", "2026-01-01", "2026-04-30"),
        ("GB", "2026-12-01", "2026-10-01", "2027-01-31"),
        ("JP", "2026-06-01", "2026-06-01", "2026-07-15"),
    ],
)
def test_a_month_belongs_to_a_period_that_is_due_on_a_day(country, month, first, named):
    law = row(country, date.fromisoformat(month))

    found = rules.period_of(date.fromisoformat(month), law)

    assert found == date.fromisoformat(first)
    assert date.fromisoformat(month) in rules.months_in(found, law)
    assert rules.named_day(found, law) == date.fromisoformat(named)


def test_every_row_names_its_source_and_begins_with_a_period():
    rows = rules.remitting_rows()
    settled_by_insurers = {
        one.country for one in taxation.tax_payer_rows() if one.payer == taxation.TaxPayer.INSURER
    }

    assert settled_by_insurers <= {one.country for one in rows}
    for one in rows:
        assert one.source
        assert 12 % one.months == 0
        assert one.if_closed in {"next", "before"}
        assert rules.period_of(one.valid_from, one) == one.valid_from


def test_a_later_row_counts_from_its_first_month():
    old = row("DE")
    new = rules.RemittingRow(
        valid_from=date(2027, 1, 1),
        country="DE",
        authority="",
        months=3,
        months_later=1,
        day=10,
        if_closed="next",
        calendar="EUR",
        source="A test.",
        confidence="high",
    )

    found = [
        rules.row_for("DE", month=month, rows=[old, new])
        for month in (date(2026, 12, 1), date(2027, 1, 1))
    ]

    assert found == [old, new]


@pytest.mark.parametrize(
    ("is_whole", "state", "stage"),
    [
        (False, None, Stage.OPEN),
        (True, None, Stage.READY),
        (True, ReturnState.SENT_BACK, Stage.READY),
        (True, ReturnState.PREPARED, Stage.PREPARED),
        (True, ReturnState.PAID, Stage.PAID),
    ],
)
def test_a_period_stands_where_its_months_and_its_return_say(is_whole, state, stage):
    assert rules.stage_of(is_whole=is_whole, state=state) is stage


@pytest.mark.parametrize(
    ("paid_on", "today", "late"),
    [
        (None, "2026-07-15", 0),
        (None, "2026-07-16", 1),
        ("2026-07-15", "2026-09-01", 0),
        ("2026-07-18", "2026-09-01", 3),
        ("2026-07-01", "2026-09-01", 0),
    ],
)
def test_what_is_late_is_counted_in_days_until_it_is_paid(paid_on, today, late):
    assert late == rules.days_late(
        due_on=date(2026, 7, 15),
        paid_on=date.fromisoformat(paid_on) if paid_on else None,
        today=date.fromisoformat(today),
    )


def test_a_fingerprint_changes_with_every_part_of_a_line():
    line = {
        "month": date(2026, 6, 1),
        "subject": "26-1",
        "rate": "19.00",
        "net": 190,
        "tax": 36,
        "journals": (1, 2),
    }
    changes = [
        {},
        {"month": date(2026, 7, 1)},
        {"subject": "26-2"},
        {"rate": "0.00"},
        {"net": 191},
        {"tax": 37},
        {"journals": (1, 3)},
    ]

    found = sorted(rules.fingerprint([ReturnLine(**line | change)]) for change in changes)

    assert all(one != other for one, other in pairwise(found))
