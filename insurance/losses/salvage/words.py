"""What cases of found parcels say to people."""

from __future__ import annotations

from dataclasses import dataclass

from insurance.losses.salvage.rules import RecoveryState, Whereabouts
from kernel.text import N_


@dataclass(frozen=True, slots=True)
class Status:
    """A state as a tag and as the heading of its page. Shape: kind is a tag's kind."""

    kind: str
    word: str
    heading: str


WHEREABOUTS: dict[Whereabouts, str] = {
    Whereabouts.CARRIER: N_("With the carrier"),
    Whereabouts.HOLDER: N_("With the policyholder"),
}
_STATUS: dict[RecoveryState, Status] = {
    RecoveryState.KEPT: Status(
        "ok", N_("Items kept"), N_("You kept the items and returned the payout.")
    ),
    RecoveryState.SURRENDERED: Status(
        "info",
        N_("Left to the insurer"),
        N_("The items belong to the insurer. You keep the money."),
    ),
    RecoveryState.CLOSED: Status(
        "ok", N_("Case closed"), N_("The items belong to the insurer. You keep the money.")
    ),
}
_ON_ITS_WAY = Status(
    "info", N_("Found, on its way"), N_("Your parcel has been found and is on its way to you.")
)
_HERE = Status(
    "wait",
    N_("Waiting for a choice"),
    N_("Your lost parcel has arrived. Keep it, or keep the money?"),
)


def status(state: RecoveryState, whereabouts: Whereabouts) -> Status:
    """Return how a case reads to its holder."""
    if state is not RecoveryState.AWAITING_CHOICE:
        return _STATUS[state]
    return _HERE if whereabouts is Whereabouts.HOLDER else _ON_ITS_WAY
