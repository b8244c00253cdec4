"""Which of the studio's pictures show a product of the demonstration, and what they say.

A render is called `<design>--<colourway>--<view>.webp`. Goods name their design, and their forms
the colourways: whatever lies in the folder is shown, so that further renders appear by themselves.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
# Beside a pencil, an apple or a football a picture says how large goods are.
SCALES = ("pencil", "apple", "football")
_VIEWS = ("hero", "detail", "top")


@dataclass(frozen=True, slots=True)
class Render:
    """A picture of goods. Shape: variant is None when it serves all forms."""

    file: Path
    variant: str | None
    alt: Mapping[str, str]


def renders_of(row: Mapping[str, Any]) -> list[Render]:
    """Return the pictures of a product there are, form by form, the whole view first.

    The last one tells the size: one colour of it serves all forms.
    """
    ways = _colourways(row)
    own = [_render(row, form, way, view) for form, way in ways for view in _VIEWS]
    sizes = [_render(row, form, way, view) for form, way in ways for view in SCALES]
    told = [replace(render, variant=None) for render in sizes if render][:1]
    return [render for render in own if render] + told


def _render(row: Mapping[str, Any], variant: str | None, way: str, view: str) -> Render | None:
    file = _HERE / "pictures" / f"{row['design']}--{way}--{view}.webp"
    if not file.exists():
        return None
    told = {picture["file"]: picture["alt"] for picture in row["pictures"]}
    # Languages that nobody wrote a picture's words in have the title's.
    alt = _alt(row, variant, view) | told.get(file.name, {})
    return Render(file, variant, alt)


def _colourways(row: Mapping[str, Any]) -> list[tuple[str | None, str]]:
    """Return each form with its colourway; goods that differ in size have one for all.

    That one is in the first picture told of, else it is called `one`.
    """
    if row["option"] == "colour":
        return [(variant["key"], variant["key"]) for variant in row["variants"]]
    told = [picture["file"].split("--")[1] for picture in row["pictures"][:1]]
    return [(None, told[0] if told else "one")]


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
