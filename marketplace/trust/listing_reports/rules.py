"""What may be wrong with a listing."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from kernel.text import N_

KIND = "listing"


class Reason(StrEnum):
    """What is wrong with a listing, as its reporter or the operator says."""

    COUNTERFEIT = "counterfeit"
    FORBIDDEN = "forbidden"
    DANGEROUS = "dangerous"
    MISLEADING = "misleading"
    OTHER = "other"


REASON_WORDS: Mapping[str, str] = {
    Reason.COUNTERFEIT: N_("It's counterfeit"),
    Reason.FORBIDDEN: N_("Selling it isn't allowed"),
    Reason.DANGEROUS: N_("It's dangerous"),
    Reason.MISLEADING: N_("The description is misleading"),
    Reason.OTHER: N_("Something else"),
}
