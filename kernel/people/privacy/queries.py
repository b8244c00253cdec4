"""One's own words from every room that keeps any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kernel.actor import Actor
from kernel.manifest import PersonalData, manifests


@dataclass(frozen=True, slots=True)
class Part:
    """What one room keeps. Shape: label and stays are marked sentences."""

    label: str
    stays: str
    count: int


def rooms() -> Sequence[PersonalData]:
    """Return what every package keeps of people's words, lowest floor first."""
    return [data for manifest in manifests() for data in manifest.personal_data()]


def export_of(actor: Actor) -> dict[str, list[dict[str, Any]]]:
    """Return everything the actor wrote as plain values, by the rooms' keys."""
    person_id = actor.somebody()
    return {room.key: room.export(person_id) for room in rooms()}


def parts_of(actor: Actor) -> list[Part]:
    """Return how much of the actor each room keeps, and what stays of it once it is let go."""
    person_id = actor.somebody()
    return [Part(room.label, room.stays, room.count(person_id)) for room in rooms()]
