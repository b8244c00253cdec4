"""Where things stand: the sources of the house, its areas and its rooms."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("kernel", "banking", "insurance", "search", "marketplace")

SOURCES = {
    path.relative_to(ROOT): path.read_text(encoding="utf-8")
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
}
TREES = {path: ast.parse(source) for path, source in SOURCES.items()}
# What is no package and is read as often: tests and measurements.
BESIDE = {
    path.relative_to(ROOT): path.read_text(encoding="utf-8")
    for folder in ("tests", "benchmarks")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "node_modules" not in path.parts
}
EVERY_SOURCE = SOURCES | BESIDE


_HOLDS_MODULES = {path.parent.parts for path in SOURCES if path.stem != "__init__"}


def room_of(parts: Sequence[str]) -> tuple[str, ...] | None:
    """Return the room that a module stands in, None for what belongs to a package or an area.

    An area holds rooms and nothing else; a room holds modules. Shape: parts of a path or a name.
    """
    folders = (tuple(parts[:depth]) for depth in range(2, len(parts)))
    return next((folder for folder in folders if folder in _HOLDS_MODULES), None)


ROOMS = sorted({room for path in SOURCES if (room := room_of(path.parts))})
