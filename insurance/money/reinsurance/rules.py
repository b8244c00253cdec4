"""Quota share: which part of a premium or a claim a treaty cedes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

from kernel.money import Money

_DATA = Path(__file__).parent / "data" / "treaties.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Treaty:
    """A quota share for what is booked on days from valid_from to valid_until.

    Units: share of the net premium and of claims; ceding_commission as a share of what is ceded.
    """

    key: str
    insurer_key: str
    reinsurer: str
    valid_from: date
    valid_until: date
    share: Fraction
    ceding_commission: Fraction
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceded:
    """What a treaty cedes of a premium. Shape: below zero where a premium was returned."""

    premium: Money
    commission: Money

    @property
    def payable(self) -> Money:
        """What the reinsurer gets."""
        return self.premium - self.commission


@cache
def treaties() -> tuple[Treaty, ...]:
    """Return every treaty, oldest first."""
    rows = json.loads(_DATA.read_text(encoding="utf-8"))
    read = [
        Treaty(
            **row
            | {
                "valid_from": date.fromisoformat(row["valid_from"]),
                "valid_until": date.fromisoformat(row["valid_until"]),
                "share": Fraction(row["share"]),
                "ceding_commission": Fraction(row["ceding_commission"]),
            }
        )
        for row in rows
    ]
    return tuple(sorted(read, key=lambda treaty: treaty.valid_from))


def ceded(net: Money, treaty: Treaty) -> Ceded:
    """Return a treaty's part of a premium, premium and commission each rounded once, half up."""
    premium = net.times(treaty.share)
    return Ceded(premium=premium, commission=premium.times(treaty.ceding_commission))


def recovered(paid: Money, treaty: Treaty) -> Money:
    """Return what a reinsurer owes of a payment; below zero of what came back."""
    return paid.times(treaty.share)
