"""What can go wrong with losses."""

from __future__ import annotations

from kernel.errors import NotFound, RuleBroken
from kernel.text import N_


class LossUnknown(NotFound):
    """There is no such proposal."""

    code = "loss_unknown"
    message = N_("We can't find that proposal.")


class LossClosed(RuleBroken):
    """Somebody confirmed it or sent it back already."""

    code = "loss_closed"
    message = N_("This proposal is no longer waiting. Check the page again.")


class SalesComing(RuleBroken):
    """Orders under way may pay the debt still."""

    code = "sales_coming"
    message = N_("This vendor has orders in progress. Their earnings pay the debt first.")


class NothingOwed(RuleBroken):
    """The vendor owes nothing in this currency."""

    code = "nothing_owed"
    message = N_("Nothing is owed.")


class LossProposedAlready(RuleBroken):
    """One proposal at a time for a dispute."""

    code = "loss_proposed_already"
    message = N_("A proposal is already waiting. Confirm it or send it back first.")
