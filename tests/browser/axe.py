"""axe-core over pages: what keeps people out, as far as a machine finds it.

Colours against their ground take four fifths of its time, all other rules together one. Where each
can differ, and is looked at:

- names, roles, landmarks, headings, ids, labels: by page, and by what a window of a size shows;
  in English at both sizes, and once more in Arabic, whose names are translated
- colours: by scheme, by what stands over what, and by the size of letters, since large ones may be
  paler. In English they are looked at in both schemes at both sizes, and large letters are asked
  for as much contrast as small ones, so that a language with other sizes needs no look of its own;
  in Arabic once in each scheme, since what is laid over something lies elsewhere there
- room for fingers, regions that scroll: by size, by direction and by the length of words; in
  English and in Arabic at both sizes
- a page's language: in English and Arabic here, in Chinese in its source
"""

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
# What may turn out otherwise where everything stands at the other side.
_TURNED: Rules = {
    "type": "rule",
    "values": [*_COLOURS["values"], "target-size", "scrollable-region-focusable"],
}
# WCAG lets large letters have 3 (1.4.3). How large letters are is for each language to say.
_CONTRAST = {
    "color-contrast": {
        "options": {"contrastRatio": {"normal": {"expected": 4.5}, "large": {"expected": 4.5}}}
    }
}

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
    about = {
        "resultTypes": ["violations"],
        "runOnly": rules,
        "preload": styles,
        "checks": _CONTRAST,
    }
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


def look_from_the_right(page: Page) -> dict[str, list[str]]:
    """Return what is wrong with a page in a language that is read from the right."""
    found = defaultdict(list)
    for size, scheme, rules in ((DESK, "light", EVERYTHING), (PHONE, "dark", _TURNED)):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for fault in violations(page, rules, styles=False):
            found[fault].append(f"{size['width']} {scheme}")
    page.emulate_media(color_scheme="light")
    return found
