"""What can go wrong with losses."""

from __future__ import annotations

from kernel.errors import NotFound, RuleBroken
from kernel.text import N_


class LossUnknown(NotFound):
    """There is no such proposal."""

    code = "loss_unknown"
    message = N_("There is no such proposal.")


class LossClosed(RuleBroken):
    """Somebody confirmed it or sent it back already."""

    code = "loss_closed"
    message = N_("This proposal does not wait any more. Look at the page again.")


class SalesComing(RuleBroken):
    """Orders under way may pay the debt still."""

    code = "sales_coming"
    message = N_("Orders of this vendor are under way, and what they bring pays the debt first.")


class NothingOwed(RuleBroken):
    """The vendor owes nothing in this currency."""

    code = "nothing_owed"
    message = N_("Nothing is owed.")


class LossProposedAlready(RuleBroken):
    """One proposal at a time for a dispute."""

    code = "loss_proposed_already"
    message = N_("A proposal waits already. Confirm it or send it back first.")
