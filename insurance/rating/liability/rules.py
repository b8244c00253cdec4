"""Who bears what happens on the way, by dated rows, and what a level of cover adds to that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path

from kernel import dated
from kernel.money import Money

_DATA = Path(__file__).parent / "data"


class Cause(StrEnum):
    """What happened to the parcel."""

    LOST = "lost"
    DELAY = "delay"
    DAMAGE = "damage"
    THEFT = "theft"
    MISSING = "missing"


class Interest(StrEnum):
    """In what part somebody bears a loss.

    The first two bought from a trader, for themselves and for a business; the third bought from a
    private person; the last sends what is theirs.
    """

    CONSUMER = "consumer"
    BUSINESS = "business"
    PRIVATE = "private"
    SENDER = "sender"


class Remedy(StrEnum):
    """What the seller owes: money back at once, money back against the item, or nothing."""

    REFUND = "refund"
    RETURN = "return"
    NONE = "none"


class Gain(StrEnum):
    """What cover adds: money that nobody else owes, the item beside the money, a fixed sum."""

    PAYS = "pays"
    KEEPS = "keeps"
    FIXED = "fixed"


class Carriage(StrEnum):
    """By what a parcel crosses its border."""

    AIR = "air"
    ROAD = "road"
    SEA = "sea"
    POST = "post"


class Regime(StrEnum):
    """A convention that says what a carrier owes."""

    MONTREAL = "montreal"
    CMR = "cmr"
    HAGUE_VISBY = "hague_visby"


# The post has a convention without a figure: it owes what its own terms say.
_REGIME = {
    Carriage.AIR: Regime.MONTREAL,
    Carriage.ROAD: Regime.CMR,
    Carriage.SEA: Regime.HAGUE_VISBY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyRow:
    """What a seller owes somebody for each cause, from a day on."""

    valid_from: date
    interest: str
    remedies: Mapping[str, str]
    source: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelRow:
    """The causes that each level pays for, from a day on; a delay is a section of its own."""

    valid_from: date
    causes: Mapping[str, Sequence[str]]
    source: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriageRow:
    """What a convention lets a carrier owe at most, from a day on.

    Units: SDR as decimal strings, for a kilogram and for a package; days; years.
    """

    valid_from: date
    regime: str
    sdr_per_kg: str
    sdr_per_package: str
    notice_days: Mapping[str, int]
    suit_years: int
    source: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartiesRow:
    """The countries that a convention binds, of those the house knows, from a day on."""

    valid_from: date
    regime: str
    countries: Sequence[str]
    source: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SdrRow:
    """About what a special drawing right is worth from a day on. Units: euro, decimal string."""

    valid_from: date
    euro: str
    source: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """The most that a carrier owes by its convention. Units: SDR; about so many euro."""

    regime: Regime
    sdr: Fraction
    euro: Money


@cache
def remedy_rows() -> tuple[RemedyRow, ...]:
    """Return what sellers owe, every row."""
    return dated.read(_DATA / "remedies.json", RemedyRow)


@cache
def level_rows() -> tuple[LevelRow, ...]:
    """Return what the levels pay for, every row."""
    return dated.read(_DATA / "levels.json", LevelRow)


@cache
def carriage_rows() -> tuple[CarriageRow, ...]:
    """Return what carriers owe, every row."""
    return dated.read(_DATA / "carriage.json", CarriageRow)


@cache
def parties_rows() -> tuple[PartiesRow, ...]:
    """Return whom the conventions bind, every row."""
    return dated.read(_DATA / "parties.json", PartiesRow)


@cache
def sdr_rows() -> tuple[SdrRow, ...]:
    """Return what a special drawing right is worth, every row."""
    return dated.read(_DATA / "sdr.json", SdrRow)


def remedy(*, cause: Cause, interest: Interest, on: date) -> Remedy:
    """Return what the seller owes for a cause. Raises: ValueError before the first row."""
    rows = [row for row in remedy_rows() if row.interest == interest]
    return Remedy(dated.in_force(rows, on).remedies[cause])


def level_causes(*, level: str, on: date) -> tuple[Cause, ...]:
    """Return the causes that a level pays for. Raises: ValueError before the first row."""
    return tuple(Cause(cause) for cause in dated.in_force(level_rows(), on).causes[level])


def gain(*, cause: Cause, owed: Remedy) -> Gain | None:
    """Return what cover adds to a remedy, None where one has as much already."""
    if cause is Cause.DELAY:
        return Gain.FIXED
    return {Remedy.NONE: Gain.PAYS, Remedy.RETURN: Gain.KEEPS, Remedy.REFUND: None}[owed]


def gains(*, level: str, interest: Interest, on: date) -> dict[Cause, Gain]:
    """Return what a level adds for somebody, cause by cause; nothing where it adds nothing.

    Raises: ValueError before the first row.
    """
    added = {
        cause: gain(cause=cause, owed=remedy(cause=cause, interest=interest, on=on))
        for cause in level_causes(level=level, on=on)
    }
    return {cause: found for cause, found in added.items() if found is not None}


def convention(*, by: Carriage, origin: str, destination: str, on: date) -> CarriageRow | None:
    """Return what the convention of a way says on a day, None where none is known to hold.

    A convention is taken to hold where it binds both ends: where it binds one, a court at the
    other may say otherwise. Raises: ValueError before the first row.
    """
    regime = _REGIME.get(by)
    if regime is None or origin == destination:
        return None
    bound = dated.in_force([row for row in parties_rows() if row.regime == regime], on).countries
    if origin not in bound or destination not in bound:
        return None
    return dated.in_force([row for row in carriage_rows() if row.regime == regime], on)


def carrier_owes(
    *, by: Carriage, origin: str, destination: str, weight_g: int, on: date, packages: int = 1
) -> Owed | None:
    """Return the most a carrier owes by its convention, None where none is known to hold.

    Units: grams, pieces. Raises: ValueError before the first row.
    """
    row = convention(by=by, origin=origin, destination=destination, on=on)
    if row is None:
        return None
    by_weight = Fraction(row.sdr_per_kg) * weight_g / 1000
    sdr = max(by_weight, packages * Fraction(row.sdr_per_package))
    rate = Fraction(dated.in_force(sdr_rows(), on).euro)
    return Owed(regime=Regime(row.regime), sdr=sdr, euro=Money.rounded(sdr * rate, "EUR"))
