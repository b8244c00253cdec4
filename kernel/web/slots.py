"""Tiles that a higher floor hangs into a lower floor's page, so that no import looks upward."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import g

from kernel.actor import Actor
from kernel.manifest import Manifest, Slot
from kernel.web.access import current_actor

_slots: dict[str, list[Slot]] = {}


@dataclass(frozen=True, slots=True)
class Tile:
    """A template and what it shows."""

    template: str
    content: object


def hang(manifests: Iterable[Manifest]) -> None:
    """Learn every package's tiles."""
    _slots.clear()
    for manifest in manifests:
        for slot in manifest.slots():
            _slots.setdefault(slot.place, []).append(slot)
    for tiles in _slots.values():
        tiles.sort(key=lambda slot: slot.order)


def tiles(place: str) -> list[Tile]:
    """Return what hangs in a place for the one who looks.

    Places of one page that show the same thing ask for it once.
    """
    loaded: dict[Callable[[Actor], object | None], object | None] = g.setdefault("slots", {})
    shown: list[Tile] = []
    for slot in _slots.get(place, ()):
        if slot.load not in loaded:
            loaded[slot.load] = slot.load(current_actor())
        content = loaded[slot.load]
        if content is not None:
            shown.append(Tile(slot.template, content))
    return shown
