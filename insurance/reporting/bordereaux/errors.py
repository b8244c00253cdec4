"""What the bordereaux refuse."""

from __future__ import annotations

from kernel.errors import NotFound, RuleBroken
from kernel.text import N_


class MonthUnknown(NotFound):
    """No such month of an insurer in a currency."""

    code = "bordereau_unknown"
    message = N_("We can't find that month.")


class MonthNotOver(RuleBroken):
    """A month is closed when it is over."""

    code = "bordereau_month_not_over"
    message = N_("This month isn't over yet. You can close it on the first day of the next.")


class EarlierMonthOpen(RuleBroken):
    """Months are closed in their order, because what an open one left out goes into the next."""

    code = "bordereau_earlier_month_open"
    message = N_("Close %(month)s first: months are closed in order.")


class MonthDiffers(RuleBroken):
    """A line says something else than its journals. Shape: difference is minor units."""

    code = "bordereau_differs"
    message = N_("Line %(line)s (%(subject)s) differs from its journals, so the month stays open.")
