"""What cases of found parcels say to people."""

from __future__ import annotations

from dataclasses import dataclass

from insurance.salvage.rules import RecoveryState, Whereabouts
from kernel.text import N_


@dataclass(frozen=True, slots=True)
class Status:
    """A state as a tag and as the heading of its page. Shape: kind is a tag's kind."""

    kind: str
    word: str
    heading: str


WHEREABOUTS: dict[Whereabouts, str] = {
    Whereabouts.CARRIER: N_("With the carrier"),
    Whereabouts.HOLDER: N_("With the holder of the policy"),
}
_STATUS: dict[RecoveryState, Status] = {
    RecoveryState.KEPT: Status(
        "ok", N_("Goods kept"), N_("You kept the goods and paid the indemnity back.")
    ),
    RecoveryState.SURRENDERED: Status(
        "info", N_("Left to the insurer"), N_("The goods are the insurer's. The money stays yours.")
    ),
    RecoveryState.CLOSED: Status(
        "ok", N_("Case closed"), N_("The goods are the insurer's. The money stays yours.")
    ),
}
_ON_ITS_WAY = Status(
    "info", N_("Found, on its way"), N_("Your parcel was found and is on its way to you.")
)
_HERE = Status(
    "wait",
    N_("Waiting for the choice"),
    N_("Your parcel was found and has arrived. The goods or the money?"),
)


def status(state: RecoveryState, whereabouts: Whereabouts) -> Status:
    """Return how a case reads to its holder."""
    if state is not RecoveryState.AWAITING_CHOICE:
        return _STATUS[state]
    return _HERE if whereabouts is Whereabouts.HOLDER else _ON_ITS_WAY
