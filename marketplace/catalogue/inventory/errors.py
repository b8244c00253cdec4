"""What can go wrong with stock."""

from __future__ import annotations

from kernel.errors import Conflict, NotFound, RuleBroken
from kernel.text import N_, NP_


class InsufficientStock(RuleBroken):
    """Fewer pieces are free than were asked for.

    Shape: data carries free (pieces) and offer_id.
    """

    code = "insufficient_stock"
    message = NP_("Only %(free)d left.", "Only %(free)d left.", by="free")


class ReservationOver(RuleBroken):
    """The reservation ran out or was given back; the pieces may be somebody else's now."""

    code = "reservation_over"
    message = N_(
        "We could only hold these items for a limited time, and it's up. Please try again."
    )


class ReservationMismatch(Conflict):
    """The key was used for other pieces."""

    code = "reservation_mismatch"
    message = N_("Your cart has changed. Please check it again.")


class NoSuchReservation(NotFound):
    """Nothing was reserved under this key."""

    code = "no_such_reservation"
    message = N_("We aren't holding anything for you under this reference.")


class StockInUse(RuleBroken):
    """More pieces are promised to buyers than the new count would leave."""

    code = "stock_in_use"
    message = NP_(
        "%(claimed)d piece is promised to a buyer, so the count can't be lower.",
        "%(claimed)d pieces are promised to buyers, so the count can't be lower.",
        by="claimed",
    )
