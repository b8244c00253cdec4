"""What ending a cover says to people where nothing comes back."""

from __future__ import annotations

from kernel.text import N_, Message

NO_REFUND: dict[str, str] = {
    "DELIVERED": N_(
        "The parcel has arrived or cover has ended, so there's nothing left to refund."
    ),
    "CLAIM_NOTIFIED": N_("A claim has been opened under this cover, so you can't cancel it."),
    "USED_UP": N_("The planned time is used up, so there's nothing left to refund."),
}


def refund_reason(code: str) -> Message:
    """Return why nothing is given back."""
    return Message(NO_REFUND[code])
