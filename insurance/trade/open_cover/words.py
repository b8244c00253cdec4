"""How open covers are said."""

from __future__ import annotations

from insurance.trade.open_cover.rules import Source, State
from kernel.text import N_

STATES: dict[State, tuple[str, str]] = {
    State.DRAFT: ("wait", N_("Not accepted yet")),
    State.ACTIVE: ("ok", N_("Active")),
    State.SUSPENDED: ("warn", N_("Suspended")),
    State.ENDED: ("info", N_("Ended")),
}
SOURCES: dict[Source, str] = {
    Source.FORM: N_("Form"),
    Source.FILE: N_("File"),
    Source.ORDER: N_("Order"),
    Source.API: N_("API"),
}
