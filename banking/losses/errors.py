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


class LossProposedAlready(RuleBroken):
    """One proposal at a time for a dispute."""

    code = "loss_proposed_already"
    message = N_("A proposal waits already. Confirm it or send it back first.")
