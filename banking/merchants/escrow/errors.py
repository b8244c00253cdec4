"""What an escrow refuses."""

from __future__ import annotations

from kernel.errors import Conflict, NotFound, RuleBroken
from kernel.text import N_


class EscrowUnknown(NotFound):
    """No money was ever paid in for this order."""

    code = "escrow_unknown"
    message = N_("No payment is held for this order.")


class EscrowExists(Conflict):
    """The order was paid already."""

    code = "escrow_exists"
    message = N_("This order has already been paid.")


class EscrowTooSmall(RuleBroken):
    """More was asked for than the escrow still holds."""

    code = "escrow_too_small"
    message = N_("Only %(remaining)s is still held for this order.")


class EscrowFrozenAmount(RuleBroken):
    """A dispute keeps part of the money back."""

    code = "escrow_frozen"
    message = N_("%(frozen)s is frozen by a dispute. %(free)s can be released.")


class RefundAbovePaid(RuleBroken):
    """More was asked back than was ever paid for the order."""

    code = "refund_above_paid"
    message = N_("Only %(left)s of this order can still be refunded.")


class RefundNotCovered(RuleBroken):
    """Part of it would be the house's loss, which only the house may decide on."""

    code = "refund_not_covered"
    message = N_("You can't cover all of it: %(loss)s is missing. Ask us to refund the buyer.")


class AlreadyCompensated(RuleBroken):
    """Somebody else pays the buyer for the order, and who refunds it did not say that they know."""

    code = "already_compensated"
    message = N_(
        "Someone else has paid or will pay the buyer for this. Tick the box to refund it anyway."
    )


class PreviewStale(Conflict):
    """What would bear the refund has changed since it was shown."""

    code = "refund_preview_stale"
    message = N_(
        "Balances have changed since you checked. Nothing was refunded. See who pays for it now."
    )


class EscrowKeyReused(Conflict):
    """The key moved other money before."""

    code = "escrow_key_reused"
    status = 422
    message = N_("This request was already sent with different details. Nothing was moved.")


class NotPaidOut(RuleBroken):
    """The money is still kept for the order: cancelling it gives it back."""

    code = "order_not_paid_out"
    message = N_("This order's money is still held. Cancel the order to refund it.")
