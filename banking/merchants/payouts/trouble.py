"""How many of a vendor's orders went wrong of late, and what of its earnings stays back for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from banking.merchants.escrow import queries as escrow
from banking.merchants.payouts import rules
from banking.merchants.payouts.terms import terms
from kernel import clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Orders that were disputed, or refunded after their release.

    Units: kept_bp and limit_bp in basis points, days. Shape: share_bp is None while there are fewer
    orders than from_orders; limit_bp is the share from which a first part, first_bp,
    of each payout stays back; kept_bp stays back now.
    """

    troubled: int
    orders: int
    days: int
    from_orders: int
    share_bp: int | None
    limit_bp: int
    first_bp: int
    kept_bp: int


def trouble_of(*, vendor_id: UUID) -> Trouble:
    """Return what the reserve of a vendor's payouts is reckoned by, in one query."""
    in_force = terms()
    since = clock.now() - timedelta(days=in_force.looks_back_days)
    troubled, orders = escrow.troubled_orders(vendor_id=vendor_id, since=since)
    limit, first = next((step for step in in_force.reserve_steps if step[1]), (10_000, 0))
    is_enough = orders >= in_force.from_orders
    return Trouble(
        troubled=troubled,
        orders=orders,
        days=in_force.looks_back_days,
        from_orders=in_force.from_orders,
        share_bp=10_000 * troubled // orders if is_enough else None,
        limit_bp=limit,
        first_bp=first,
        kept_bp=rules.reserve_bp(troubled=troubled, orders=orders, terms=in_force),
    )
