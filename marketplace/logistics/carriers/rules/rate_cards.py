"""Rate cards: zones, charged weight, fuel, cut-off and working days; all of it dated data."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from kernel.countries import time_zones
from kernel.money import Money
from kernel.registry import Registry, only
from kernel.text import N_
from marketplace.logistics.carriers.rules.numbers import Numbers, numbers_from
from marketplace.logistics.carriers.rules.tracking import ParcelState, codes_from

# i18n: names of the ways to send a parcel, as the buyer chooses them
_SERVICE_NAMES: Mapping[str, str] = {
    "post": N_("Tracked post"),
    "express": N_("Express courier"),
    "freight": N_("Freight, to the kerb"),
}


class NoRateCard(LookupError):
    """No rate card of a service is in force on a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateCard:
    """A rate card. Units: base and step in `currency`, by zone; days are working days."""

    id: str
    valid_from: date
    valid_to: date | None
    currency: str
    base: Mapping[int, Fraction]
    step: Mapping[int, Fraction]
    days: Mapping[int, tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fuel:
    """A fuel surcharge on the card's price. Units: rate is a ratio."""

    id: str
    rate: Fraction
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A way to send a parcel.

    Units: grams, millimetres; divisor in cubic centimetres per kilogram, None where volume is free;
    remote_fee in the card's currency. Shape: codes say what the carrier's raw codes mean.
    """

    code: str
    name: str
    carrier: str
    numbers: Numbers
    codes: Mapping[str, ParcelState]
    mode: str
    channel: str
    tracked: bool
    divisor: int | None
    min_g: int
    max_g: int
    step_g: int
    max_side_mm: int
    cut_off: time
    customs_days: tuple[int, int]
    remote_fee: Fraction
    rate_cards: tuple[RateCard, ...]
    fuel: tuple[Fuel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """Places that are far from every depot. Shape: prefixes of postcodes by country."""

    id: str
    days: int
    prefixes: Mapping[str, tuple[str, ...]]

    def holds(self, country: str, postcode: str | None) -> bool:
        """Whether a postcode is one of them."""
        code = (postcode or "").upper().replace(" ", "")
        return bool(code) and code.startswith(self.prefixes.get(country, ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """All carriers' data.

    Units: cn22_limit_eur is what the small postal form may declare.
    Shape: zones by unordered pair of regions; weekend as ISO weekdays.
    """

    services: tuple[Service, ...]
    region_of: Mapping[str, str]
    zones: Mapping[frozenset[str], int]
    time_zones: Mapping[str, str]
    weekend: frozenset[int]
    remote: Remote
    presumed_lost_days: int
    searched_days: int
    cn22_limit_eur: Decimal

    def service(self, code: str) -> Service:
        """Return a service by its code. Raises: KeyError."""
        return {service.code: service for service in self.services}[code]

    def zone(self, origin: str, destination: str) -> int | None:
        """Return how far two countries are apart: 0 inside one; None where nobody drives."""
        if origin == destination:
            return 0 if origin in self.region_of else None
        one, other = self.region_of.get(origin), self.region_of.get(destination)
        if one is None or other is None:
            return None
        return 1 if one == other else self.zones.get(frozenset({one, other}))

    def local(self, at: datetime, country: str) -> datetime:
        """Return an instant in a country's wall clock, UTC where its zone is not known."""
        return at.astimezone(ZoneInfo(self.time_zones.get(country, "UTC")))

    def is_working_day(self, day: date) -> bool:
        """Whether carriers work that day."""
        return day.isoweekday() not in self.weekend

    def after(self, day: date, working_days: int) -> date:
        """Return the working day that lies so many working days after a day; 0 keeps or rolls."""
        while not self.is_working_day(day):
            day += timedelta(days=1)
        for _ in range(working_days):
            day += timedelta(days=1)
            while not self.is_working_day(day):
                day += timedelta(days=1)
        return day


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """What a service asks for a parcel. Units: charged_g is the weight that was charged."""

    price: Money
    charged_g: int
    zone: int
    days: tuple[int, int]
    rows: tuple[str, ...]


def charged_weight(service: Service, weight_g: int, size_mm: Sequence[int] | None) -> int:
    """Return the greater of weight and volume weight, up to the next step of the card."""
    charged = weight_g
    if service.divisor is not None and size_mm:
        length, width, height = (-(-side // 10) for side in size_mm)
        volume_g = Fraction(length * width * height * 1000, service.divisor)
        charged = max(charged, -(-volume_g.numerator // volume_g.denominator))
    return -(-charged // service.step_g) * service.step_g


def takes(service: Service, weight_g: int, size_mm: Sequence[int] | None) -> bool:
    """Whether a service carries a parcel of that weight and size."""
    fits = not size_mm or max(size_mm) <= service.max_side_mm
    return fits and service.min_g <= weight_g <= service.max_g


def priced(
    service: Service,
    *,
    zone: int,
    weight_g: int,
    size_mm: Sequence[int] | None,
    on: date,
    remote: Remote | None = None,
) -> Priced:
    """Return the price on a day: base, further steps of weight, a remote place, fuel on all.

    Raises: NoRateCard.
    """
    card = next((c for c in service.rate_cards if _in_force(c.valid_from, c.valid_to, on)), None)
    fuel = next((f for f in service.fuel if _in_force(f.valid_from, f.valid_to, on)), None)
    if card is None or fuel is None:
        raise NoRateCard(f"{service.code} on {on.isoformat()}")
    charged_g = charged_weight(service, weight_g, size_mm)
    steps = max(0, charged_g // service.step_g - 1)
    amount = card.base[zone] + card.step[zone] * steps
    if remote is not None:
        amount += service.remote_fee
    amount *= 1 + fuel.rate
    return Priced(
        price=Money.rounded(amount, card.currency),
        charged_g=charged_g,
        zone=zone,
        days=_longer(card.days[zone], 0 if remote is None else remote.days),
        rows=(card.id, fuel.id) if remote is None else (card.id, fuel.id, remote.id),
    )


def _longer(days: tuple[int, int], by: int) -> tuple[int, int]:
    return days[0], days[1] + by


def window(
    network: Network,
    service: Service,
    *,
    days: tuple[int, int],
    handed_over_on: date,
    crosses_border: bool,
) -> tuple[date, date]:
    """Return first and last day of arrival, working days counted, customs included."""
    early, late = service.customs_days if crosses_border else (0, 0)
    start = network.after(handed_over_on, 0)
    return network.after(start, days[0] + early), network.after(start, days[1] + late)


def handed_over_on(
    network: Network, service: Service, *, at: datetime, origin: str, lead_days: int
) -> date:
    """Return the working day a parcel ordered now is handed over, after lead time and cut-off."""
    local = network.local(at, origin)
    late = local.time().replace(tzinfo=None) >= service.cut_off
    day = local.date() + timedelta(days=1 if late and network.is_working_day(local.date()) else 0)
    return network.after(day, lead_days)


def order_by(network: Network, service: Service, *, at: datetime, origin: str) -> datetime:
    """Return the last instant at which an order is handed over on the day it would be now.

    Shape: in the wall clock of the origin.
    """
    local = network.local(at, origin)
    is_late = local.time().replace(tzinfo=None) >= service.cut_off
    day = network.after(local.date() + timedelta(days=1 if is_late else 0), 0)
    return datetime.combine(day, service.cut_off, tzinfo=local.tzinfo)


def _in_force(start: date, end: date | None, on: date) -> bool:
    return start <= on and (end is None or on <= end)


def network_from(data: Mapping[str, Any], carriers: Registry, countries: Registry) -> Network:
    """Return the network of the carriers and of the countries that they reach. Raises: BadPart."""
    zones = {frozenset(row["between"]): row["zone"] for row in data["distances"]}
    regions = frozenset(region for pair in zones for region in pair)
    places = countries.each("parcels", lambda _code, part: _place(part, regions))
    return Network(
        services=_services(carriers),
        region_of={code: region for code, (region, _) in places.items()},
        zones=zones,
        time_zones=time_zones(countries),
        weekend=frozenset(data["weekend"]),
        remote=Remote(
            id=data["remote"]["id"],
            days=data["remote"]["days"],
            prefixes={code: remote for code, (_, remote) in places.items() if remote},
        ),
        presumed_lost_days=data["presumed_lost_days"],
        searched_days=data["searched_days"],
        cn22_limit_eur=Decimal(data["cn22_limit"]["sdr"]) * Decimal(data["cn22_limit"]["eur"]),
    )


def _place(told: Mapping[str, Any], regions: Collection[str]) -> tuple[str, tuple[str, ...]]:
    only(told, {"region", "remote"})
    if told["region"] not in regions:
        raise ValueError(f"no distance is known of the region {told['region']}")
    return told["region"], tuple(told.get("remote", ()))


def _services(carriers: Registry) -> tuple[Service, ...]:
    """Return the services of all carriers, in the order of the carriers' places."""
    names, places = carriers.part("name"), carriers.each("place", lambda _code, place: int(place))
    numbers = carriers.each("numbers", lambda _code, part: numbers_from(part))
    codes = carriers.each("tracking", lambda _code, part: codes_from(part))
    services = carriers.each(
        "services",
        lambda code, rows: [_service(row, names[code], numbers[code], codes[code]) for row in rows],
    )
    return tuple(one for code in sorted(services, key=places.__getitem__) for one in services[code])


_KNOWN = frozenset(
    (
        "code",
        "name",
        "service",
        "remote_fee",
        "mode",
        "channel",
        "tracked",
        "divisor",
        "min_g",
        "max_g",
        "step_g",
        "max_side_mm",
        "cut_off",
        "customs_days",
        "cards",
        "fuel",
        "refusals",
    )
)


def _service(
    row: Mapping[str, Any], carrier: str, numbers: Numbers, codes: Mapping[str, ParcelState]
) -> Service:
    only(row, _KNOWN)
    return Service(
        code=row["code"],
        name=_SERVICE_NAMES[row.get("name", row["code"])],
        carrier=carrier,
        numbers=numbers,
        codes=codes,
        mode=row["mode"],
        channel=row["channel"],
        tracked=row["tracked"],
        divisor=row["divisor"],
        min_g=row["min_g"],
        max_g=row["max_g"],
        step_g=row["step_g"],
        max_side_mm=row["max_side_mm"],
        cut_off=time.fromisoformat(row["cut_off"]),
        customs_days=tuple(row["customs_days"]),
        remote_fee=Fraction(Decimal(row["remote_fee"])),
        rate_cards=tuple(_rate_card(one) for one in row["cards"]),
        fuel=tuple(_fuel(fuel) for fuel in row["fuel"]),
    )


def _rate_card(row: Mapping[str, Any]) -> RateCard:
    return RateCard(
        id=row["id"],
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=_day(row["valid_to"]),
        currency=row["currency"],
        base={int(zone): Fraction(Decimal(amount)) for zone, amount in row["base"].items()},
        step={int(zone): Fraction(Decimal(amount)) for zone, amount in row["step"].items()},
        days={int(zone): (first, last) for zone, (first, last) in row["days"].items()},
    )


def _fuel(row: Mapping[str, Any]) -> Fuel:
    return Fuel(
        id=row["id"],
        rate=Fraction(Decimal(row["rate_pct"])) / 100,
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=_day(row["valid_to"]),
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
