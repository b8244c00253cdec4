"""What sales still bring a vendor, told by whoever sells.

The bank keeps what buyers paid, in their currencies and with freight and duty in it. What of that
will be the vendor's, and in which currency, only the shop knows; it registers how it tells.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from banking.merchants.escrow import queries as escrow
from banking.merchants.escrow.queries import EscrowView, VendorBucket
from kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A vendor's share of what buyers paid, in a currency.

    Shape: held comes with the delivery, due is about to, in_dispute waits for a decision; next_at
    is when some of what is held falls due.
    """

    held: Money
    due: Money
    in_dispute: Money
    next_at: datetime | None


Teller = Callable[[UUID, Mapping[str, EscrowView]], Mapping[str, Coming]]
_tellers: list[Teller] = []


def register_coming(tell: Teller) -> None:
    """Ask for vendors' shares here, by currency.

    Shape: tell is given a company and its escrows of which something is frozen, by order.
    """
    _tellers[:] = [tell]


def buckets_of(vendor_id: UUID) -> dict[str, VendorBucket]:
    """Return a vendor's money by currency; what is still to come is the vendor's own share."""
    in_escrow = {one.currency: one for one in escrow.vendor_buckets(organisation_id=vendor_id)}
    if not _tellers:
        return in_escrow
    is_disputed = any(one.in_dispute for one in in_escrow.values())
    frozen = escrow.frozen_escrows(beneficiary_id=vendor_id) if is_disputed else {}
    coming = _tellers[0](vendor_id, frozen)
    buckets = {}
    for currency in in_escrow.keys() | coming.keys():
        nothing = Money.zero(currency)
        share = coming.get(currency) or Coming(
            held=nothing, due=nothing, in_dispute=nothing, next_at=None
        )
        buckets[currency] = replace(
            in_escrow.get(currency) or VendorBucket.empty(currency),
            held=share.held,
            releasable=share.due,
            in_dispute=share.in_dispute,
            next_at=share.next_at,
        )
    return dict(sorted(buckets.items()))
