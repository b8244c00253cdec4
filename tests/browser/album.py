"""Pictures of every page for eyes to look at, all languages of a page on one sheet.

    make album [OF=/bank/send]    # into var/album, pages whose address holds the words alone

A page gives sheets of phones beside each other, of desks at half their size, and of the dark scheme
from the left and from the right.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.pages import COMPONENTS, PAGES, Visit
from tests.browser.visiting import DESK, PHONE, House, visit, window

pytestmark = pytest.mark.browser

LANGUAGES = ("en", "de", "zh-cn", "ar")
# A sheet is no higher than eyes take in at once, and a page no longer than three of them.
_HIGH, _SHEETS = 1_500, 3
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
    """What scrolls sideways would make a sheet of its own width."""
    name = (
        re.sub(r"\W+", "-", f"{address} {who.partition('@')[0] if who else ''}").strip("-")
        or "home"
    )
    phones, desks, dark = [
        [(lang, "light", PHONE) for lang in LANGUAGES],
        [(lang, "light", DESK) for lang in LANGUAGES],
        [("en", "dark", PHONE), ("ar", "dark", DESK)],
    ]
    with window(chromium) as page:
        for kind, looks in (
            ("phone", phones),
            ("desk1", desks[:2]),
            ("desk2", desks[2:]),
            ("dark", dark),
        ):
            shots = [_taken(house, page, who, address, *look) for look in looks]
            for number, sheet in enumerate(_sheets(shots)):
                sheet.save(folder / f"{name}.{kind}.{number}.webp", quality=80)


def _taken(
    house: House,
    page: Page,
    who: str | None,
    address: str,
    lang: str,
    scheme: Any,
    size: ViewportSize,
) -> Image.Image:
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    visit(house, page, who, lang, address)
    page.evaluate("document.querySelectorAll('img').forEach(picture => picture.loading = 'eager')")
    page.wait_for_load_state("networkidle")
    shot = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
    assert shot.width == size["width"], f"{lang} {scheme}: {page.url}"
    return shot.resize((shot.width // 2, shot.height // 2)) if size == DESK else shot


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
