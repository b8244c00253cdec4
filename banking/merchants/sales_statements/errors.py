"""What a vendor's statement refuses."""

from __future__ import annotations

from kernel.errors import Invalid, RuleBroken
from kernel.text import N_


class DaysUnreadable(Invalid):
    """The days in the address are none, or in the wrong order."""

    code = "statement_days_unreadable"
    message = N_("Choose a first and a last day, up to today.")


class EarningsTooMany(RuleBroken):
    """More lines than one statement may hold."""

    code = "earnings_too_many"
    message = N_("These days hold more than %(most)s lines. Choose fewer days.")
