"""What can go wrong with differences between books."""

from __future__ import annotations

from kernel.errors import NotFound, RuleBroken
from kernel.text import N_


class DifferenceUnknown(NotFound):
    """There is no such difference."""

    code = "difference_unknown"
    message = N_("We can't find that difference.")


class DifferenceClosed(RuleBroken):
    """Somebody ended it, or the books agree by now."""

    code = "difference_closed"
    message = N_("This difference no longer needs that. Check it again.")
