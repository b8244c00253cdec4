"""Whether goods with a plug fit the sockets and the mains of the country they go to."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from kernel import countries
from kernel.registry import Registry, only


@dataclass(frozen=True, slots=True)
class Mains:
    """The sockets and the mains of countries, and what a listing says of plug and voltage.

    Units: volts. Shape: plugs and sockets are letters of the International Electrotechnical
    Commission; voltages are the least and the most that goods run on.
    """

    plugs: Mapping[str, frozenset[str]]
    voltages: Mapping[str, tuple[int, int]]
    sockets: Mapping[str, frozenset[str]]
    volts: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Misfit:
    """What keeps goods from running in a country.

    Shape: volts are those of the country that the goods do not run on, none where they run on all;
    is_partly when they run on others of it.
    """

    is_plug: bool
    volts: tuple[int, ...]
    is_partly: bool


@cache
def mains() -> Mains:
    """Return what is shipped with this version, homes from the files of countries."""
    data = json.loads(
        resources.files("marketplace.shop.storefront")
        .joinpath("data", "mains.json")
        .read_text("utf-8")
    )
    by_country = homes(countries.HOUSE)
    return Mains(
        plugs={key: frozenset(letters) for key, letters in data["plugs"].items()},
        voltages={key: (least, most) for key, (least, most) in data["voltages"].items()},
        sockets={code: sockets for code, (sockets, _) in by_country.items()},
        volts={code: volts for code, (_, volts) in by_country.items()},
    )


def homes(registry: Registry) -> dict[str, tuple[frozenset[str], tuple[int, ...]]]:
    """Return the sockets and the volts of homes by country. Raises: BadPart."""
    return registry.each("mains", _home)


def _home(_code: str, told: Mapping[str, Any]) -> tuple[frozenset[str], tuple[int, ...]]:
    only(told, {"sockets", "volts"})
    return frozenset(told["sockets"]), tuple(int(volts) for volts in told["volts"])


def misfit(*, plugs: Sequence[str], voltages: Sequence[str], country: str) -> Misfit | None:
    """Return what does not fit, None where all does or nothing is known.

    Goods with several plugs or voltages fit with one of them, and one that cannot be compared may
    be the one: USB needs no socket.
    """
    home = mains()
    if country not in home.sockets:
        return None
    letters = [home.plugs.get(plug) for plug in plugs]
    is_plug = bool(letters) and all(
        one is not None and not one & home.sockets[country] for one in letters
    )
    ranges = [home.voltages.get(voltage) for voltage in voltages]
    others = tuple(
        volts
        for volts in home.volts[country]
        if ranges and all(one is not None and not one[0] <= volts <= one[1] for one in ranges)
    )
    is_partly = len(others) < len(home.volts[country])
    return Misfit(is_plug, others, is_partly) if is_plug or others else None
