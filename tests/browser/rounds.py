"""One opening of a page serves everybody who has something to say about it.

Most pages take longer to open than to inspect. A round opens each page once in a language; every
inspector looks at it there, and the tests ask what their inspector found. A page that was green and
is as it was is not opened again (`remembering.py`).

Which language asks what:

- English: everything that axe knows (`axe.py`), keys, room on a phone and at 400 %
- Arabic: what the direction changes, its own words' room on a phone and at 400 %, the mirror image
- German: the room of long words from the left in every window, and spaced out
- English sentences two fifths longer, written from the right: the room of long words in every
  window, and sentences that nobody marked
- Chinese: its source. Its sheets change faces and sizes of letters, never colours
  (`tests/kernel/web/test_assets.py`); validity, names and stray words stand in the source
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page

from tests.browser.axe import look_at, look_from_the_right
from tests.browser.keys import keys, stops
from tests.browser.layout import measured
from tests.browser.pages import COMPONENTS, PAGES, SAY_NO, Visit
from tests.browser.people import browser
from tests.browser.remembering import Memory
from tests.browser.visiting import DESK, PHONE, TABLET, House, visit, window

# A window of 1280 by 1024 at 400 % holds this much (WCAG 1.4.10).
AT_400_PERCENT = {"width": 320, "height": 256}

# Yields the faults of an open page, each with the window it was seen in.
Look = Callable[[Page], Iterable[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Inspector:
    """Somebody who looks at an open page.

    Shape: asks is what is asked, and in which windows.
    """

    asks: str
    look: Look


@dataclass
class Round:
    """What became of a round.

    Shape: found holds where each fault was seen, by inspector and fault; kept what was noted of
    each page, by name and address; html each page's source, by address.
    """

    found: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)
    html: dict[str, str] = field(default_factory=dict)


def axe(look: Callable[[Page], Mapping[str, Iterable[str]]]) -> Inspector:
    """Find what keeps people out, as a look of axe finds it."""

    def inspect(page: Page) -> Iterator[tuple[str, str]]:
        for fault, places in look(page).items():
            for place in places:
                yield fault, place

    return Inspector(look.__name__, inspect)


def layout(*sizes: Any) -> Inspector:
    """Find what sticks out, is cut off or runs over other words in windows of these sizes.

    On a phone also what gives a thumb less room than it needs (WCAG 2.5.5).
    """

    def look(page: Page) -> Iterator[tuple[str, str]]:
        for size in sizes:
            page.set_viewport_size(size)
            for faults in measured(page, "spills", "cuts", *(["slim"] if size is PHONE else [])):
                for fault in faults:
                    yield fault, str(size["width"])

    return Inspector(f"layout {sizes}", look)


# WCAG 1.4.12: readers may ask for as much room around letters, words and lines.
_SPACED = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("* { letter-spacing: .12em !important; word-spacing: .16em !important;"
        + "line-height: 1.5 !important } p { margin-block-end: 2em !important }");
    document.adoptedStyleSheets = [sheet];
}"""


def spaced(page: Page) -> Iterator[tuple[str, str]]:
    """Find what is lost on a phone when a reader spaces text out; the page stays spaced out."""
    page.set_viewport_size(PHONE)
    page.evaluate(_SPACED)
    for faults in measured(page, "spills", "cuts"):
        for fault in faults:
            yield fault, "spaced out"


AXE = {"axe": axe(look_at)}
AXE_FROM_THE_RIGHT = {"axe": axe(look_from_the_right)}
STOPS_ON_PHONE = {"stops on a phone": Inspector("stops on a phone", stops(PHONE))}
KEYS_AT_DESK = {"keys at a desk": Inspector("keys at a desk", keys(DESK))}
NARROW = {"layout": layout(PHONE, AT_400_PERCENT)}
EVERY_SIZE = {"layout": layout(DESK, TABLET, PHONE)}
EVERY_SIZE_AND_NARROW = {"layout": layout(DESK, TABLET, PHONE, AT_400_PERCENT)}
SPACED = {"spaced": Inspector("spaced", spaced)}


def make_round(
    house: House,
    chromium: Browser,
    lang: str,
    *,
    inspectors: Mapping[str, Inspector],
    notes: Iterable[str] = (),
    pages: Iterable[Visit] = PAGES,
) -> Round:
    """Open every page once in a language; notes are measures of `layout.js`, in a wide window.

    Every other size of the window is a new layout and a new picture: what looks at one size stands
    beside what looks at the same.
    """
    made = Round({name: defaultdict(list) for name in inspectors}, {name: {} for name in notes})
    asked = [inspector.asks for inspector in inspectors.values()]
    memory = Memory(chromium.version, lang, asked, list(made.kept))
    with window(chromium) as page:
        for who, address in pages:
            source = source_of(house, lang, (who, address)) if memory.holds_any else ""
            seen, kept = f"{address} ({who})", memory.recalled(source)
            if kept is None:
                page.set_viewport_size(DESK)
                source = visit(house, page, who, lang, address).text()
                kept = {name: measured(page, name) for name in made.kept}
                if not _look(page, inspectors, seen, made.found):
                    memory.keep(source, kept)
            made.html[f"/{lang}{seen}"] = source
            for name, note in kept.items():
                made.kept[name][seen] = note
    return made


def _look(
    page: Page,
    inspectors: Mapping[str, Inspector],
    seen: str,
    found: dict[str, dict[str, list[str]]],
) -> int:
    """Note where each fault was seen; return how many there were."""
    faults = 0
    for name, inspector in inspectors.items():
        for fault, place in inspector.look(page):
            found[name].setdefault(fault, []).append(f"{place} {seen}")
            faults += 1
    return faults


def sources(house: House, lang: str) -> Iterator[tuple[str, str]]:
    """Yield the address and the source of every page in a language, opened by no browser."""
    for who, address in [*PAGES, *COMPONENTS]:
        path = f"/{lang}{address.format(**house.names)}"
        yield f"{path} ({who})", source_of(house, lang, (who, address))


def is_green(memory: Memory, house: House, lang: str, visit: Visit) -> bool:
    """Tell whether a page was looked at before, found green, and is as it was."""
    return memory.holds_any and memory.recalled(source_of(house, lang, visit)) is not None


def source_of(house: House, lang: str, visit: Visit) -> str:
    """Return the source of a page, opened by no browser."""
    who, address = visit
    client = browser(house.app, house.actors[who] if who else None)
    answer = client.get(f"/{lang}{address.format(**house.names)}", follow_redirects=True)
    assert answer.status_code == SAY_NO.get(visit, 200), address
    return answer.text
