"""Which elements the house's sheets set apart from the words beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import soupsieve
from bs4 import Tag

from kernel.web import assets

# What lays its children out beside or under each other, and what an element needs to stand apart
# by itself: a box, room at its sides, a place of its own, or a sign before it.
_CONTAINER = re.compile(r"^display\s*:\s*(?:inline-)?(?:flex|grid)")
_BOX = re.compile(
    r"^(?:display\s*:(?!\s*(?:inline|contents|none))|position\s*:\s*(?:absolute|fixed)|float\s*:"
    r"|(?:margin|padding)(?:-inline(?:-start|-end)?)?\s*:(?!\s*(?:0|\S+ 0|0 \S+ 0|\S+ 0 \S+)$)"
    r"|border(?:-inline(?:-start|-end)?)?\s*:(?!\s*(?:0|none))|content\s*:)"
)
_PSEUDO_ELEMENT = re.compile(r"::[a-z-]+")
# A condition (a window's size, print) may not hold: what it says sets nothing apart.
_CONDITION = re.compile(r"@(?!layer)")
# What holds of every element, and of a form in one of its states.
_SAYS_NOTHING = re.compile(r"^:is\(\*|:has\(")


def lays_out(element: Tag) -> bool:
    """Tell whether an element's children have boxes with room between them."""
    return _is_said_of(element, _CONTAINER)


def stands_apart(element: Tag) -> bool:
    """Tell whether an element touches no word beside it."""
    return _is_said_of(element, _BOX)


def _is_said_of(element: Tag, declared: re.Pattern[str]) -> bool:
    answers = _answers(declared)
    line = tuple(
        (one.name, *one.get("class", ())) for one in (element, *element.parents) if one.name
    )
    if line not in answers:
        answers[line] = any(rule.match(element) for rule in _rules(declared))
    return answers[line]


@cache
def _answers(_declared: re.Pattern[str]) -> dict[object, bool]:
    """Answers by the line of elements above one: pages repeat theirs a thousand times."""
    return {}


@cache
def _rules(declared: re.Pattern[str]) -> list[soupsieve.SoupSieve]:
    found = {
        selector
        for path in sorted((assets.STATIC / "css").rglob("*.css"))
        if path.name != "print.css"
        for selector, said in _declarations(path.read_text(encoding="utf-8"))
        if declared.search(said) and not _SAYS_NOTHING.search(selector)
    }
    return [soupsieve.compile(selector) for selector in sorted(found)]


def _declarations(css: str) -> Iterator[tuple[str, str]]:
    """Yield each unconditional declaration with its whole selector, pseudo-elements left out."""
    around: list[str] = []
    for part in re.findall(r"[^{};]*[{};]", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)):
        words = " ".join(part[:-1].split())
        if part[-1] == "{":
            around.append(words)
            continue
        if words and not any(_CONDITION.match(one) for one in around):
            yield _whole([one for one in around if not one.startswith("@")]), words
        if part[-1] == "}":
            around.pop()


def _whole(nested: list[str]) -> str:
    """Return one selector for rules that stand in each other."""
    whole = ""
    for selectors in nested:
        plain = _PSEUDO_ELEMENT.sub("", selectors)
        parts = [one.strip() or "*" for one in _parts(plain)]
        if whole:
            parts = [one.replace("&", whole) if "&" in one else f"{whole} {one}" for one in parts]
        whole = f":is({', '.join(parts)})"
    return whole


def _parts(selectors: str) -> Iterator[str]:
    """Yield the selectors of a list; commas in brackets part none."""
    depth, begun = 0, 0
    for place, sign in enumerate(selectors):
        depth += (sign == "(") - (sign == ")")
        if sign == "," and not depth:
            yield selectors[begun:place]
            begun = place + 1
    yield selectors[begun:]
