"""What is changed in a rule, what is left alone, and what a change does once it is tried."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mutants import rooms
from tests.mutants.changes import mutants_of
from tests.mutants.trial import _function_of


def changed(body: str) -> list[str]:
    """Return each mutant of a function of one line as the line that it has become."""
    return [mutant.becomes for mutant in mutants_of(f"def f(a, b):\n    {body}\n", "f.py")]


@pytest.mark.parametrize(
    ("body", "mutants"),
    [
        ("a < b", ["pass", "a <= b", "a >= b"]),
        ("return a + 1", ["return None", "a - 1", "a + 2", "a + 0"]),
        ("return a and b", ["return None", "a or b"]),
        ("return not a", ["return None", "bool(a)"]),
        ("return -a", ["return None", "+a"]),
        ("return True", ["return False"]),
        ("return min(a, b)", ["return None", "max(a, b)"]),
        ("return a if b else 'x'", ["return None", "a if not b else 'x'", "a if b else ''"]),
        ("raise ValueError('in words', a)", ["pass"]),
        ("a += b", ["a -= b", "pass"]),
        (
            "return [x for x in a if x]",
            ["return None", "[x for x in a]", "[x for x in a if not x]"],
        ),
        ("return Decimal('0.5')", ["return None", "Decimal('1.5')"]),
    ],
)
def test_each_place_is_changed_into_what_it_could_have_been_by_a_slip(body, mutants):
    assert changed(body) == mutants


@pytest.mark.parametrize("body", ["'''Words.'''", "return N_('Words')", "assert a > 1, 'words'"])
def test_words_and_guards_of_what_cannot_happen_are_left_alone(body):
    assert [one for one in changed(body) if one != "return None"] == []


def test_a_changed_method_does_what_its_mutant_says():
    class Ours:
        @property
        def sum(self):
            return 1 + 2

    source = "class Ours:\n    @property\n    def sum(self):\n        return 1 + 2\n"
    less = next(one for one in mutants_of(source, "ours.py") if one.becomes == "1 - 2")

    _function_of(type("module", (), {"Ours": Ours}), less.function).__code__ = less.code

    assert (less.function, less.line, Ours().sum) == ("Ours.sum", 4, -1)


def test_rules_and_their_tests_are_found_at_any_depth(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for path in ("bank/rail/rules.py", "bank/core/fx/rules/rates.py", "bank/rail/service.py"):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).touch()

    found = rooms.rules_of(["bank"])

    assert [(str(one.path), str(one.tests), one.name) for one in found] == [
        ("bank/core/fx/rules/rates.py", "tests/bank/core/fx", "bank.core.fx.rules.rates"),
        ("bank/rail/rules.py", "tests/bank/rail", "bank.rail.rules"),
    ]
    assert [rooms.room_of(one.path) for one in found] == ["bank/fx", "bank/rail"]


def test_every_room_that_is_known_is_there_and_every_reason_is_given():
    known = rooms.Known.read()
    there = {rooms.room_of(one.path) for one in rooms.rules_of(rooms.PACKAGES)}

    assert known.waiting | {one.room for one in known.accepted} <= there
    assert all(len(one.why.split()) > 3 for one in known.accepted)
