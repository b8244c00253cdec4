"""Which versions options and values make, and what they are called."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from itertools import product

from marketplace.catalogue.versions.errors import OtherOptions, TooManyVersions

MOST_VERSIONS = 60

Axes = Mapping[str, Sequence[str]]
Options = Mapping[str, str]

_UNFIT = re.compile(r"[^A-Z0-9]+")


def combinations(axes: Axes, have: Collection[Options]) -> list[dict[str, str]]:
    """Return the versions that are not there yet, in the order of options and values.

    Shape: axes maps an option to its values, each once. Raises: OtherOptions when the versions
    that are there differ by other options; TooManyVersions, before any is made.
    """
    named = {key for options in have for key in options}
    if named and named != set(axes):
        raise OtherOptions
    # Whatever is there already, goods would come in at least as many versions as values make.
    if math.prod(len(values) for values in axes.values()) > MOST_VERSIONS:
        raise TooManyVersions(most=MOST_VERSIONS)
    keys = sorted(axes, key=list(axes).index)
    made = [dict(zip(keys, values, strict=True)) for values in product(*(axes[k] for k in keys))]
    found = [options for options in made if options not in [dict(known) for known in have]]
    unnamed = sum(1 for options in have if not options)
    if len(have) + len(found) - min(unnamed, len(found)) > MOST_VERSIONS:
        raise TooManyVersions(most=MOST_VERSIONS)
    return found


def key_of(options: Options) -> str:
    """Return the key of a version within its product."""
    return "_".join(options.values())


def sku_of(stem: str, options: Options, taken: Collection[str]) -> str:
    """Return a free article number for a new version, from the one it is made after."""
    tail = "-".join(_UNFIT.sub("", value.upper())[:8] for value in options.values())
    wanted = f"{stem[:24]}-{tail}"[:36]
    found, count = wanted, 2
    while found in taken:
        found, count = f"{wanted}-{count}", count + 1
    return found
