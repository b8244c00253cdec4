"""What policies say to people: one marked sentence per state, cause and event."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from insurance.contracts.policies.queries import PolicyState
from insurance.rating.liability.queries import Cause
from kernel.text import N_


@dataclass(frozen=True, slots=True)
class Status:
    """A state as a tag and as the heading of its page. Shape: kind is a tag's kind."""

    kind: str
    word: str
    heading: str


STATUS: dict[PolicyState, Status] = {
    PolicyState.BOUND: Status(
        "info", N_("Starts at the first scan"), N_("Covered since the first scan.")
    ),
    PolicyState.ATTACHED: Status("ok", N_("In force"), N_("Covered all the way to your door.")),
    PolicyState.COMPLETED: Status(
        "ok", N_("Ended on delivery"), N_("It arrived, so cover has ended.")
    ),
    PolicyState.CANCELLED: Status("warn", N_("Cancelled"), N_("This cover was cancelled.")),
    PolicyState.VOIDED: Status("warn", N_("Void"), N_("This cover never started.")),
    PolicyState.EXHAUSTED: Status("ok", N_("Paid out"), N_("This cover has paid in full.")),
}

_CAUSES = {
    Cause.LOST: N_("Lost or stolen between the first scan and delivery"),
    Cause.DAMAGE: N_("Broken or damaged in transit"),
    Cause.THEFT: N_("Stolen within 30 days after delivery"),
    Cause.MISSING: N_("Items missing from a parcel opened in transit"),
}
_NEVER = (
    (False, N_("Faults the items already had. The seller is responsible for those")),
    (False, N_("Delays, which have their own cover")),
)


def covered_by(perils: Collection[Cause]) -> list[tuple[bool, str]]:
    """Return what a policy pays for and what it does not, the former first."""
    rows = [(cause in perils, words) for cause, words in _CAUSES.items()]
    return [*sorted(rows, key=lambda row: not row[0]), *_NEVER]


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
