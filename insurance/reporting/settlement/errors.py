"""What the settlement refuses."""

from __future__ import annotations

from kernel.errors import RuleBroken
from kernel.text import N_


class MonthOpen(RuleBroken):
    """Only a closed month is settled."""

    code = "settlement_month_open"
    message = N_("Close the month first. Its sums are settled as they were closed.")
