"""Forgets carts that visitors left."""

from __future__ import annotations

from datetime import timedelta

from kernel.actor import SYSTEM
from kernel.forgetting import in_batches
from kernel.jobs import schedule
from marketplace.buying.cart import service


@schedule("marketplace.cart.forget_left_carts", every=timedelta(days=1), queue="slow")
def forget_left_carts() -> None:
    """Delete carts without an account that nobody has changed for months."""
    in_batches(lambda: service.forget_left(actor=SYSTEM))
