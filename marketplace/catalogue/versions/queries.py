"""Which versions options and values would make of goods that are not listed yet."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from marketplace.catalogue.versions import rules
from marketplace.catalogue.versions.rules import Axes


@dataclass(frozen=True, slots=True)
class Planned:
    """A version that is not there yet. Shape: key names it within its goods."""

    key: str
    options: Mapping[str, str]


def planned(axes: Axes) -> tuple[Planned, ...]:
    """Return the versions that options and values make, in their order. Raises: TooManyVersions."""
    found = rules.combinations(axes, ()) if axes else ()
    return tuple(Planned(rules.key_of(options), options) for options in found)


def article_number(stem: str, options: Mapping[str, str], taken: Collection[str]) -> str:
    """Return a free article number for a version, from the one of its goods."""
    return rules.sku_of(stem, options, taken)
