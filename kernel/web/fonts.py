"""Subsets the typefaces at set-up: one serif for headings, one sans, one Arabic, small enough.

Of each Latin face two files: letters of every day, and the rest for pages that need them.
"""

from __future__ import annotations

import hashlib
import importlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

from kernel.web import kerning

# What the languages of the house write every day; the sheet names the same ranges.
_LATIN = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    0x152,
    0x153,
    0x2009,
    *range(0x2010, 0x2015),
    *range(0x2018, 0x201F),
    0x2022,
    0x2026,
    0x202F,
    0x2039,
    0x203A,
    0x20AC,
    0x2190,
    0x2192,
    0x2212,
]
# Names and places of other languages, seldom signs: sent when a page has one of them.
_MORE_LATIN = [
    *range(0x100, 0x152),
    *range(0x154, 0x180),
    *range(0x218, 0x21C),
    0x2030,
    0x2044,
    0x2116,
    0x2122,
    0x2191,
    0x2193,
    0x2248,
    0x2260,
    0x2264,
    0x2265,
]
# Arabic with its vowel signs and figures, and the letters that it borrows for foreign names.
_ARABIC = [
    0x20,
    0x60C,
    0x61B,
    0x61F,
    *range(0x621, 0x63B),
    *range(0x640, 0x656),
    *range(0x660, 0x66D),
    0x670,
    0x67E,
    0x686,
    0x698,
    0x6A4,
    0x6A9,
    0x6AF,
    0x6CC,
    *range(0x200C, 0x2010),
]


Axes = dict[str, float | tuple[float, float]]


@dataclass(frozen=True)
class Face:
    """A typeface to be cut.

    Shape: axes pin a variable axis to a value, or limit it to a range.
    """

    name: str
    package: str
    file: str
    axes: Axes
    letters: list[int]
    features: tuple[str, ...]


_NEWSREADER: tuple[str, str, Axes] = (
    "fontpkg_newsreader",
    "Newsreader[opsz,wght].ttf",
    {"opsz": 60, "wght": 390},
)
_INSTRUMENT: tuple[str, str, Axes] = (
    "fontpkg_instrument_sans",
    "InstrumentSans[wdth,wght].ttf",
    {"wdth": 100, "wght": (400, 600)},
)
_ARABIC_SANS: tuple[str, str, Axes] = (
    "fontpkg_noto_sans_arabic",
    "NotoSansArabic[wdth,wght].ttf",
    {"wdth": 100, "wght": (400, 600)},
)
_SETTING = ("kern", "liga", "ccmp", "locl", "tnum", "pnum")
_PLAIN = ("ccmp", "locl")
_JOINING = ("ccmp", "locl", "init", "medi", "fina", "isol", "rlig", "calt", "mark", "mkmk")

FACES = (
    Face("newsreader-display.woff2", *_NEWSREADER, _LATIN, _SETTING),
    Face("newsreader-more.woff2", *_NEWSREADER, _MORE_LATIN, _PLAIN),
    Face("instrument-sans.woff2", *_INSTRUMENT, _LATIN, _SETTING),
    Face("instrument-more.woff2", *_INSTRUMENT, _MORE_LATIN, _PLAIN),
    Face("noto-sans-arabic.woff2", *_ARABIC_SANS, _ARABIC, _JOINING),
)


def subsets(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each cut face; cutting takes seconds, so cuts are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    recipe = hashlib.sha256(Path(__file__).read_bytes() + Path(kerning.__file__).read_bytes())
    for face in FACES:
        source = _file(face)
        key = recipe.copy()
        key.update(source.read_bytes())
        cut = folder / f"{key.hexdigest()[:16]}-{face.name}"
        if not cut.exists():
            cut.write_bytes(_cut(source, face))
        yield face.name, cut.read_bytes()


def _file(face: Face) -> Path:
    module = importlib.import_module(face.package)
    return Path(str(module.__file__)).parent / "files" / face.file


def _cut(source: Path, face: Face) -> bytes:
    options = Options()
    options.layout_features = list(face.features)
    options.hinting = False
    options.notdef_outline = True
    # The hour of the build stays out: the same letters have the same name on every machine.
    font = TTFont(source, recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=face.letters)
    subsetter.subset(font)
    # Limiting the axes of a font that was cut in memory loses glyph data: save, open again.
    held = io.BytesIO()
    font.save(held)
    held.seek(0)
    limited = instantiateVariableFont(TTFont(held, recalcTimestamp=False), face.axes)
    if "kern" in face.features:
        kerning.thin_out(limited)
    limited.flavor = "woff2"
    out = io.BytesIO()
    limited.save(out)
    return out.getvalue()
