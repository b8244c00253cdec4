"""What returns of premium tax refuse."""

from __future__ import annotations

from kernel.errors import Conflict, NotFound, RuleBroken
from kernel.text import N_


class TaxPeriodUnknown(NotFound):
    """No tax of that country, currency and period is the insurer's to pay."""

    code = "tax_period_unknown"
    message = N_("We can't find that tax period.")


class TaxPeriodOpen(RuleBroken):
    """A month of the period is not over, not closed or not settled."""

    code = "tax_period_open"
    message = N_("Close and settle every month of the period first. %(month)s is still missing.")


class TaxReturnNotPrepared(RuleBroken):
    """Nobody has prepared it, or it was sent back."""

    code = "tax_return_not_prepared"
    message = N_("This tax return isn't waiting for a second person. Look at where it stands now.")


class TaxReturnDiffers(Conflict):
    """Its lines say something else than when it was prepared."""

    code = "tax_return_differs"
    message = N_("The lines have changed since this was prepared. Send it back and prepare again.")
