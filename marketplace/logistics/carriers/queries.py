"""Reads of carriers: what they offer for a parcel, what they take, and how fast they are."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache

from banking import api as bank
from kernel import clock
from kernel.money import Money
from kernel.records import record
from kernel.text import Message
from marketplace.borders.duties import queries as duties
from marketplace.logistics.carriers.rules.loads import Load, carries
from marketplace.logistics.carriers.rules.rate_cards import (
    NoRateCard,
    Priced,
    Remote,
    Service,
    handed_over_on,
    order_by,
    priced,
    takes,
    window,
)
from marketplace.logistics.carriers.shipped import network, refusals

# What other rooms read of this one's rules and files.
__all__ = ["Load", "network"]


@record
class ShippingOption:
    """A way to send a parcel, with its price and its days.

    Units: price in the asked currency; charged_g the weight that was charged.
    Shape: mode is what insurance asks for (TRK, EXP); channel what customs asks for; order_by is
    the last instant at which these days hold.
    """

    code: str
    carrier: str
    service: str
    name: Message
    price: Money
    hand_over_on: date
    order_by: datetime
    min_on: date
    max_on: date
    tracked: bool
    mode: str
    channel: str
    charged_g: int
    rows: tuple[str, ...]


def options(
    *,
    origin_country: str,
    destination_country: str,
    load: Load,
    currency: str,
    postcode: str | None = None,
    on: date | None = None,
    lead_days: int = 0,
) -> list[ShippingOption]:
    """Return what carriers offer for a parcel ordered on a day, cheapest first; maybe nothing.

    Today's cut-off counts for today, a later day is offered from its morning on.
    Units: lead_days are the vendor's working days until the parcel is handed over.
    """
    zone = network().zone(origin_country, destination_country)
    if zone is None:
        return []
    is_remote = network().remote.holds(destination_country, postcode)
    lane = _Lane(
        zone=zone,
        remote=network().remote if is_remote else None,
        crosses_border=duties.needs_declaration(
            dispatch_country=origin_country, destination_country=destination_country
        ),
    )
    offers, at = [], _ordered_at(on)
    for service in network().services:
        if takes(service, load.weight_g, load.size_mm) and carries(
            refusals(),
            service.code,
            load.hazards,
            on=at.date(),
            is_abroad=origin_country != destination_country,
        ):
            day = _handed_over_on(service.code, at, origin_country, lead_days)
            until = _order_by(service.code, at, origin_country)
            offers += _option(service, lane, load, currency, day, until)
    return sorted(offers, key=lambda option: (option.price.minor, option.code))


@dataclass(frozen=True, slots=True)
class ServiceTerms:
    """A service that takes goods. Units: grams. Shape: from_g is None where it takes any weight."""

    name: Message
    from_g: int | None


@dataclass(frozen=True, slots=True)
class Carrying:
    """Which services take goods of a kind. Shape: abroad is to another country."""

    inland: tuple[ServiceTerms, ...]
    abroad: tuple[ServiceTerms, ...]


def carrying(*, hazards: Collection[str]) -> Carrying:
    """Return who takes goods with such hazards today, and from which weight on."""

    def ways(*, is_abroad: bool) -> tuple[ServiceTerms, ...]:
        return tuple(
            ServiceTerms(Message(one.name), one.min_g if one.min_g > 1 else None)
            for one in network().services
            if carries(refusals(), one.code, hazards, on=clock.now().date(), is_abroad=is_abroad)
        )

    return Carrying(ways(is_abroad=False), ways(is_abroad=True))


def weight_class(weight_g: int) -> int:
    """Return a weight that every service takes and charges like the one given.

    Pages remember what carriers offer; by steps of weight they remember far less than by grams.
    """
    step_g, limits = _weight_steps()
    upper = -(-weight_g // step_g) * step_g
    at = bisect_right(limits, weight_g)
    return weight_g if at < len(limits) and limits[at] <= upper else upper


@cache
def _weight_steps() -> tuple[int, list[int]]:
    """Return the step at which some service charges more, and where services begin and end."""
    services = network().services
    limits = {limit for service in services for limit in (service.min_g, service.max_g + 1)}
    return math.gcd(*(service.step_g for service in services)), sorted(limits)


def _ordered_at(on: date | None) -> datetime:
    now = clock.now()
    if on is None or on <= now.date():
        return now.replace(second=0, microsecond=0)  # closing times are whole minutes
    return datetime.combine(on, time.min, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lane:
    zone: int
    remote: Remote | None
    crosses_border: bool


def _option(
    service: Service,
    lane: _Lane,
    load: Load,
    currency: str,
    day: date,
    until: datetime,
) -> list[ShippingOption]:
    # Cards charge by steps of weight, so what differs by grams costs the same.
    rounded_g = -(-load.weight_g // service.step_g) * service.step_g
    asked = _priced(
        service.code,
        lane.zone,
        rounded_g,
        load.size_mm,
        day,
        is_remote=lane.remote is not None,
    )
    if asked is None:
        return []
    first, last = _window(service.code, asked.days, day, crosses_border=lane.crosses_border)
    option = ShippingOption(
        code=service.code,
        carrier=service.carrier,
        service=service.code,
        name=Message(service.name),
        price=_in(currency, asked.price),
        hand_over_on=day,
        order_by=until,
        min_on=first,
        max_on=last,
        tracked=service.tracked,
        mode=service.mode,
        channel=service.channel,
        charged_g=asked.charged_g,
        rows=asked.rows,
    )
    return [option]


@lru_cache(maxsize=4_000)
def _priced(
    code: str,
    zone: int,
    weight_g: int,
    size_mm: tuple[int, ...] | None,
    on: date,
    *,
    is_remote: bool,
) -> Priced | None:
    remote = network().remote if is_remote else None
    try:
        return priced(
            network().service(code),
            zone=zone,
            weight_g=weight_g,
            size_mm=size_mm,
            on=on,
            remote=remote,
        )
    except NoRateCard:
        return None


# Days are walked one by one and time zones read from files; a page asks for the same few again.
@lru_cache(maxsize=4_000)
def _handed_over_on(code: str, at: datetime, origin: str, lead_days: int) -> date:
    service = network().service(code)
    return handed_over_on(network(), service, at=at, origin=origin, lead_days=lead_days)


@lru_cache(maxsize=4_000)
def _order_by(code: str, at: datetime, origin: str) -> datetime:
    return order_by(network(), network().service(code), at=at, origin=origin)


@lru_cache(maxsize=4_000)
def _window(
    code: str,
    days: tuple[int, int],
    handed_over: date,
    *,
    crosses_border: bool,
) -> tuple[date, date]:
    return window(
        network(),
        network().service(code),
        days=days,
        handed_over_on=handed_over,
        crosses_border=crosses_border,
    )


def _in(currency: str, price: Money) -> Money:
    if price.currency == currency:
        return price
    rate = bank.fx_rate(base=price.currency, quote=currency)
    return bank.convert(money=price, to=currency, rate=rate)


def soonest(*, on: date, hand_over_on: date, min_on: date) -> date:
    """Return the first day on which a parcel may come that is handed over on a day.

    It is as fast as it could have been by the way that was quoted: to be handed over on
    hand_over_on, and to come on min_on at the earliest.
    """
    quoted = (hand_over_on + timedelta(days=n + 1) for n in range((min_on - hand_over_on).days))
    days = sum(network().is_working_day(day) for day in quoted)
    return network().after(network().after(on, 0), days)
