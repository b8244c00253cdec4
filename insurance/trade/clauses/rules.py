"""What each set of clauses pays for, peril by peril, with the number of the clause that says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypedDict

from kernel import dated

_DATA = Path(__file__).parent / "data"


class ClauseSet(StrEnum):
    """A set of clauses; the last two are only ever added to one of the others."""

    ICC_A = "icc_a"
    ICC_B = "icc_b"
    ICC_C = "icc_c"
    ALL_RISKS = "all_risks"
    WPA = "wpa"
    FPA = "fpa"
    WAR = "war"
    STRIKES = "strikes"


class Peril(StrEnum):
    """What happens to a part of the goods, or to their owner because of them."""

    FIRE = "fire"
    STRANDING = "stranding"
    OVERTURNING = "overturning"
    COLLISION = "collision"
    PORT_OF_DISTRESS = "port_of_distress"
    SACRIFICE = "sacrifice"
    JETTISON = "jettison"
    GENERAL_AVERAGE = "general_average"
    EARTHQUAKE = "earthquake"
    WASHED_OVERBOARD = "washed_overboard"
    SEAWATER = "seawater"
    DROPPED_OVERBOARD = "dropped_overboard"
    RAIN = "rain"
    BREAKAGE = "breakage"
    THEFT = "theft"
    MALICE = "malice"
    WAR = "war"
    MINE = "mine"
    STRIKES = "strikes"
    TERRORISM = "terrorism"
    DELAY = "delay"
    PACKING = "packing"
    LEAKAGE = "leakage"
    INHERENT_VICE = "inherent_vice"
    WILFUL = "wilful"


class Sample(StrEnum):
    """A loss told as a story."""

    FIRE_ON_BOARD = "fire_on_board"
    STORM_IN_THE_HOLD = "storm_in_the_hold"
    RAIN_ON_THE_QUAY = "rain_on_the_quay"
    CRATE_IN_THE_HARBOUR = "crate_in_the_harbour"
    CARTONS_STOLEN = "cartons_stolen"
    SHARE_IN_A_RESCUE = "share_in_a_rescue"
    SEASON_OVER = "season_over"
    LOOSELY_PACKED = "loosely_packed"
    MISSILE = "missile"
    RIOT_AT_THE_PORT = "riot_at_the_port"


_HAPPENED: dict[Sample, Peril] = {
    Sample.FIRE_ON_BOARD: Peril.FIRE,
    Sample.STORM_IN_THE_HOLD: Peril.SEAWATER,
    Sample.RAIN_ON_THE_QUAY: Peril.RAIN,
    Sample.CRATE_IN_THE_HARBOUR: Peril.DROPPED_OVERBOARD,
    Sample.CARTONS_STOLEN: Peril.THEFT,
    Sample.SHARE_IN_A_RESCUE: Peril.GENERAL_AVERAGE,
    Sample.SEASON_OVER: Peril.DELAY,
    Sample.LOOSELY_PACKED: Peril.PACKING,
    Sample.MISSILE: Peril.WAR,
    Sample.RIOT_AT_THE_PORT: Peril.STRIKES,
}


class Answer(NamedTuple):
    """Whether a loss is paid, and the clause that says so."""

    is_paid: bool
    clause: str


class Otherwise(TypedDict):
    """What a set says of perils that it does not name."""

    pays: bool
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A set of clauses from a day on.

    Shape: pays and excludes hold the clause of each peril that is named, by its value; `otherwise`
    answers for every other one.
    """

    valid_from: date
    set: str
    title: str
    edition: str
    pays: Mapping[str, str]
    excludes: Mapping[str, str]
    otherwise: Otherwise
    source: str
    confidence: str

    def answer(self, peril: Peril) -> Answer:
        """Return whether a peril is paid for, and by which clause."""
        if peril in self.pays:
            return Answer(is_paid=True, clause=self.pays[peril])
        if peril in self.excludes:
            return Answer(is_paid=False, clause=self.excludes[peril])
        return Answer(is_paid=self.otherwise["pays"], clause=self.otherwise["clause"])


def edition(on: date) -> str:
    """Return which comparison of all sets is in force on a day: when one of them changed last."""
    return max(wording(one, on=on).valid_from for one in ClauseSet).isoformat()


def would_be_paid(sample: Sample, clauses: ClauseSet, *, on: date) -> Answer:
    """Return whether a sample loss is paid under a set, and the clause that says so."""
    return wording(clauses, on=on).answer(_HAPPENED[sample])


def wording(clauses: ClauseSet, *, on: date) -> Wording:
    """Return a set as it is worded on a day. Raises: ValueError before the first edition."""
    return dated.in_force((row for row in wordings() if row.set == clauses), on)


@cache
def wordings() -> tuple[Wording, ...]:
    """Return every edition of every set that the house knows."""
    return dated.read(_DATA / "sets.json", Wording)
