"""What stands in the way of a refund after the payout."""

from __future__ import annotations

from kernel.errors import RuleBroken
from kernel.text import N_


class NotPaidOut(RuleBroken):
    """The money is still kept for the order: cancelling it gives it back."""

    code = "order_not_paid_out"
    message = N_("The money of this order is still kept. Cancel the order to give it back.")
