"""Each of the thirty checks of cover names tests that exist, and the page says what they prove."""

import json
import re
import subprocess
import sys

import pytest

from tests.architecture.rooms import ROOT

TABLE = ROOT / "tests" / "insurance" / "proofs_of_cover.json"
PAGE = ROOT / "docs" / "proofs-of-cover.md"
ROWS = json.loads(TABLE.read_text(encoding="utf-8"))


def line_of(row):
    """Return the line of a check on the page: what is proved, by what, and what is not yet."""
    tests = "<br>".join(f"`{one}`" for one in row["tests"])
    return f"| {row['check']} | {row['proves']} | {tests} | {row['lacks'] or '–'} |"


def missing(named):
    """Return the tests that are not collected by their names, and why none is when all fail."""
    files = sorted({one.partition("::")[0] for one in named})
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *files],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-2000:]
    collected = {re.sub(r"\[.*", "", line) for line in ran.stdout.splitlines() if "::" in line}
    return sorted(set(named) - collected)


def test_each_of_the_thirty_checks_is_proved_by_tests_that_are_collected():
    assert [row["check"] for row in ROWS] == [*range(1, 31)]
    assert all(row["proves"].strip() and row["tests"] for row in ROWS)
    assert missing([one for row in ROWS for one in row["tests"]]) == []


def test_a_test_that_is_not_there_is_missed():
    here = "tests/architecture/test_proofs_of_cover.py"
    there = f"{here}::test_a_test_that_is_not_there_is_missed"
    assert missing([there, f"{here}::test_of_nothing"]) == [f"{here}::test_of_nothing"]


def test_the_page_says_what_the_table_says():
    told = re.findall(r"^\| \d+ \|.*$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert told == [line_of(row) for row in ROWS], "write the same row into both"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["check"]))
def test_a_check_names_each_test_once_and_by_its_file(row):
    assert len(set(row["tests"])) == len(row["tests"])
    for name in row["tests"]:
        assert re.fullmatch(r"tests/[\w/]+/test_\w+\.py::test_\w+", name), name
