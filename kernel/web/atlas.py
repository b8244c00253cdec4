"""Places on the engraved map, and the lines that goods travel on it.

The map shows Europe, Africa's north and Asia; a place beyond its edge has no point, and pages tell
the same story in words anyway.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kernel import countries
from kernel.registry import Registry, only

WIDTH, HEIGHT = 1200, 614

# Miller's projection, fitted to the drawing: pixels per degree, longitude of the left edge,
# height of the equator. Source: coastlines of static/img/map-eurasia.svg.
_SCALE, _WEST, _EQUATOR = 6.67, -21.98, 520.5


@dataclass(frozen=True)
class Point:
    """A place on the drawing. Units: its own pixels, 1200 by 614."""

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
    """Return where a place lies on the map, None beyond its edge."""
    x = (longitude - _WEST) * _SCALE
    rise = 1.25 * math.log(math.tan(math.pi / 4 + 0.4 * math.radians(latitude)))
    y = _EQUATOR - math.degrees(rise) * _SCALE
    return Point(round(x, 1), round(y, 1)) if 0 <= x <= WIDTH and 0 <= y <= HEIGHT else None


def _placed(_code: str, told: Mapping[str, Any]) -> tuple[Point | None, Point | None]:
    only(told, {"seat", "edge"})
    seat = at(*map(float, told["seat"])) if "seat" in told else None
    return seat, Point(*told["edge"]) if "edge" in told else None


def places(registry: Registry) -> dict[str, tuple[Point | None, Point | None]]:
    """Return where countries lie: the seat of trade on the map, or where a route leaves it.

    Shape: the file gives a seat as latitude and longitude, an edge as a point of the drawing.
    """
    return registry.each("map", _placed)


_PLACES = places(countries.HOUSE)


def seat_of(country: str) -> Point | None:
    """Return the point of a country's seat of trade, None when the map does not show it."""
    return _PLACES.get(country, (None, None))[0]


def way(start: Point, end: Point) -> str:
    """Return the path data of a route: an arc that leans north, higher the longer it is."""
    length = math.hypot(end.x - start.x, end.y - start.y)
    lift = 0.34 * length
    top = max(min(start.y, end.y) - lift, 6)
    first = start.x + (end.x - start.x) * 0.2
    second = start.x + (end.x - start.x) * 0.62
    return f"M{start.x:g} {start.y:g}C{first:g} {top:g} {second:g} {top:g} {end.x:g} {end.y:g}"


def between(origin: str, destination: str) -> str:
    """Return the path from one country to another, over the edge when one lies beyond it.

    Empty within one country, and for a country that nobody has placed.
    """
    start, end = (
        seat or edge for seat, edge in (_PLACES.get(c, (None, None)) for c in (origin, destination))
    )
    return way(start, end) if start and end and origin != destination else ""


# What a pinned picture covers, from its point to the end and down. Units: pixels of the drawing.
_PIN_WIDTH, _PIN_HEIGHT = 132, 186


def apart(countries: list[str], home: str, *, most: int = 4) -> list[str]:
    """Return the first countries whose pins cover neither each other nor the way home.

    Shape: at most `most`, in the order given; those the map does not show are left out.
    """
    door = seat_of(home)
    chosen: list[tuple[str, Point]] = []
    for country in countries:
        place = seat_of(country)
        if place is None or country == home or place.y > HEIGHT - _PIN_HEIGHT:
            continue
        taken = [point for _, point in chosen]
        if all(_clear(place, other) for other in taken) and not (door and _covers(place, door)):
            chosen.append((country, place))
    return [country for country, _ in chosen[:most]]


# On a phone: what is seen without turning, as far as the map reaches, and the pin. Units: percent.
_NEAR, _REACH, _PHONE_WIDTH, _PHONE_HEIGHT = 40, 58, 14, 41


def turned(countries: list[str]) -> str:
    """Return the first country whose pin is seen on a phone when it hangs to the west of its point.

    Empty when there is none, or where it would cover another pin.
    """
    places = {country: place for country in countries if (place := seat_of(country))}
    near = [place for place in places.values() if place.share_x <= _NEAR]
    for country, place in places.items():
        if _NEAR < place.share_x <= _REACH and all(_beside(place, other) for other in near):
            return country
    return ""


def _beside(pin: Point, other: Point) -> bool:
    apart_x = abs(pin.share_x - _PHONE_WIDTH - other.share_x) >= _PHONE_WIDTH
    return apart_x or abs(pin.share_y - other.share_y) >= _PHONE_HEIGHT


def _clear(one: Point, other: Point) -> bool:
    return abs(one.x - other.x) > _PIN_WIDTH or abs(one.y - other.y) > _PIN_HEIGHT


def _covers(pin: Point, door: Point) -> bool:
    beside = pin.x - 24 < door.x < pin.x + _PIN_WIDTH + 24
    return beside and pin.y - 48 < door.y < pin.y + _PIN_HEIGHT
