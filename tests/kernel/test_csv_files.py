"""Tables are read back as they were written, by programs and by spreadsheets alike."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest

from kernel.csv_files import csv_file, csv_lines, plain_cell


@pytest.mark.parametrize(
    "typed",
    ["=1+1", "@sum", "+49 30", "+7", "-1+1", "-x", "--5", "\tx", "\rx", "\n=1", "＝1+1", "＠x"],
)
def test_a_formula_in_somebodys_words_stays_a_text(typed):
    assert plain_cell(typed) == f"'{typed}"


@pytest.mark.parametrize("typed", ["", "Broken spout", "a=1", " =1", "-5", "-12.50", "12"])
def test_numbers_and_other_words_stay_as_they_are(typed):
    assert plain_cell(typed) == typed


def test_a_table_reads_back_whatever_stands_in_it():
    rows = [
        ["Zoë, 漢字", 'a "quoted" word', "two\r\nlines", ""],
        [Decimal("-12.50"), Decimal("1E+3"), None, date(2026, 11, 25)],
        [-7, "=HYPERLINK(1)", "emoji \U0001f600", "\u202ertl"],
    ]

    content = csv_file(["a", "b", "c", "d"], rows)

    assert content.startswith(b"\xef\xbb\xbfa,b,c,d\r\n")
    read = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert read[1:] == [
        ["Zoë, 漢字", 'a "quoted" word', "two\r\nlines", ""],
        ["-12.50", "1000", "", "2026-11-25"],
        ["-7", "'=HYPERLINK(1)", "emoji \U0001f600", "\u202ertl"],
    ]


def test_lines_of_a_long_table_follow_each_other():
    assert csv_lines([[1]]) + csv_lines([[2], [3]]) == "1\r\n2\r\n3\r\n"
