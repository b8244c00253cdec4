"""What every paper about cover says alike."""

from __future__ import annotations

from collections.abc import Mapping

from insurance.rating.liability.queries import Cause
from kernel.text import NP_

# By when each cause is reported; what the carrier's scans tell is reported by nobody.
REPORT: Mapping[Cause, str] = {
    Cause.DAMAGE: NP_(
        "Report damage within %(days)s day after delivery.",
        "Report damage within %(days)s days after delivery.",
        by="days",
    ),
    Cause.MISSING: NP_(
        "Report missing items within %(days)s day after delivery.",
        "Report missing items within %(days)s days after delivery.",
        by="days",
    ),
    Cause.THEFT: NP_(
        "Report theft within %(days)s day after delivery.",
        "Report theft within %(days)s days after delivery.",
        by="days",
    ),
}
