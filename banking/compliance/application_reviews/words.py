"""How states, answers and decisions read on the officers' pages: a kind of tag and a word."""

from __future__ import annotations

from banking.compliance.onboarding.queries import Decision, State, Verdict
from kernel.text import N_

STATES = {
    State.DRAFT: ("wait", N_("Waiting for the customer")),
    State.SUBMITTED: ("wait", N_("In review")),
    State.ASKED_AGAIN: ("wait", N_("Waiting for the customer")),
    State.APPROVED: ("ok", N_("Approved")),
    State.REFUSED: ("bad", N_("Refused")),
    State.EXPIRED: ("info", N_("Expired")),
}
VERDICTS = {
    Verdict.CLEAR: ("ok", N_("Confirmed")),
    Verdict.NOT_CONFIRMED: ("warn", N_("Not confirmed")),
    Verdict.ASK_AGAIN: ("warn", N_("Unreadable")),
    Verdict.MATCH: ("bad", N_("Similar to a listed name")),
}
DECISIONS = {
    Decision.APPROVE: N_("Approve"),
    Decision.ASK_AGAIN: N_("Ask the customer again"),
    Decision.REFUSE: N_("Decline"),
}
STEPS = {
    "proposed": N_("Proposed"),
    "confirmed": N_("Confirmed"),
    "returned": N_("Sent back"),
}
