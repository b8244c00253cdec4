"""What can go wrong with a cart."""

from __future__ import annotations

from kernel.errors import NotFound, RuleBroken
from kernel.text import N_


class OfferGone(NotFound):
    """The goods are not for sale (any more)."""

    code = "offer_gone"
    message = N_("This item is no longer for sale.")


class CartFull(RuleBroken):
    """More different goods than one order can carry."""

    code = "cart_full"
    message = N_("A cart holds up to %(most)d different items.")


class EmptyCart(RuleBroken):
    """There is nothing to buy."""

    code = "empty_cart"
    message = N_("Your cart is empty.")
