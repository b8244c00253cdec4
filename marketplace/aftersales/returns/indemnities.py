"""What the cover paid for an order that somebody is about to refund."""

from __future__ import annotations

from collections.abc import Sequence

from banking import api as bank
from insurance import api as cover
from kernel.text import N_, Message
from marketplace.buying.orders import queries as orders

_PAID = N_("Cover paid the buyer %(amount)s for this order on %(day)s.")


def compensations(*, order_ref: str) -> Sequence[bank.Compensation]:
    """Return what the cover paid the buyer of an order, nothing for what is no order of ours."""
    order = orders.by_refs([order_ref]).get(order_ref)
    if order is None or order.cover is None:
        return []
    return [
        bank.Compensation(
            amount=claim.payable,
            paid_at=claim.paid_at,
            words=Message(_PAID, {"amount": claim.payable, "day": claim.paid_at.date()}),
        )
        for claim in cover.indemnities_of(parcel_ref=order.parcel_ref)
        if claim.paid_at is not None
    ]
