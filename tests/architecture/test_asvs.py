"""The page that holds a standard against the house: complete, and about things that are there.

Numbers and levels are the standard's (OWASP ASVS 5.0.0); words and verdicts are ours.
"""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.architecture.rooms import ROOT

PAGE = (ROOT / "docs/asvs.md").read_text(encoding="utf-8")
LEVELS = json.loads((Path(__file__).parent / "asvs_levels.json").read_text(encoding="utf-8"))
VERDICTS = {"met", "partly", "not met", "not applicable"}


class Row(NamedTuple):
    """A line of the page as it stands there."""

    number: str
    level: str
    words: str
    verdict: str
    where: str
    tests: str


ROWS = [
    Row(*(cell.strip() for cell in line.strip("|").split("|")))
    for line in PAGE.splitlines()
    if line.startswith("| V")
]


@cache
def written_in(path):
    """The tests of a module, by name, as pytest would collect them."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def is_there(test):
    path, _, name = test.partition("::")
    return (ROOT / path).is_file() and name.startswith("test_") and name in written_in(path)


def test_every_number_of_both_levels_stands_once_and_in_order():
    told = [(row.number, row.level) for row in ROWS]
    known = [(number, level) for level, numbers in LEVELS.items() for number in numbers]

    assert len(known) == 253
    assert told == sorted(known, key=lambda one: [int(part) for part in one[0][1:].split(".")])


def test_every_verdict_is_one_of_four_and_counted_as_it_stands():
    assert {row.verdict for row in ROWS} <= VERDICTS
    counted = dict(re.findall(r"^\| ([a-z ]+) \| [^|]+ \| (\d+) \|$", PAGE, re.MULTILINE))
    assert {verdict: int(number) for verdict, number in counted.items()} == Counter(
        row.verdict for row in ROWS
    )


def test_what_is_met_has_a_test_and_what_is_not_has_a_reason():
    assert [row.number for row in ROWS if not row.words or not row.where] == []
    assert [row.number for row in ROWS if row.verdict == "met" and not row.tests] == []
    reasons = {row.number: row.where for row in ROWS if row.verdict in {"partly", "not met"}}
    assert [number for number, reason in reasons.items() if len(reason.split()) < 8] == []


def test_every_test_that_is_named_is_there():
    named = {
        (row.number, test) for row in ROWS for test in re.findall(r"`(tests/[^`]+)`", row.tests)
    }
    assert len(named) > 250
    assert {one for one in named if not is_there(one[1])} == set()
    assert [
        row.number for row in ROWS if re.sub(r"`tests/[\w/.]+\.py::test_\w+`|, ", "", row.tests)
    ] == []


def test_every_module_and_page_that_is_named_is_there():
    files = {
        (row.number, word)
        for row in ROWS
        for word in re.findall(
            r"`((?:[a-z_]+/)*[\w.]+\.(?:py|md|html|yaml)|[a-z_]+(?:/[a-z_]+)+)`", row.where
        )
        if not word.startswith(("sign-", "dev/"))
    }
    assert len(files) > 80
    assert {one for one in files if not (ROOT / one[1]).exists()} == set()


def test_a_head_that_is_named_stands_on_its_page():
    heads = re.findall(r"`((?:docs/)?\w+\.md)` \(([^)]+)\)", " ".join(row.where for row in ROWS))
    assert len(heads) > 10
    assert [
        (page, head)
        for page, head in heads
        if head[0].isupper()
        and not re.search(rf"^#+ {head}", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)
    ] == []
