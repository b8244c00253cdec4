"""Places on the engraved map, and the lines that goods travel on it.

The map shows Europe, Africa's north and Asia; a place beyond its edge has no point, and pages tell
the same story in words anyway.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

WIDTH, HEIGHT = 1200, 614

# Miller's projection, fitted to the drawing: pixels per degree, longitude of the left edge,
# height of the equator. Source: coastlines of static/img/map-eurasia.svg.
_SCALE, _WEST, _EQUATOR = 6.67, -21.98, 520.5

# Where a country's parcels start or end, as latitude and longitude of its seat of trade.
SEATS: dict[str, tuple[float, float]] = {
    "AE": (25.2, 55.3),
    "AT": (48.2, 16.4),
    "BE": (50.8, 4.4),
    "BG": (42.7, 23.3),
    "CH": (47.4, 8.5),
    "CN": (31.2, 121.5),
    "CY": (35.2, 33.4),
    "CZ": (50.1, 14.4),
    "DE": (52.5, 13.4),
    "DK": (55.7, 12.6),
    "EE": (59.4, 24.7),
    "EG": (30.0, 31.2),
    "ES": (40.4, -3.7),
    "FI": (60.2, 24.9),
    "FR": (48.9, 2.4),
    "GB": (51.5, -0.1),
    "GR": (38.0, 23.7),
    "HK": (22.3, 114.2),
    "HR": (45.8, 16.0),
    "HU": (47.5, 19.0),
    "ID": (-6.2, 106.8),
    "IE": (53.3, -6.3),
    "IN": (19.1, 72.9),
    "IS": (64.1, -21.9),
    "IT": (45.5, 9.2),
    "JP": (35.7, 139.7),
    "KR": (37.6, 127.0),
    "LT": (54.7, 25.3),
    "LU": (49.6, 6.1),
    "LV": (56.9, 24.1),
    "MA": (33.6, -7.6),
    "MT": (35.9, 14.5),
    "NL": (52.4, 4.9),
    "NO": (59.9, 10.8),
    "PL": (52.2, 21.0),
    "PT": (41.1, -8.6),
    "RO": (44.4, 26.1),
    "SA": (21.5, 39.2),
    "SE": (59.3, 18.1),
    "SG": (1.4, 103.8),
    "SI": (46.1, 14.5),
    "SK": (48.1, 17.1),
    "TH": (13.8, 100.5),
    "TR": (41.0, 29.0),
    "TW": (25.0, 121.6),
    "VN": (21.0, 105.8),
}


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


def seat_of(country: str) -> Point | None:
    """Return the point of a country's seat of trade, None when the map does not show it."""
    seat = SEATS.get(country)
    return at(*seat) if seat else None


# Where a route leaves the drawing for a country beyond it.
_BEYOND = {
    "AU": Point(1120, HEIGHT),
    "BR": Point(0, 520),
    "CA": Point(0, 120),
    "MX": Point(0, 320),
    "NZ": Point(WIDTH, 560),
    "US": Point(0, 200),
}


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
    start, end = (seat_of(code) or _BEYOND.get(code) for code in (origin, destination))
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
