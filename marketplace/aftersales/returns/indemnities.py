"""What the cover pays for an order that somebody is about to refund."""

from __future__ import annotations

from collections.abc import Sequence

from banking import api as bank
from insurance import api as cover
from kernel.text import N_, Message
from marketplace.buying.orders import queries as orders

_PAID = N_("Cover paid the buyer %(amount)s for this order on %(day)s.")
_PROMISED = N_("Cover will pay the buyer %(amount)s for this order.")
_ASKED = N_("A claim of %(amount)s is open for this order.")
_DECIDED = frozenset({cover.ClaimState.APPROVED, cover.ClaimState.WAITING_FOR_FUNDS})


def compensations(*, order_ref: str) -> Sequence[bank.Compensation]:
    """Return what the cover paid the buyer of an order, will pay, or was asked for.

    Nothing for what is no order of ours.
    """
    order = orders.by_refs([order_ref]).get(order_ref)
    if order is None:
        return []
    return [_told(claim) for claim in cover.indemnities_of(parcel_ref=order.parcel_ref)]


def stands_in_way(compensated: Sequence[bank.Compensation]) -> bool:
    """Whether who refunds has to know of some of it."""
    return any(paid.stands_in_way for paid in compensated)


def _told(claim: cover.ClaimView) -> bank.Compensation:
    if claim.paid_at is not None:
        return bank.Compensation(
            amount=claim.payable,
            stage=bank.Stage.PAID,
            at=claim.paid_at,
            words=Message(_PAID, {"amount": claim.payable, "day": claim.paid_at.date()}),
        )
    if claim.decided_at is not None and claim.state in _DECIDED:
        return bank.Compensation(
            amount=claim.payable,
            stage=bank.Stage.PROMISED,
            at=claim.decided_at,
            words=Message(_PROMISED, {"amount": claim.payable}),
        )
    return bank.Compensation(
        amount=claim.claimed,
        stage=bank.Stage.ASKED,
        at=claim.opened_at,
        words=Message(_ASKED, {"amount": claim.claimed}),
    )
