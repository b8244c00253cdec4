"""Whole numbers written out in words, as papers that pay money repeat their figures.

A language is some sets of rules, each with the number from which on it holds. Of a number the last
rule that holds counts: `<<` stands for how many times its power fits, `>>` for the rest, both in
the same set or in one that is named between the signs; `=name=` says the number itself by another
set; what stands in brackets is said of a rest that is not nothing. A set that is `like` another one
has its rules and replaces some.
Source: CLDR, rule-based number format; Chinese and Japanese in the signs that are used for money.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "numerals.json"
_SLOT = re.compile(r"<(\w*)<|>(\w*)>|=(\w+)=")
_ASIDE = re.compile(r"\[([^\]]*)\]")


@dataclass(frozen=True, slots=True)
class _Rule:
    """Units: base is the first number it holds for, power what it counts by."""

    base: int
    power: int
    text: str


def spelled(number: int, locale: str) -> str:
    """Return a whole number from zero on in the words of a language."""
    assert number >= 0, "nothing is less than nothing here"
    return _said(number, "main", _sets(locale))


def languages() -> frozenset[str]:
    """Return the languages that numbers are written out in."""
    return frozenset(json.loads(_FILE.read_text(encoding="utf-8")))


@cache
def _sets(locale: str) -> Mapping[str, tuple[_Rule, ...]]:
    told = json.loads(_FILE.read_text(encoding="utf-8"))[locale]
    return {name: _rules(told, name) for name in told}


def _rules(told: Mapping[str, Mapping[str, str]], name: str) -> tuple[_Rule, ...]:
    own = {key: text for key, text in told[name].items() if key != "like"}
    parent = told[name].get("like")
    texts = (dict(told[parent]) if parent else {}) | own
    return tuple(sorted((_rule(key, text) for key, text in texts.items()), key=_base))


def _base(rule: _Rule) -> int:
    return rule.base


def _rule(key: str, text: str) -> _Rule:
    base, _, radix = key.partition("/")
    power, step = 1, int(radix or 10)
    while power * step <= int(base):
        power *= step
    return _Rule(int(base), power, text)


def _said(number: int, name: str, sets: Mapping[str, tuple[_Rule, ...]]) -> str:
    rule = [one for one in sets[name] if one.base <= number][-1]
    many, rest = divmod(number, rule.power)

    def aside(found: re.Match[str]) -> str:
        return found[1] if rest else ""

    def slot(found: re.Match[str]) -> str:
        times, left, other = found.groups()
        if other is not None:
            return _said(number, other, sets)
        if times is not None:
            return _said(many, times or name, sets)
        return _said(rest, left or name, sets)

    return _SLOT.sub(slot, _ASIDE.sub(aside, rule.text))
