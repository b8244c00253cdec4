"""One model for what carriers scan: canonical states, which raw codes are translated into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from marketplace.logistics.carriers.errors import CodeUnknown


class ParcelState(StrEnum):
    """Where a parcel is, in the words of no carrier."""

    ORDERED = "ordered"
    LABELLED = "labelled"
    ACCEPTED = "accepted"
    IN_TRANSIT = "in_transit"
    EXPORTED = "exported"
    ARRIVED = "arrived"
    CUSTOMS_PRESENTED = "customs_presented"
    CUSTOMS_HELD = "customs_held"
    CUSTOMS_RELEASED = "customs_released"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERY_FAILED = "delivery_failed"
    DELIVERED = "delivered"
    LOST = "lost"
    RETURNED = "returned"


def codes_from(told: Mapping[str, str]) -> dict[str, ParcelState]:
    """Return what a carrier's raw codes mean, as its file tells. Raises: ValueError.

    Source: UPU EMSEVT for the post; the others are the stand-ins' own.
    """
    return {code: ParcelState(state) for code, state in told.items()}


def state_of(raw_code: str, codes: Mapping[str, ParcelState]) -> ParcelState:
    """Return what a carrier's code means, an error for an unknown one. Raises: CodeUnknown."""
    if raw_code not in codes:
        raise CodeUnknown(raw_code=raw_code)
    return codes[raw_code]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """One event of a carrier. Shape: key tells the same event when it is sent again."""

    key: str
    raw_code: str
    state: ParcelState
    at: datetime
    place: str
    note: str = ""
