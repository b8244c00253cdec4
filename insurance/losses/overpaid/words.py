"""What cases of losses that were paid twice say to people."""

from __future__ import annotations

from dataclasses import dataclass

from insurance.losses.overpaid.rules import CameFrom, OverpaidState
from kernel.text import N_


@dataclass(frozen=True, slots=True)
class Status:
    """A state as a tag and as the heading of its page. Shape: kind is a tag's kind."""

    kind: str
    word: str
    heading: str


CAME_FROM: dict[CameFrom, str] = {
    CameFrom.SELLER: N_("Paid by the seller"),
    CameFrom.CARRIER: N_("Paid by the carrier"),
    CameFrom.CARD: N_("Paid back to the card"),
}
STATUS: dict[OverpaidState, Status] = {
    OverpaidState.WAITING: Status(
        "info", N_("Not paid yet"), N_("Part of this loss may be paid twice.")
    ),
    OverpaidState.OPEN: Status("wait", N_("Open"), N_("This loss was paid twice.")),
    OverpaidState.RETURNED: Status("ok", N_("Returned"), N_("The double payment was returned.")),
    OverpaidState.DROPPED: Status("ok", N_("Closed"), N_("Nothing has to be returned.")),
}
