"""What can go wrong with closing."""

from __future__ import annotations

from kernel.errors import NotFound, RuleBroken
from kernel.text import N_


class StillInTheWay(RuleBroken):
    """Something has to end first; the page lists it."""

    code = "closing_in_the_way"
    message = N_("Something still has to be finished. Finish what's listed here, then close.")


class ClosingUnknown(NotFound):
    """There is no such closing for this owner."""

    code = "closing_unknown"
    message = N_("Nothing was closed here.")
