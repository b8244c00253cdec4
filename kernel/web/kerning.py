"""Thins out the kerning of a face that was cut: half of its bytes moved what no eye sees.

Kept are pairs of letters and the stops between them that move by a hundredth of the size or more;
letters with accents stand as those without. All of it becomes one small table of classes.
"""

from __future__ import annotations

import string
import unicodedata
from collections import defaultdict
from typing import Any

from fontTools.otlLib.builder import buildPairPosClassesSubtable, buildValue
from fontTools.ttLib import TTFont

_KERNED = {*string.ascii_letters, *".,-–’“”"}
_LEAST, _STEP = 0.01, 0.005  # of the size of the type

Row = tuple[int, ...]


def thin_out(font: TTFont) -> None:
    """Replace the kerning of a face by the pairs that are seen; all its weights share them."""
    lookups = _lookups(font)
    by_row, by_column = _classes(font, lookups)
    pairs = {
        classes: (buildValue({"XAdvance": moved}), None)
        for classes, moved in _cells(by_row, by_column).items()
    }
    first, *others = lookups
    first.LookupType = 2
    first.SubTable = [buildPairPosClassesSubtable(pairs, font.getReverseGlyphMap())]
    for lookup in others:
        lookup.SubTable = []


def _lookups(font: TTFont) -> list[Any]:
    table = font["GPOS"].table
    used = {
        index
        for record in table.FeatureList.FeatureRecord
        if record.FeatureTag == "kern"
        for index in record.Feature.LookupListIndex
    }
    return [table.LookupList.Lookup[index] for index in sorted(used)]


def _bare(font: TTFont) -> dict[str, str]:
    """Return each kerned glyph's letter without its accent."""
    glyphs = font.getBestCmap()
    letters = {}
    for code, glyph in glyphs.items():
        letter = unicodedata.normalize("NFD", chr(code))[0]
        if letter in _KERNED and ord(letter) in glyphs:
            letters[glyph] = glyphs[ord(letter)]
    return letters


def _classes(font: TTFont, lookups: list[Any]) -> tuple[dict[Row, list[str]], dict[Row, list[str]]]:
    """Return the glyphs that move alike before others, and those that move alike after them."""
    bare, size = _bare(font), font["head"].unitsPerEm
    letters = sorted(set(bare.values()))
    row_of = {
        left: tuple(_seen(_moved(lookups, left, right), size) for right in letters)
        for left in letters
    }
    by_row: dict[Row, list[str]] = defaultdict(list)
    by_column: dict[Row, list[str]] = defaultdict(list)
    for glyph, letter in bare.items():
        by_row[row_of[letter]].append(glyph)
    for glyph, letter in bare.items():
        place = letters.index(letter)
        by_column[tuple(row[place] for row in by_row)].append(glyph)
    return by_row, by_column


def _cells(
    by_row: dict[Row, list[str]], by_column: dict[Row, list[str]]
) -> dict[tuple[tuple[str, ...], tuple[str, ...]], int]:
    return {
        (tuple(lefts), tuple(rights)): column[number]
        for number, lefts in enumerate(by_row.values())
        for column, rights in by_column.items()
        if column[number]
    }


def _seen(moved: int, size: int) -> int:
    step = round(_STEP * size)
    return round(moved / step) * step if abs(moved) >= _LEAST * size else 0


def _moved(lookups: list[Any], left: str, right: str) -> int:
    """Return by how much a pair moves: the first table that knows it decides."""
    for lookup in lookups:
        for table in lookup.SubTable:
            distance = _in_table(getattr(table, "ExtSubTable", table), left, right)
            if distance is not None:
                return distance
    return 0


def _in_table(table: Any, left: str, right: str) -> int | None:  # noqa: ANN401 - no types
    if left not in table.Coverage.glyphs:
        return None
    if table.Format == 2:
        row = table.Class1Record[table.ClassDef1.classDefs.get(left, 0)]
        return _advance(row.Class2Record[table.ClassDef2.classDefs.get(right, 0)])
    pairs = table.PairSet[table.Coverage.glyphs.index(left)].PairValueRecord
    return next((_advance(pair) for pair in pairs if pair.SecondGlyph == right), None)


def _advance(pair: Any) -> int:  # noqa: ANN401 - no types
    return getattr(pair.Value1, "XAdvance", 0) or 0
