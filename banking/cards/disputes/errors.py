"""What can go wrong with disputes."""

from __future__ import annotations

from kernel.errors import NotFound, RuleBroken
from kernel.text import N_


class DisputeUnknown(NotFound):
    """There is no such dispute for this person."""

    code = "dispute_unknown"
    message = N_("There is no such card dispute.")


class EvidenceClosed(RuleBroken):
    """Evidence was sent, the time for it is over, or the dispute is decided."""

    code = "evidence_closed"
    message = N_(
        "The card's bank takes no more evidence: it has some already, the time for it is over, or "
        "the dispute is decided."
    )


class DisputeUndecided(RuleBroken):
    """What is owed may still turn out not to be."""

    code = "dispute_undecided"
    message = N_("Only what a lost card dispute left unpaid can be written off.")


class DebtChanged(RuleBroken):
    """Something was paid, or written off, since somebody looked."""

    code = "debt_changed"
    message = N_("What is owed has changed since. Send the proposal back and propose it anew.")


class DisputedPaymentUnknown(NotFound):
    """The disputed charge is none of our payments, or none that we know as paid yet."""

    code = "disputed_payment_unknown"
    message = N_("The card network reports a dispute about a charge that we do not know.")
