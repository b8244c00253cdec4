"""Of rows that have begun the newest is in force."""

from dataclasses import dataclass
from datetime import date

import pytest

from kernel import dated


@dataclass(frozen=True)
class Fee:
    valid_from: date
    cents: int


@pytest.fixture
def fees(tmp_path):
    path = tmp_path / "fees.json"
    path.write_text(
        '[{"valid_from": "2026-07-01", "cents": 30}, {"valid_from": "2020-01-01", "cents": 20}]'
    )
    return dated.read(path, Fee)


@pytest.mark.parametrize(
    ("day", "cents"),
    [("2020-01-01", 20), ("2026-06-30", 20), ("2026-07-01", 30), ("2099-01-01", 30)],
)
def test_a_row_counts_from_its_day_until_the_next_begins(fees, day, cents):
    assert dated.in_force(fees, date.fromisoformat(day)).cents == cents


def test_before_the_first_day_nothing_is_in_force(fees):
    with pytest.raises(ValueError, match="empty"):
        dated.in_force(fees, date(2019, 12, 31))
