"""Which of the studio's pictures show a product of the demonstration, and what they say.

A render is called `<design>--<colourway>--<view>.webp`. Goods name their design, and their forms
the colourways: whatever lies in the folder is shown, so that further renders appear by themselves.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
_VIEWS = ("hero", "detail", "top")


@dataclass(frozen=True, slots=True)
class Render:
    """A picture of goods. Shape: variant is None when all forms look like this."""

    file: Path
    variant: str | None
    alt: Mapping[str, str]


def renders_of(row: Mapping[str, Any]) -> list[Render]:
    """Return the pictures of a product there are, form by form, the whole view first."""
    pictures = {picture["file"]: picture for picture in row["pictures"]}
    renders = []
    for variant, colourway in _colourways(row):
        for view in _VIEWS:
            file = _HERE / "pictures" / f"{row['design']}--{colourway}--{view}.webp"
            if file.exists():
                known = pictures.get(file.name)
                alt = known["alt"] if known else _alt(row, variant, view)
                renders.append(Render(file, variant, alt))
    return renders


def _colourways(row: Mapping[str, Any]) -> list[tuple[str | None, str]]:
    """Return each form with its colourway; goods that differ in size have one for all."""
    if row["design"] is None:
        return []
    if row["option"] == "colour":
        return [(variant["key"], variant["key"]) for variant in row["variants"]]
    return [(None, picture["file"].split("--")[1]) for picture in row["pictures"][:1]]


def _alt(row: Mapping[str, Any], variant: str | None, view: str) -> dict[str, str]:
    words, names = _words(), _colours()
    none: Mapping[str, str] = {}
    options = next((v["options"] for v in row["variants"] if v["key"] == variant), none)
    colour = names.get(options.get("colour", ""), {})
    alts = {}
    for locale, text in row["texts"].items():
        what = text["title"]
        if locale in colour:
            what = words["coloured"][locale].format(title=what, colour=colour[locale].lower())
        alts[locale] = words[view][locale].format(what=what)
    return alts


@cache
def _words() -> dict[str, dict[str, str]]:
    return _data("views.json")  # type: ignore[no-any-return]


@cache
def _colours() -> dict[str, dict[str, str]]:
    attributes = _data("attributes.json")
    values = next(a["values"] for a in attributes if a["key"] == "colour")
    return {value["key"]: value["names"] for value in values}


def _data(name: str) -> Any:  # noqa: ANN401 - JSON in the shapes of docs/demo-world.md
    return json.loads((_HERE / "data" / name).read_text(encoding="utf-8"))
