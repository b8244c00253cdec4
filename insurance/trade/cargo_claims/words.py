"""How claims for cargo are said."""

from __future__ import annotations

from insurance.trade.cargo_claims.rules import Kind, State
from kernel.text import N_

KINDS: dict[Kind, str] = {
    Kind.DAMAGE: N_("A part is lost or damaged"),
    Kind.TOTAL_LOSS: N_("All of it is lost"),
    Kind.GENERAL_AVERAGE: N_(
        "Ship and cargo were saved together, and the carrier asks for a share"
    ),
}
STATES: dict[State, tuple[str, str]] = {
    State.SUBMITTED: ("wait", N_("Reported")),
    State.GUARANTEED: ("wait", N_("Share guaranteed")),
    State.SURVEYED: ("wait", N_("Surveyed")),
    State.RECOMMENDED: ("wait", N_("Second officer decides")),
    State.APPROVED: ("ok", N_("Approved")),
    State.WAITING_FOR_FUNDS: ("wait", N_("Approved, waits for the insurer's money")),
    State.PAID: ("ok", N_("Paid")),
    State.REFUSED: ("bad", N_("Refused")),
    State.WITHDRAWN: ("info", N_("Taken back")),
}
# What a report names: the first and the second figure of each kind.
FIGURES: dict[Kind, tuple[str, str]] = {
    Kind.DAMAGE: (N_("Value if it had arrived sound"), N_("Value as it arrived")),
    Kind.TOTAL_LOSS: ("", N_("Paid by the carrier")),
    Kind.GENERAL_AVERAGE: (N_("Contributory value"), N_("Contribution")),
}
