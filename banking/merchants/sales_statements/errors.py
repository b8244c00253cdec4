"""What a vendor's statement refuses."""

from __future__ import annotations

from kernel.errors import Invalid, RuleBroken
from kernel.text import N_


class DaysUnreadable(Invalid):
    """The days in the address are none, or in the wrong order."""

    code = "statement_days_unreadable"
    message = N_("Choose a first and last day, up to today.")


class EarningsTooMany(RuleBroken):
    """More lines than one statement may hold."""

    code = "earnings_too_many"
    message = N_("This period has more than %(most)s lines. Choose fewer days.")
