"""What can go wrong with withdrawals and returns."""

from __future__ import annotations

from kernel.errors import Conflict, NotFound, RuleBroken
from kernel.text import N_


class ReturnUnknown(NotFound):
    """There is no such return for the actor."""

    code = "return_unknown"


class ReturnMovedOn(RuleBroken):
    """The return is in a state in which this is not possible, or its time is over."""

    code = "return_moved_on"
    message = N_("This return has moved on, so you can't do that any more.")


class NotReturnable(RuleBroken):
    """These goods cannot go back for this reason now."""

    code = "not_returnable"
    message = N_("You can't return this now. Your order's page says why.")


class RefundChanged(Conflict):
    """The money that comes back is not what the page showed."""

    code = "return_refund_changed"
    message = N_("The amount has changed since you opened this page. Please check it again.")
