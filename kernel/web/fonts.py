"""Subsets the typefaces at set-up: one serif for headings, one sans, one Arabic, small enough."""

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

_LATIN = [
    *range(0x20, 0x7F), *range(0xA0, 0x180), 0x218, 0x219, 0x21A, 0x21B,
    *range(0x2010, 0x2027), 0x2030, 0x2039, 0x203A, 0x2044, 0x20AC, 0x2116, 0x2122,
    0x2190, 0x2191, 0x2192, 0x2193, 0x2212, 0x2248, 0x2260, 0x2264, 0x2265, 0xD7,
]  # fmt: skip
_ARABIC = [
    0x20, *range(0x600, 0x700), 0x200C, 0x200D, 0x200E, 0x200F,
    *range(0xFE80, 0xFEFD),
]  # fmt: skip


@dataclass(frozen=True)
class Face:
    """A typeface to be cut.

    Shape: axes pin a variable axis to a value, or limit it to a range.
    """

    name: str
    package: str
    file: str
    axes: dict[str, float | tuple[float, float]]
    letters: list[int]


FACES = (
    Face("newsreader-display.woff2", "fontpkg_newsreader", "Newsreader[opsz,wght].ttf",
         {"opsz": 60, "wght": 390}, _LATIN),
    Face("instrument-sans.woff2", "fontpkg_instrument_sans", "InstrumentSans[wdth,wght].ttf",
         {"wdth": 100, "wght": (400, 650)}, _LATIN),
    Face("noto-sans-arabic.woff2", "fontpkg_noto_sans_arabic", "NotoSansArabic[wdth,wght].ttf",
         {"wdth": 100, "wght": (400, 700)}, _ARABIC),
)  # fmt: skip

_FEATURES = ["kern", "liga", "calt", "ccmp", "locl", "mark", "mkmk", "tnum", "lnum", "pnum",
             "init", "medi", "fina", "isol", "rlig", "rclt"]  # fmt: skip


def subsets(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each cut face; cutting takes seconds, so cuts are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    recipe = hashlib.sha256(Path(__file__).read_bytes())
    for face in FACES:
        source = _file(face)
        key = recipe.copy()
        key.update(source.read_bytes())
        kept = folder / f"{key.hexdigest()[:16]}-{face.name}"
        if not kept.exists():
            kept.write_bytes(_cut(source, face))
        yield face.name, kept.read_bytes()


def _file(face: Face) -> Path:
    module = importlib.import_module(face.package)
    return Path(str(module.__file__)).parent / "files" / face.file


def _cut(source: Path, face: Face) -> bytes:
    options = Options()
    options.layout_features = _FEATURES
    options.hinting = False
    options.notdef_outline = True
    font = TTFont(source)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=face.letters)
    subsetter.subset(font)
    # Limiting the axes of a font that was cut in memory loses glyph data: save, open again.
    held = io.BytesIO()
    font.save(held)
    held.seek(0)
    limited = instantiateVariableFont(TTFont(held), face.axes)
    limited.flavor = "woff2"
    out = io.BytesIO()
    limited.save(out)
    return out.getvalue()
