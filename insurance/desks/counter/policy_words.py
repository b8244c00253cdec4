"""What policies say to people: one marked sentence per state, cause and event."""

from __future__ import annotations

from dataclasses import dataclass

from insurance.contracts.policies.queries import PolicyState
from kernel.text import N_


@dataclass(frozen=True, slots=True)
class Status:
    """A state as a tag and as the heading of its page. Shape: kind is a tag's kind."""

    kind: str
    word: str
    heading: str


STATUS: dict[PolicyState, Status] = {
    PolicyState.BOUND: Status(
        "info", N_("Starts at the first scan"), N_("Bought. Cover starts at the first scan.")
    ),
    PolicyState.ATTACHED: Status("ok", N_("In force"), N_("Covered all the way to your door.")),
    PolicyState.COMPLETED: Status(
        "ok", N_("Ended on delivery"), N_("It arrived, so cover has ended.")
    ),
    PolicyState.CANCELLED: Status("warn", N_("Cancelled"), N_("This cover was cancelled.")),
    PolicyState.VOIDED: Status("warn", N_("Void"), N_("This cover never started.")),
    PolicyState.EXHAUSTED: Status("ok", N_("Paid out"), N_("This cover has paid in full.")),
}

HAPPENED: dict[str, str] = {
    "bound": N_("Cover bought"),
    "attached": N_("Cover started at the first scan"),
    "completed": N_("Delivered, cover ended"),
    "cancelled": N_("Cover cancelled"),
    "voided": N_("Cover void: the parcel was already on its way when you bought it"),
    "late": N_("The promised day has passed"),
    "claim_notified": N_("Claim opened"),
    "exhausted": N_("Paid out in full"),
    "lost_elsewhere": N_(
        "Lost on the way. The seller refunded you, and your cover's price came back."
    ),
    "lost_after_delay": N_(
        "Lost on the way. The seller refunded you, and your cover's price came back, except for"
        " the delay it paid for."
    ),
    "endorsed": N_("Cover changed"),
    "assigned": N_("Cover handed over"),
    "goods_gone_back": N_("Returned to the seller, who refunded you"),
}
