"""What other rooms ask of liability: remedies, gains of a level, a carrier's limit; no database."""

from insurance.rating.liability.rules import (
    Carriage,
    CarriageRow,
    Cause,
    Gain,
    Interest,
    Owed,
    Regime,
    Remedy,
    carrier_owes,
    convention,
    gains,
    level_causes,
    remedy,
)

__all__ = [
    "Carriage",
    "CarriageRow",
    "Cause",
    "Gain",
    "Interest",
    "Owed",
    "Regime",
    "Remedy",
    "carrier_owes",
    "convention",
    "gains",
    "level_causes",
    "remedy",
]
