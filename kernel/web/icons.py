"""Line drawings set into the page itself: they take the colour of the words beside them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from markupsafe import Markup

_FOLDER = Path(__file__).parent / "static" / "icons"

# Drawings that point along the line of reading; they turn round in right-to-left pages.
_DIRECTED = {"arrow", "send", "receive"}


@cache
def icon(name: str, kind: str = "icon") -> Markup:
    """Return a drawing that says nothing by itself; words beside it carry the meaning."""
    text = (_FOLDER / f"{name}.svg").read_text(encoding="utf-8").strip()
    inner = re.sub(r"^<svg[^>]*>|</svg>$", "", text)
    box = "0 0 44 44" if name == "seal" else "0 0 24 24"
    classes = f"{kind} flip" if name in _DIRECTED else kind
    return Markup(  # noqa: S704 - the drawings are our own files
        f'<svg class="{classes}" viewBox="{box}" aria-hidden="true">{inner}</svg>'
    )
