"""What can go wrong with an order."""

from __future__ import annotations

from kernel.errors import RuleBroken
from kernel.text import N_


class StepNotPossible(RuleBroken):
    """The order is in a state that this step cannot follow."""

    code = "order_step_not_possible"
    message = N_("This order has moved on, so you can't do that any more.")


class NotCancellable(RuleBroken):
    """The vendor has handed the goods over."""

    code = "order_not_cancellable"
    message = N_("The seller has already packed this order, so it can't be cancelled any more.")


class NoWalletForRefunds(RuleBroken):
    """The buyer wants refunds in a wallet and has none in the order's currency."""

    code = "order_no_wallet_for_refunds"
    message = N_("You don't have a wallet in %(currency)s yet. Open one, then choose it here.")
