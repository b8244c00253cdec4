"""What became of the demonstration's money, in figures a program and a person can read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text

from banking import api as bank
from insurance import api as cover
from kernel import outbox
from kernel.actor import Actor
from kernel.db import reading
from kernel.money import Money
from kernel.people.identity import queries as people
from marketplace.buying.orders import queries as orders
from marketplace.buying.orders.queries import GroupView, OrderState, VendorOrderView
from marketplace.demo.tour.visitor import while_moving

_STAFF = text(
    """
    SELECT DISTINCT ON (o.organisation_id) p.email
    FROM marketplace.vendor_order o JOIN kernel.membership m USING (organisation_id)
    JOIN kernel.person p ON p.id = m.person_id
    WHERE o.state = 'paid' ORDER BY o.organisation_id, p.email
    """
)

_GUESTS_GROUP = text(
    """
    SELECT g.ref FROM marketplace.order_group g JOIN kernel.person p ON p.id = g.person_id
    WHERE p.guest_email = :email ORDER BY g.placed_at LIMIT 1
    """
)

_MOVES = text("SELECT count(*) FILTER (WHERE done_at IS NULL), count(done_at) FROM kernel.delivery")
_REVIEWS = text("SELECT count(*) FROM marketplace.review")
_PAGE = text("SELECT ref FROM marketplace.product WHERE external_ref = :key")
_ANYBODY = text("SELECT EXISTS (SELECT FROM kernel.person)")


def signs() -> tuple[int, int]:
    """Return what changes while the workers work: what waits for them, and what is done."""
    with reading() as current:
        waits, done = current.execute(_MOVES).one()
        return int(waits), int(done)


def wait_until_quiet() -> None:
    """Return once every published fact that matters to the story has reached its handlers.

    The sizes of pictures are made meanwhile and afterwards. Raises: TimeoutError once nothing was
    delivered for long.
    """
    for _ in while_moving(signs):
        if not outbox.pending(besides=("slow",)):
            return
    raise TimeoutError("the workers stand still")


def staff_with_orders() -> list[str]:
    """Return one address per vendor that has something to pack."""
    with reading() as current:
        return list(current.execute(_STAFF).scalars())


def is_lived_in() -> bool:
    """Whether anybody has an account here."""
    with reading() as current:
        return bool(current.execute(_ANYBODY).scalar_one())


def page_of(product_key: str) -> str:
    """Return the page of one of the seed's products, by its key."""
    with reading() as current:
        return f"/p/{current.execute(_PAGE, {'key': product_key}).scalar_one()}/"


def is_known(email: str) -> bool:
    """Whether somebody has an account here."""
    return people.person_by_email(email) is not None


def first_group(email: str) -> str | None:
    """Return the reference of what a person bought first, None when they bought nothing."""
    person = people.person_by_email(email)
    if person is None:
        return None
    bought = orders.groups_of(Actor(person_id=person.id))
    return bought[-1].ref if bought else None


def first_group_of_guest(email: str) -> str | None:
    """Return the reference of what a guest bought first, None when they bought nothing."""
    with reading() as current:
        ref: str | None = current.execute(_GUESTS_GROUP, {"email": email}).scalar_one_or_none()
        return ref


def orders_of(email: str) -> int:
    """Return how often somebody has bought."""
    person = people.person_by_email(email)
    return len(orders.groups_of(Actor(person_id=person.id))) if person else 0


def insured_parcel(group_ref: str) -> str:
    """Return the reference of a group's insured parcel."""
    with reading():
        group = orders.group_by_ref(group_ref)
    return next(order.parcel_ref for order in group.orders if order.cover)


def uninsured_order(group_ref: str) -> str:
    """Return the reference of a group's order without cover: the lamp."""
    with reading():
        group = orders.group_by_ref(group_ref)
    return next(order.ref for order in group.orders if not order.cover)


def is_over(parcel_ref: str) -> bool:
    """Whether the story of a parcel's order has ended."""
    with reading():
        return orders.by_parcel(parcel_ref).state in _PAID


def are_over(group_refs: Sequence[str]) -> bool:
    """Whether the story of every order has ended."""
    with reading():
        groups = [orders.group_by_ref(ref) for ref in group_refs]
    return all(order.state in _PAID for group in groups for order in group.orders)


def write(path: Path, group_refs: Sequence[str], *, lost: str, damaged: str) -> None:
    """Write what became of the story.

    Shape: lost is the parcel that the carrier was to lose, damaged the e-mail address of whoever
    was to be paid for what broke.
    """
    told = _account(group_refs, lost) | {"damage_claim": _damage(damaged)}
    account = json.dumps(told, ensure_ascii=False, indent=1)
    half = path.with_suffix(".half")
    half.write_text(account, "utf-8")
    half.replace(path)


def _account(group_refs: Sequence[str], lost: str) -> dict[str, Any]:
    with reading() as current:
        groups = [orders.group_by_ref(ref) for ref in group_refs]
        vendor_orders = [order for group in groups for order in group.orders]
        claims = [claim for group in groups for claim in cover.claims_of(owner_id=group.person_id)]
        ledger = bank.verify_ledger()
        return {
            "reviews": current.execute(_REVIEWS).scalar_one(),
            "groups": [_group(group) for group in groups],
            "orders": [_order(order, lost) for order in vendor_orders],
            "payouts": [_payout(order) for order in vendor_orders if order.state in _PAID],
            "arrivals": list(_arrivals(sorted({order.organisation_id for order in vendor_orders}))),
            "claim": _claim(claims[0]) if claims else None,
            "claims": [_claim(claim) for claim in claims],
            "balanced": ledger.balanced,
            "ledger": {
                "totals": {c: str(Money(m, c).amount) for c, m in ledger.totals.items()},
                "entries": ledger.entries,
                "balanced": ledger.balanced,
            },
        }


def _damage(email: str) -> dict[str, str] | None:
    """Return what became of somebody's first damage, None where none was reported."""
    person = people.person_by_email(email)
    if person is None:
        return None
    with reading():
        claims = cover.claims_of(owner_id=person.id)
    damages = [claim for claim in claims if claim.cause.value == "damage"]
    return _claim(damages[-1]) if damages else None


def _claim(claim: cover.ClaimView) -> dict[str, str]:
    return {
        "reference": claim.ref,
        "order": claim.order_ref,
        "cause": claim.cause.value,
        "state": claim.state.value,
        "paid": str(claim.payable.amount),
        "currency": claim.currency,
    }


_PAID = {OrderState.COMPLETED, OrderState.INDEMNIFIED, OrderState.BORNE}


def _group(group: GroupView) -> dict[str, Any]:
    return {
        "reference": group.ref,
        "currency": group.total.currency,
        "country": group.country,
        "premium": str(group.premium.amount),
        "total": str(group.total.amount),
    }


def _order(order: VendorOrderView, lost: str) -> dict[str, Any]:
    end = OrderState.INDEMNIFIED if order.parcel_ref == lost else OrderState.COMPLETED
    return {
        "reference": order.ref,
        "currency": order.total.currency,
        "goods": str(order.goods.amount),
        "freight": str(order.freight.amount),
        "duty": str(order.duty.amount),
        "tax": str(order.tax.amount),
        "fees": str(order.fees.amount),
        "premium": str(_premium(order).amount),
        "total": str((order.total + _premium(order)).amount),
        "state": order.state.value,
        "expected": end.value,
    }


def _premium(order: VendorOrderView) -> Money:
    policy = cover.policy_for_parcel(parcel_ref=order.parcel_ref) if order.cover else None
    return policy.total if policy else Money.zero(order.total.currency)


def _payout(order: VendorOrderView) -> dict[str, str]:
    return {
        "order": order.ref,
        "currency": order.vendor_net.currency,
        "goods": str(order.vendor_goods.amount),
        "commission": str(order.vendor_commission.amount),
        "paid": str(order.vendor_net.amount),
    }


def _arrivals(vendor_ids: Sequence[UUID]) -> Iterator[dict[str, str]]:
    """Yield what reached the vendors' banks, oldest first."""
    for vendor_id in vendor_ids:
        for payout in reversed(bank.vendor_payouts(vendor_id=vendor_id)):
            if payout.state == "paid":
                yield {
                    "reference": payout.ref,
                    "amount": str(payout.amount.amount),
                    "currency": payout.amount.currency,
                    "arrived_on": str(payout.arrives_on),
                }


def summary(account: dict[str, Any]) -> Iterator[str]:
    """Yield the lines a person reads at the end of the tour."""
    yield ""
    yield "What became of it"
    for order in account["orders"]:
        border = f"duty {order['duty']}, tax {order['tax']}"
        yield (
            f"   {order['reference']}  {order['total']:>10} {order['currency']}"
            f"  goods {order['goods']}, freight {order['freight']}, {border},"
            f" cover {order['premium']}  {order['state']}"
        )
    for payout in account["payouts"]:
        yield (
            f"   {payout['order']}  vendor paid {payout['paid']} {payout['currency']}"
            f" ({payout['goods']} less commission {payout['commission']})"
        )
    for payout in account["arrivals"]:
        yield (
            f"   {payout['reference']}  {payout['amount']} {payout['currency']} booked by the"
            f" vendor's bank on {payout['arrived_on']}"
        )
    # An account of an older tour knows of no damage.
    damage = account.get("damage_claim")
    for claim in [*account["claims"], *([damage] if damage else [])]:
        yield (
            f"   {claim['order']}  {claim['cause']}: claim {claim['state']},"
            f" {claim['paid']} {claim['currency']}"
        )
    ledger = account["ledger"]
    word = "every currency sums to zero" if ledger["balanced"] else "NOT BALANCED"
    yield f"   Ledger: {ledger['entries']} entries in {len(ledger['totals'])} currencies, {word}."
