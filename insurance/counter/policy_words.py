"""What policies say to people: one marked sentence per state, cause and event."""

from __future__ import annotations

from dataclasses import dataclass

from insurance.policies.queries import PolicyState
from insurance.quotes.queries import Cover
from kernel.text import N_, Message


@dataclass(frozen=True, slots=True)
class Status:
    """A state as a tag and as the heading of its page. Shape: kind is a tag's kind."""

    kind: str
    word: str
    heading: str


STATUS: dict[PolicyState, Status] = {
    PolicyState.BOUND: Status(
        "info", N_("Starts at the first scan"), N_("Covered from the first scan on.")
    ),
    PolicyState.ATTACHED: Status("ok", N_("In force"), N_("Covered all the way to the door.")),
    PolicyState.COMPLETED: Status(
        "ok", N_("Ended on delivery"), N_("It arrived. The cover has ended.")
    ),
    PolicyState.CANCELLED: Status("warn", N_("Cancelled"), N_("This cover was cancelled.")),
    PolicyState.VOIDED: Status("warn", N_("Void"), N_("This cover never began.")),
    PolicyState.EXHAUSTED: Status("ok", N_("Paid out"), N_("This cover has paid in full.")),
}

_IN_TRANSIT = (True, N_("Lost or stolen between first scan and delivery"))
_FREIGHT = (True, N_("The freight you paid, and duty where you ticked it"))
_DAMAGE = N_("Broken or damaged on the way")
_THEFT = N_("Stolen within 30 days after delivery")
_FAULTS = (False, N_("Faults the goods had before; the seller answers for those"))
_DELAY = (False, N_("Delay; there is a separate cover for it"))

COVERED: dict[Cover, tuple[tuple[bool, str], ...]] = {
    Cover.TL: (_IN_TRANSIT, _FREIGHT, (False, _DAMAGE), (False, _THEFT), _FAULTS, _DELAY),
    Cover.STD: (_IN_TRANSIT, (True, _DAMAGE), _FREIGHT, (False, _THEFT), _FAULTS, _DELAY),
    Cover.PLUS: (
        _IN_TRANSIT,
        (True, _DAMAGE),
        (True, _THEFT),
        (True, N_("Things missing from a parcel that was opened on the way")),
        (True, N_("Losses caused by customs, and shares in general average")),
        _FREIGHT,
        _FAULTS,
        _DELAY,
    ),
}

HAPPENED: dict[str, str] = {
    "bound": N_("Cover bought"),
    "attached": N_("Cover began with the first scan"),
    "completed": N_("Delivered; cover ended"),
    "cancelled": N_("Cover cancelled"),
    "voided": N_("Cover void: the parcel was on its way before it was bought"),
    "late": N_("The promised day has passed"),
    "claim_notified": N_("Claim opened"),
    "exhausted": N_("Paid out in full"),
    "goods_gone_back": N_("Goods went back to the seller, who paid them back"),
}

NO_REFUND: dict[str, str] = {
    "DELIVERED": N_("The parcel has arrived or the cover has ended, so nothing is left to refund."),
    "CLAIM_NOTIFIED": N_("A claim was opened under this cover, so it cannot be cancelled."),
    "PERIOD_OVER": N_("The 14 days in which you could withdraw are over."),
}


def refund_reason(code: str) -> Message:
    """Return why nothing is given back."""
    return Message(NO_REFUND[code])
