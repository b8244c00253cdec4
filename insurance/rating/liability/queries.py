"""What other rooms ask of liability: remedies, gains of a level, a carrier's limit; no database."""

from insurance.rating.liability.rules import (
    Carriage,
    Cause,
    Gain,
    Interest,
    Owed,
    Regime,
    Remedy,
    carrier_owes,
    gains,
    level_causes,
    remedy,
)

__all__ = [
    "Carriage",
    "Cause",
    "Gain",
    "Interest",
    "Owed",
    "Regime",
    "Remedy",
    "carrier_owes",
    "gains",
    "level_causes",
    "remedy",
]
