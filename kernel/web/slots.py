"""Tiles that a higher floor hangs into a lower floor's page, so that no import looks upward."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.plug import Plug, Slot
from kernel.web.access import current_actor

_slots: dict[str, list[Slot]] = {}


@dataclass(frozen=True, slots=True)
class Tile:
    """A template and what it shows."""

    template: str
    content: object


def hang(plugs: list[Plug]) -> None:
    """Learn every package's tiles."""
    _slots.clear()
    for plug in plugs:
        for slot in plug.slots:
            _slots.setdefault(slot.place, []).append(slot)
    for tiles in _slots.values():
        tiles.sort(key=lambda slot: slot.order)


def tiles(place: str) -> list[Tile]:
    """Return what hangs in a place for the one who looks."""
    shown = []
    for slot in _slots.get(place, ()):
        content = slot.load(current_actor())
        if content is not None:
            shown.append(Tile(slot.template, content))
    return shown
