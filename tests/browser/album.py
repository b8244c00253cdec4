"""Pictures of every page for eyes to look at, all nine languages of a page side by side.

    make album [OF=/bank/send]    # into var/album, pages whose address holds the words alone

A page gives sheets of phones and of desks, each in light and dark.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize

from kernel.web.preferences import LANGUAGES
from tests.browser.pages import COMPONENTS, PAGES, Visit
from tests.browser.visiting import DESK, PHONE, House, visit, window

pytestmark = pytest.mark.browser

Scheme = Literal["light", "dark"]

# Sheets of light are read, those of dark are seen. How much smaller, and how many on one sheet.
LOOKS: Sequence[tuple[str, ViewportSize, Scheme, float, int]] = (
    ("phone", PHONE, "light", 0.75, 5),
    ("desk", DESK, "light", 0.4, 3),
    ("phone", PHONE, "dark", 0.42, 9),
    ("desk", DESK, "dark", 0.24, 5),
)
# A sheet is no higher than eyes take in at once, and a page no longer than two of them.
_HIGH, _SHEETS = 1_500, 2
_GAP = 12
_OF = os.environ.get("ALBUM_OF", "")


def chosen() -> list[Visit]:
    """Return the pages that were asked for."""
    return [(who, address) for who, address in [*PAGES, *COMPONENTS] if _OF in address]


@pytest.fixture(scope="module")
def folder() -> Path:
    """Where the sheets go."""
    at = Path(os.environ.get("ALBUM_IN", "var/album"))
    at.mkdir(parents=True, exist_ok=True)
    return at


@pytest.mark.parametrize(("who", "address"), chosen())
def test_a_page_is_as_wide_as_its_window_in_every_picture(
    house: House, chromium: Browser, folder: Path, who: str | None, address: str
) -> None:
    """What scrolls sideways would be wider than its window."""
    name = (
        re.sub(r"\W+", "-", f"{address} {who.partition('@')[0] if who else ''}").strip("-")
        or "home"
    )
    shots: list[list[Image.Image]] = [[] for _ in LOOKS]
    with window(chromium) as page:
        for lang in LANGUAGES:
            page.set_viewport_size(PHONE)
            visit(house, page, who, lang, address)
            if address != "/":
                page.evaluate(_WITHOUT_FOOTER)
            for taken, (_, size, scheme, scale, _) in zip(shots, LOOKS, strict=True):
                shot = _taken(page, size, scheme)
                assert shot.width == size["width"], f"{lang} {scheme}: {page.url}"
                taken.append(shot.resize((round(shot.width * scale), round(shot.height * scale))))
    for taken, (width, _, scheme, _, together) in zip(shots, LOOKS, strict=True):
        for start in range(0, len(taken), together):
            for number, sheet in enumerate(_sheets(taken[start : start + together])):
                sheet.save(folder / f"{name}.{scheme}.{width}{start}.{number}.webp", quality=80)


def _taken(page: Page, size: ViewportSize, scheme: Scheme) -> Image.Image:
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    page.evaluate(_PICTURES_ARE_THERE)
    return Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")


# The same below every page: it is looked at once.
_WITHOUT_FOOTER = """() => {
    for (const one of document.querySelectorAll("body > footer")) one.style.display = "none";
}"""
# Those further down come as one scrolls; here every one is waited for, however it ends.
_PICTURES_ARE_THERE = """() => Promise.all([document.fonts.ready, ...[...document.images].map(one => {
    one.loading = "eager";
    return one.complete || new Promise(there => one.onload = one.onerror = there);
})])"""


def _sheets(shots: list[Image.Image]) -> Iterator[Image.Image]:
    """Yield pictures side by side, cut where a sheet ends."""
    wide, high = sum(shot.width + _GAP for shot in shots), max(shot.height for shot in shots)
    for top in range(0, min(high, _SHEETS * _HIGH), _HIGH):
        sheet = Image.new("RGB", (wide, min(_HIGH, high - top)), "#888")
        left = 0
        for shot in shots:
            sheet.paste(
                shot.crop((0, top, shot.width, max(top, min(shot.height, top + _HIGH)))), (left, 0)
            )
            left += shot.width + _GAP
        yield sheet
