"""The states, provinces and emirates that parcels are addressed to, where carriers sort by them.

The key is what stands on a label from abroad: the post's own short name where there is one, else
the name in Latin letters. Names stand as the country itself writes them.
Source: ISO 3166-2 of November 2026; Canada Post and USPS addressing guidelines for the short names.
"""

from __future__ import annotations

from collections.abc import Mapping

from kernel import countries

REGIONS: Mapping[str, Mapping[str, str]] = {
    code: told["regions"]
    for code, told in countries.HOUSE.part("addresses").items()
    if "regions" in told
}


def region(country: str, typed: str) -> str | None:
    """Return a region as labels of its country carry it, None when it cannot be one.

    Where no list stands here any words will do.
    """
    known = REGIONS.get(country)
    if known is None:
        return typed
    folded = typed.strip().casefold()
    return next(
        (short for short, name in known.items() if folded in {short.casefold(), name.casefold()}),
        None,
    )
