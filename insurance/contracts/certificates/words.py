"""What papers of a policy say of causes."""

from __future__ import annotations

from collections.abc import Collection

from insurance.rating.liability.queries import Cause
from kernel.text import N_

_CAUSES = {
    Cause.LOST: N_("Lost or stolen between the first scan and delivery"),
    Cause.DAMAGE: N_("Broken or damaged in transit"),
    Cause.THEFT: N_("Stolen within 30 days after delivery"),
    Cause.MISSING: N_("Items missing from a parcel opened in transit"),
}
_FAULTS = N_("Faults the items already had. The seller is responsible for those")
_DELAYS = N_("Delays, which have their own cover")


def covered_by(perils: Collection[Cause]) -> list[tuple[bool, str]]:
    """Return what a policy pays for and what it does not, the former first."""
    rows = [(cause in perils, words) for cause, words in _CAUSES.items()]
    return [*sorted(rows, key=lambda row: not row[0]), (False, _FAULTS), (False, _DELAYS)]


def left_out(perils: Collection[Cause], *, has_delay: bool) -> list[str]:
    """Return what a policy does not pay for; a delay is paid for where it has its own cover."""
    said = [words for is_covered, words in covered_by(perils) if not is_covered]
    return [words for words in said if not (has_delay and words == _DELAYS)]
