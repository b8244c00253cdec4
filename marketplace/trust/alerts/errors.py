"""What can go wrong when somebody wants to hear of goods."""

from __future__ import annotations

from kernel.errors import NotFound, RuleBroken
from kernel.text import N_


class NothingToWaitFor(NotFound):
    """There are no such goods."""

    code = "nothing_to_wait_for"


class BackAlready(RuleBroken):
    """The goods are in stock."""

    code = "back_already"
    message = N_("It's back in stock. You can buy it now.")


class TooManyAlerts(RuleBroken):
    """One person waits for so much already."""

    code = "too_many_alerts"
    message = N_("You already have a hundred alerts. Stop some first.")
