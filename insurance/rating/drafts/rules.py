"""What a tariff's document may say, where two of them differ, and when one may begin."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from itertools import pairwise
from typing import Any

from insurance.rating.tariff.queries import Tariff, Verdict, read
from kernel.text import N_, Message

Document = Mapping[str, Any]

# What a version is called, from when it holds and what its covers are called is no price: the
# first two are given by its publication.
_FIXED = frozenset(
    {"tariff_version", "valid_from", "valid_to", "notice", "cover_names", "regional_countries"}
)
_TAX = "premium_tax"
_TAX_KEY = ("country", "section", "route", "kind", "valid_from")
# Cells in which the gate may answer instead of a price.
_MAY_REFUSE = re.compile(r"factors/(goods|geo/cargo)/|war_strikes_pct/")
_ABOVE_ZERO = re.compile(
    r"(base_pct|factors|minimum_net|authority)/|delay/(loading|minimum)|history/bands/\d+/factor"
)
_PER_CENT = re.compile(
    r"(base_pct|additional_pct|war_strikes_pct|uplift_pct|premium_tax|delay/probability_pct)/"
    r"|commission_pct|strikes_only_pct|open_cover_discount_max_pct|fragile_damage_deductible_pct"
)
_WHOLE = re.compile(r"withdrawal_days|history/min_policies")
_FIGURE = re.compile(r"\d{1,9}(\.\d{1,6})?")
_MOST_DAYS = 365
# A page that was priced before midnight may be bound after it, and machines' clocks differ: what
# begins at midnight is settled by then.
_SETTLED_BEFORE = timedelta(hours=1)


class DraftState(StrEnum):
    """Where a draft stands: written, proposed to a second person, or published."""

    OPEN = "open"
    PROPOSED = "proposed"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A cell that differs. Shape: None before a new one, None after one that is gone."""

    path: str
    before: str | None
    after: str | None


def cells(document: Document) -> dict[str, str]:
    """Return every figure of a tariff by its path, `base_pct/parcel/STD`.

    A row of premium tax is named by what it is about, not by its place in the list.
    """
    found = dict(_leaves("", {k: v for k, v in document.items() if k not in {*_FIXED, _TAX}}))
    for row in document[_TAX]:
        found[tax_path(row)] = row["rate_pct"]
    return found


def tax_path(row: Mapping[str, Any]) -> str:
    """Return the path of a premium-tax row."""
    return "/".join((_TAX, *(row[key] for key in _TAX_KEY)))


def _leaves(path: str, part: object) -> Iterator[tuple[str, str]]:
    if isinstance(part, Mapping):
        pairs: list[tuple[str, object]] = list(part.items())
    elif isinstance(part, list):
        pairs = [(str(place), inner) for place, inner in enumerate(part)]
    else:
        # What no price is made of, and limits that are none, are no cells.
        if isinstance(part, str | int) and not isinstance(part, bool) and not path.endswith("gate"):
            yield path, str(part)
        return
    for key, inner in pairs:
        yield from _leaves(f"{path}/{key}" if path else key, inner)


def differences(old: Document, new: Document) -> tuple[Change, ...]:
    """Return the cells that differ, in the order of the old tariff, new ones last."""
    before, after = cells(old), cells(new)
    every = dict.fromkeys((*before, *after))
    return tuple(
        Change(path=path, before=before.get(path), after=after.get(path))
        for path in every
        if before.get(path) != after.get(path)
    )


def with_cells(document: Document, typed: Mapping[str, str]) -> dict[str, Any]:
    """Return a tariff in which some cells say something else. Raises: KeyError for no cell."""
    changed: dict[str, Any] = json.loads(json.dumps(document))
    rows = {tax_path(row): row for row in changed[_TAX]}
    for path, value in typed.items():
        if path in rows:
            rows[path]["rate_pct"] = value
            continue
        *way, last = path.split("/")
        place: Any = changed
        for step in way:
            place = place[int(step)] if isinstance(place, list) else place[step]
        if last not in place:
            raise KeyError(path)
        place[last] = int(value) if isinstance(place[last], int) else value
    return changed


def with_tax_row(document: Document, row: Mapping[str, str]) -> dict[str, Any]:
    """Return a tariff with one row of premium tax more, or that row with another rate."""
    others = [one for one in document[_TAX] if tax_path(one) != tax_path(row)]
    return {**document, _TAX: [*others, dict(row)]}


def complaint(path: str, value: str) -> Message | None:
    """Return what is wrong with a cell, None where nothing is."""
    if value in set(Verdict):
        return None if _MAY_REFUSE.match(path) else Message(N_("This one needs a figure."))
    if not value.isascii() or not _FIGURE.fullmatch(value):
        return Message(N_("Enter a figure such as 0.70, with a point and at most six decimals."))
    figure = Decimal(value)
    if _WHOLE.fullmatch(path):
        is_wrong = "." in value or not 1 <= figure <= _MOST_DAYS
        said = Message(N_("Enter a whole number from 1 to %(most)s."), {"most": _MOST_DAYS})
    elif figure == 0:
        is_wrong = _ABOVE_ZERO.match(path) is not None
        said = Message(N_("Enter a figure above zero."))
    else:
        is_wrong = figure > 100 and _PER_CENT.match(path) is not None
        said = Message(N_("Enter at most 100 percent."))
    return said if is_wrong else None


def complaints(document: Document, *, based_on: Document) -> dict[str, Message]:
    """Return what is wrong with a tariff, by path; nothing where it can be sold by.

    It has every cell of the tariff that it follows, and no other beside rows of premium tax.
    """
    found = cells(document)
    wrong = {path: said for path, value in found.items() if (said := complaint(path, value))}
    for path in cells(based_on).keys() ^ found.keys():
        if not path.startswith(f"{_TAX}/") or path not in found:
            wrong[path] = Message(N_("This figure is missing."))
    if wrong:
        return wrong
    limits = [band["up_to_pct"] for band in document["history"]["bands"]]
    known = [Decimal(limit) for limit in limits if limit is not None]
    if any(low >= high for low, high in pairwise(known)):
        return {"history/bands/0/up_to_pct": Message(N_("Each limit has to be above the last."))}
    if Decimal(document["uplift_pct"]["default"]) > Decimal(document["uplift_pct"]["max"]):
        return {"uplift_pct/default": Message(N_("This is above the most that is allowed."))}
    return {}


def tariff_of(document: Document) -> Tariff:
    """Return the tariff that a document holds. Raises: KeyError, ValueError if it is not whole."""
    return read(document)


def named(document: Document, *, version: str, valid_from: date) -> dict[str, Any]:
    """Return a document under its own name and first day."""
    return {
        **document,
        "tariff_version": version,
        "valid_from": valid_from.isoformat(),
        "valid_to": None,
    }


def next_version(known: Collection[str], *, valid_from: date) -> str:
    """Return the name of a new tariff: its first year and the next number, never one in use."""
    series = f"PCR-{valid_from.year}."
    numbers = [int(one[len(series) :]) for one in known if one.startswith(series)]
    return f"{series}{max(numbers, default=0) + 1}"


def fingerprint(document: Document) -> str:
    """Return the SHA-256 of a tariff, whatever the order of its keys, as hexadecimal digits."""
    plain = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(plain.encode("utf-8")).hexdigest()


def earliest_day(now: datetime) -> date:
    """Return the first day that a tariff published now may begin on: tomorrow, not in an hour."""
    return (now + _SETTLED_BEFORE).date() + timedelta(days=1)


def is_settled(day: date, *, now: datetime) -> bool:
    """Whether nothing that is published from now on can begin on a day."""
    return day < earliest_day(now)
