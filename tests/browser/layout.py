"""What a page's layout does to its words, as `layout.js` measures it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page


@cache
def _script() -> str:
    return (Path(__file__).parent / "layout.js").read_text(encoding="utf-8").split("\n", 1)[1]


def measured(page: Page, *what: str) -> Any:
    """Return what the named measures find: `measured(page, "spills", "cuts")`."""
    page.evaluate("document.fonts.ready.then(() => 1)")
    found = page.evaluate(
        f"what => {{ const all = {_script()}; return what.map(n => all[n]()) }}", list(what)
    )
    return found if len(what) > 1 else found[0]
