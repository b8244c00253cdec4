"""axe-core over pages: what keeps people out, as far as a machine finds it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.browser.visiting import DESK, PHONE

_ENGINE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
_LAW = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
Rules = dict[str, Any]
EVERYTHING: Rules = {"type": "tag", "values": [*_LAW, "best-practice"]}
# A letter is shown inside a mail program, whose landmarks are around it.
LETTER: Rules = {"type": "tag", "values": _LAW}
# A scheme changes colours and nothing else: the second one is asked about colours.
_COLOURS: Rules = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}

_RUN = """async options => (await axe.run(document, options)).violations.flatMap(rule =>
    rule.nodes.map(node => `${rule.id}: ${node.target.join(' ')}: ${node.html.slice(0, 200)}: `
        + [...node.any, ...node.all, ...node.none].map(check => check.message).join('; ')))"""


@cache
def _engine() -> str:
    return _ENGINE.read_text(encoding="utf-8")


def violations(page: Page, rules: Rules = EVERYTHING, *, styles: bool = True) -> list[str]:
    """Return what is wrong with a page as it stands.

    Without its styles, which are fetched anew each time, one rule is not asked: whether they lock
    the page to one way of holding a phone.
    """
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(_engine())  # by the debugger's door: the page's own policy stays in force
    about = {"resultTypes": ["violations"], "runOnly": rules, "preload": styles}
    found: list[str] = page.evaluate(_RUN, about)
    return found


def look_at(page: Page, schemes: Iterable[str] = ("light", "dark")) -> dict[str, list[str]]:
    """Return what is wrong at each size in each scheme, by what it is."""
    found = defaultdict(list)
    asked = [(scheme, _COLOURS if number else EVERYTHING) for number, scheme in enumerate(schemes)]
    # There and back: the second window begins with the scheme in which the first one ends.
    for size, turns in ((DESK, asked), (PHONE, reversed(asked))):
        page.set_viewport_size(size)
        for scheme, rules in turns:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            for fault in violations(page, rules, styles=size is PHONE):
                found[fault].append(f"{size['width']} {scheme}")
    return found
