from __future__ import annotations

from datetime import UTC, datetime

import pytest

from marketplace.trust.reviews import rules
from marketplace.trust.reviews.rules import Cursor


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Margaux Perrin", "Margaux"),
        ("ليلى المنصوري", "ليلى"),
        ("  Jonas ", "Jonas"),
        ("石井直子", "石＊＊"),
        ("김 민준", "김＊＊"),
        ("", ""),
        ("A" * 80, "A" * 30),
    ],
)
def test_the_public_reads_a_first_name_and_never_a_whole_one(name, shown):
    assert rules.shown_name(name) == shown


def test_a_review_changes_for_thirty_days():
    assert rules.changeable_until(datetime(2026, 3, 1, tzinfo=UTC)) == datetime(
        2026, 3, 31, tzinfo=UTC
    )


def test_a_short_text_is_its_own_beginning():
    assert rules.excerpt("Good. " * 10) == "Good. " * 10


def test_a_beginning_ends_with_a_word():
    assert rules.excerpt("teapot, " * 90) == "teapot, " * 43 + "teapot…"


def test_a_language_without_spaces_is_cut_between_signs():
    assert rules.excerpt("壶" * 500) == "壶" * 360 + "…"


@pytest.mark.parametrize("typed", ["", "4", "~7", "6~7", "4~", "4~x", "4~-1", "4~" + "9" * 30])
def test_a_cursor_that_no_page_wrote_is_none(typed):
    assert Cursor.read(typed) is None


def test_a_cursor_is_read_as_it_was_written():
    assert Cursor.read(str(Cursor(4, 1207))) == Cursor(4, 1207)
