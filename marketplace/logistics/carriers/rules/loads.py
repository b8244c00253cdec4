"""What is in a parcel, and which services refuse it for batteries or what else is dangerous."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kernel.registry import Registry


@dataclass(frozen=True, slots=True)
class Load:
    """What a carrier is asked to take.

    Units: grams, millimetres. Shape: hazards are words of the catalogue.
    """

    weight_g: int
    hazards: frozenset[str] = frozenset()
    size_mm: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A kind of goods that a service does not carry between two days.

    Shape: hazard is a word of the catalogue; is_abroad_only when it carries them within a country;
    valid_to is included, None is open.
    """

    id: str
    service: str
    hazard: str
    is_abroad_only: bool
    valid_from: date
    valid_to: date | None


def carries(
    refusals: Sequence[Refusal],
    service: str,
    hazards: Collection[str],
    *,
    on: date,
    is_abroad: bool,
) -> bool:
    """Whether a service takes goods with all of these hazards on a day.

    Shape: is_abroad when they go to another country, whether or not customs stand between the two.
    """
    return not any(
        refusal.service == service
        and refusal.hazard in hazards
        and (is_abroad or not refusal.is_abroad_only)
        and refusal.valid_from <= on
        and (refusal.valid_to is None or on <= refusal.valid_to)
        for refusal in refusals
    )


def refusals_from(carriers: Registry) -> tuple[Refusal, ...]:
    """Return what services refuse, one for each hazard that a row names. Raises: BadPart."""
    by_carrier = carriers.each(
        "services",
        lambda _code, services: [
            one for service in services for one in _refusals(service["code"], service)
        ],
    )
    return tuple(one for refusals in by_carrier.values() for one in refusals)


def _refusals(code: str, service: Mapping[str, Any]) -> tuple[Refusal, ...]:
    return tuple(
        Refusal(
            id=row["id"],
            service=code,
            hazard=hazard,
            is_abroad_only=row["abroad_only"],
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        )
        for row in service.get("refusals", ())
        for hazard in row["hazards"]
    )
