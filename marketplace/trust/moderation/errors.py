"""What can go wrong with reports and decisions."""

from __future__ import annotations

from kernel.errors import LimitExceeded, NotFound, RuleBroken
from kernel.text import N_


class TooManyReports(LimitExceeded):
    """Too many reports from one place or in one name."""

    code = "too_many_reports"


class ReportUnknown(NotFound):
    """There is no such report."""

    code = "report_unknown"


class ReportDecided(RuleBroken):
    """Somebody decided on it already."""

    code = "report_decided"
    message = N_("This report has already been decided. Reload the page to see how.")


class DecisionUnknown(NotFound):
    """There is no such decision, or it does not concern the actor."""

    code = "decision_unknown"


class NothingToReview(RuleBroken):
    """Nobody objected, or the objection is decided."""

    code = "nothing_to_review"
    message = N_("There is nothing to decide.")
