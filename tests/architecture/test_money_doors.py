"""Doors for money: floors above the bank say what they want, the bank composes the legs."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from banking import api
from tests.architecture.rooms import TREES

# What a movement is built of. A floor that had it could take from any wallet, escrow or hold.
RAW = {
    "AccountRef",
    "JournalDraft",
    "Leg",
    "Phase",
    "capture",
    "hold",
    "legs_for",
    "legs_of",
    "post",
    "post_many",
    "release",
    "reverse",
    "spend",
}
ABOVE = {"insurance", "marketplace"}


def names_in(tree: ast.Module) -> Iterator[str]:
    """Yield what a module takes from the bank's front door by name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "bank":
            yield node.attr
        elif isinstance(node, ast.ImportFrom) and str(node.module).startswith("banking"):
            yield from (alias.name for alias in node.names)


def test_the_front_door_of_the_bank_hands_out_nothing_to_build_a_movement_of():
    assert RAW & set(vars(api)) == set()


def test_no_floor_above_the_bank_names_a_leg():
    assert [
        f"{path}: {name}"
        for path, tree in TREES.items()
        if path.parts[0] in ABOVE
        for name in names_in(tree)
        if name in RAW
    ] == []


def test_floors_above_the_bank_use_its_intents():
    used = {
        name for path, tree in TREES.items() if path.parts[0] in ABOVE for name in names_in(tree)
    }
    intents = {
        "bear_duty_shortfall",
        "book",
        "collect_from_wallet",
        "fund_escrow",
        "pay_to_wallet",
        "refund_escrow",
        "refund_from_payables",
        "release_escrow",
        "spend_from_wallet",
    }
    assert intents - used == set()
