"""What is left of a refund once a cardholder's bank has taken money of the order."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from banking import api as bank
from kernel.ids import derived_id
from kernel.money import Money, total
from marketplace.buying.orders.shapes import VendorOrderView


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortened:
    """A refund that brings less than is due, because the card's bank gave some of it back before.

    Shape: taken is what the bank took of the whole order, given what the refund brings or brought.
    """

    taken: Money
    due: Money
    given: Money

    @property
    def not_again(self) -> Money:
        """What is due and not given, since it is with the cardholder already."""
        return self.due - self.given


def shortened(order: VendorOrderView, due: Money, *, made: UUID | None) -> Shortened | None:
    """Return why a refund is smaller than what is due, None where it is not.

    Shape: made is the key of a refund that was made, None for one that is still to come.
    """
    taken = bank.charged_back(order_ref=order.ref, currency=due.currency)
    if not taken:
        return None
    moves = [m for m in bank.moves_of(order_refs=[order.ref])[order.ref] if m.kind == "refunded"]
    if made is None:
        back = total([move.amount for move in moves], due.currency)
        given = min(due, bank.escrow_of(order_ref=order.ref).funded - back)
    else:
        keys = {made, derived_id(made, "border")}
        given = total([move.amount for move in moves if move.key in keys], due.currency)
    return Shortened(taken=taken, due=due, given=given) if given < due else None
