"""What can go wrong with disputes."""

from __future__ import annotations

from kernel.errors import NotFound, RuleBroken
from kernel.text import N_


class DisputeUnknown(NotFound):
    """There is no such dispute for this person."""

    code = "dispute_unknown"
    message = N_("We can't find that card dispute.")


class EvidenceClosed(RuleBroken):
    """Evidence was sent, the time for it is over, or the dispute is decided."""

    code = "evidence_closed"
    message = N_(
        "The card's bank no longer accepts evidence: it already has some, the deadline "
        "has passed, or the dispute is decided."
    )


class DisputeUndecided(RuleBroken):
    """What is owed may still turn out not to be."""

    code = "dispute_undecided"
    message = N_("Only the unpaid part of a lost card dispute can be written off.")


class DebtChanged(RuleBroken):
    """Something was paid, or written off, since somebody looked."""

    code = "debt_changed"
    message = N_("The amount owed has changed. Send the proposal back and propose it again.")


class DisputedPaymentUnknown(NotFound):
    """The disputed charge is none of our payments, or none that we know as paid yet."""

    code = "disputed_payment_unknown"
    message = N_("The card network reports a dispute about a charge we don't know.")
