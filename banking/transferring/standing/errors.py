"""What can go wrong with standing orders."""

from __future__ import annotations

from kernel.errors import Invalid, NotFound, RuleBroken
from kernel.text import N_


class OrderUnknown(NotFound):
    """There is no such standing order for this owner."""

    code = "standing_order_unknown"
    message = N_("We can't find that recurring payment.")


class OrderOver(RuleBroken):
    """The standing order has ended, or is not yet approved."""

    code = "standing_order_over"
    message = N_("This recurring payment isn't active. Set up a new one.")


class FirstDayGone(Invalid):
    """A first day that is not ahead."""

    code = "first_day_gone"
    message = N_("Choose a day from tomorrow.")


class LastDayEarly(Invalid):
    """A last day before the first."""

    code = "last_day_early"
    message = N_("The last day must come after the first one.")
