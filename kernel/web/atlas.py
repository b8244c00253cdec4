"""Places on the engraved map of the world, and the lines that goods travel on it.

A country that nobody has placed has no point; pages tell the same story in words anyway.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kernel import countries
from kernel.registry import Registry, only

WIDTH, HEIGHT = 1200, 538

# Miller's projection, fitted to the drawing: pixels per degree, longitude of the left edge, height
# of the equator. Source: coastlines of static/img/map-world.svg, which are Natural Earth's.
_SCALE, _WEST, _EQUATOR = 10 / 3, -170, 331.6


@dataclass(frozen=True)
class Point:
    """A place on the drawing. Units: its own pixels, 1200 by 538."""

    x: float
    y: float

    @property
    def share_x(self) -> int:
        """Place along the width in percent, for the class `x…`."""
        return round(100 * self.x / WIDTH)

    @property
    def share_y(self) -> int:
        """Place along the height in percent, for the class `y…`."""
        return round(100 * self.y / HEIGHT)


def at(latitude: float, longitude: float) -> Point | None:
    """Return where a place lies on the map, None where it is too far north or south for it."""
    x = (longitude - _WEST) % 360 * _SCALE
    rise = 1.25 * math.log(math.tan(math.pi / 4 + 0.4 * math.radians(latitude)))
    y = _EQUATOR - math.degrees(rise) * _SCALE
    return Point(round(x, 1), round(y, 1)) if 0 <= y <= HEIGHT else None


def _placed(_code: str, told: Mapping[str, Any]) -> Point | None:
    only(told, {"seat"})
    return at(*map(float, told["seat"]))


def places(registry: Registry) -> dict[str, Point | None]:
    """Return where countries lie: their seats of trade, which files give as latitude, longitude."""
    return registry.each("map", _placed)


_PLACES = places(countries.HOUSE)


def seat_of(country: str) -> Point | None:
    """Return the point of a country's seat of trade, None when the map does not show it."""
    return _PLACES.get(country)


def way(start: Point, end: Point) -> str:
    """Return the path data of a route: an arc that leans north, higher the longer it is."""
    length = math.hypot(end.x - start.x, end.y - start.y)
    lift = 0.34 * length
    top = max(min(start.y, end.y) - lift, 6)
    first = start.x + (end.x - start.x) * 0.2
    second = start.x + (end.x - start.x) * 0.62
    return f"M{start.x:g} {start.y:g}C{first:g} {top:g} {second:g} {top:g} {end.x:g} {end.y:g}"


def between(origin: str, destination: str) -> str:
    """Return the path from one country to another.

    Empty within one country, and for a country that nobody has placed.
    """
    start, end = seat_of(origin), seat_of(destination)
    return way(start, end) if start and end and origin != destination else ""


# What a pinned picture covers, from its point to the end and down. Units: pixels of the drawing.
_PIN_WIDTH, _PIN_HEIGHT = 132, 186


def apart(countries: list[str], home: str, *, most: int = 4) -> list[str]:
    """Return the first countries whose pins cover neither each other nor the way home.

    Shape: at most `most`, in the order given; those whose pin would hang over the map's edge are
    left out.
    """
    door = seat_of(home)
    chosen: list[tuple[str, Point]] = []
    for country in countries:
        place = seat_of(country)
        if place is None or country == home or not _hangs_within(place):
            continue
        taken = [point for _, point in chosen]
        if all(_clear(place, other) for other in taken) and not (door and _covers(place, door)):
            chosen.append((country, place))
    return [country for country, _ in chosen[:most]]


def _hangs_within(place: Point) -> bool:
    return place.x <= WIDTH - _PIN_WIDTH and place.y <= HEIGHT - _PIN_HEIGHT


def _clear(one: Point, other: Point) -> bool:
    return abs(one.x - other.x) > _PIN_WIDTH or abs(one.y - other.y) > _PIN_HEIGHT


def _covers(pin: Point, door: Point) -> bool:
    beside = pin.x - 24 < door.x < pin.x + _PIN_WIDTH + 24
    return beside and pin.y - 48 < door.y < pin.y + _PIN_HEIGHT
