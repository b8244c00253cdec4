"""What can go wrong with standing orders."""

from __future__ import annotations

from kernel.errors import Invalid, NotFound, RuleBroken
from kernel.text import N_


class OrderUnknown(NotFound):
    """There is no such standing order for this owner."""

    code = "standing_order_unknown"
    message = N_("There is no such standing order.")


class OrderOver(RuleBroken):
    """The standing order has ended, or is not yet approved."""

    code = "standing_order_over"
    message = N_("This standing order is not running. Set up a new one.")


class FirstDayGone(Invalid):
    """A first day that is not ahead."""

    code = "first_day_gone"
    message = N_("Choose a day from tomorrow on.")


class LastDayEarly(Invalid):
    """A last day before the first."""

    code = "last_day_early"
    message = N_("The last day must come after the first one.")
