"""Orders of a past: on their way, late, broken, covered, sent back."""

from __future__ import annotations

from typing import Any

from banking.cards.card_topups import service as payments
from banking.cards.card_topups.rules import NetworkState, Said
from insurance import api as cover
from insurance.losses.claims import queries as claims
from insurance.losses.overpaid import queries as paid_twice
from insurance.losses.overpaid import service as overpaid
from insurance.losses.overpaid.queries import CameFrom
from kernel import clock
from kernel.actor import SYSTEM, Actor, Role
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from marketplace.aftersales.returns import outcomes
from marketplace.aftersales.returns import service as returns
from marketplace.aftersales.returns.queries import Reason as ReturnReason
from marketplace.buying.checkout import paying
from marketplace.buying.checkout import service as checkout
from marketplace.buying.orders import service as orders
from marketplace.logistics.carriers.gateway import MischiefKind, misbehave
from marketplace.logistics.shipping.cli import settle
from tests.browser.people import VENDOR
from tests.journeys.shopping import by_country, days, house_transaction, pay, to_review
from tests.market import sign_in
from tests.snaps import take

# A late parcel counts as lost, is paid for, and comes after all: the longest story of the house.
_LATE_HOURS = 24 * 45


def ordered(market: Any, buyer: Actor, *, level: str = "STD") -> dict[str, Any]:
    reviewed = to_review(market, buyer, cover_level=level, business="Maison Perrin")
    orders_by_country = by_country(pay(reviewed, buyer))
    settle()
    # One after the other by country: how long a way takes goes by the number that the carrier
    # gives the parcel, and the orders' own references are drawn by lot.
    for _, order in sorted(orders_by_country.items()):
        orders.dispatch(order_ref=order.ref, actor=SYSTEM)
        settle()
    return orders_by_country


def by_card(market: Any, buyer: Actor) -> str:
    """Let a card pay, as its network would tell it; return the order's name."""
    view = to_review(market, buyer)
    means = paying.Means(kind=paying.Kind.CARD)
    begun = checkout.pay(ref=view.ref, expected=view.total, means=means, actor=buyer)
    assert begun.payment_id is not None
    heard = NetworkState(
        said=Said.PAID,
        payment_ref=f"pi_{begun.payment_id.hex}",
        amount=view.total,
        fee=Money.of("1", "EUR"),
        brand="visa",
        last4="4242",
    )
    payments.record_state(payment_id=begun.payment_id, heard=heard, actor=SYSTEM)
    group_ref = paying.complete(payment_id=begun.payment_id)
    settle()
    return group_ref


def delay(ordered: dict[str, Any]) -> None:
    with house_transaction():
        misbehave(
            kind=MischiefKind.DELAY,
            parcel_ref=ordered["CN"].parcel_ref,
            hours=_LATE_HOURS,
            actor=SYSTEM,
        )
    settle()


def delivered(market: Any, buyer: Actor) -> dict[str, Any]:
    """Order and wait: how long the way takes goes by the parcel's number."""
    made = ordered(market, buyer, level="PLUS")
    for _ in range(15):
        days(2)
        if by_country(made["CN"].group_ref)["CN"].delivered_at is not None:
            return made
    raise AssertionError("the parcel does not arrive")


def sent_back(market: Any, buyer: Actor, waiting: str) -> dict[str, str]:
    """Send two teapots back, one of which the seller refuses, and keep a third."""
    seller, refs = sign_in(VENDOR), []
    for _ in range(3):
        order = by_country(pay(to_review(market, buyer, cover_level=None), buyer))["CN"]
        settle()
        orders.dispatch(order_ref=order.ref, actor=SYSTEM)
        orders.note_delivered(parcel_ref=order.parcel_ref, at=clock.now(), actor=SYSTEM)
        pieces = {line.id: line.quantity for line in order.lines}
        if len(refs) == 2:
            (line,) = pieces
            take("marketplace.return", order.ref, buyer, 40)
            kept = {"kept": order.ref, "pieces": f"{line}x1"}
            break
        with reading():
            seen = outcomes.preview_for(
                buyer, order.ref, reason=ReturnReason.DAMAGED, pieces=pieces
            )
        take("marketplace.return", order.ref, buyer, 10, 20)
        refs.append(
            returns.send_back(
                order_ref=order.ref,
                reason=ReturnReason.DAMAGED,
                pieces=pieces,
                actor=buyer,
                note="The lid is cracked from side to side.",
                expected=seen.parts.total,
            )
        )
    returns.reject(ref=refs[1], words="It left the workshop whole.", actor=seller)
    returns.dispute(ref=refs[1], words="The carton was never opened before.", actor=buyer)
    settle()
    return {"back": refs[0], "disputed": refs[1], "unpacked": by_country(waiting)["CN"].ref} | kept


def covered(late: Any, recent: Any) -> dict[str, str]:
    """Find what the late parcel led to."""
    parcels = {"late": late["CN"].parcel_ref, "recent": recent["CN"].parcel_ref}
    with reading():
        policies = {w: cover.policy_for_parcel(parcel_ref=ref) for w, ref in parcels.items()}
        found = cover.recoveries_for_parcels(parcel_refs=[parcels["late"]])
    claim_id = found[parcels["late"]].claim_id
    officer = Actor(person_id=new_id(), roles=frozenset({Role.UNDERWRITER}))
    overpaid.open_known(
        claim_id=claim_id,
        came_from=CameFrom.CARRIER,
        amount=Money.of("12", policies["late"].currency),
        words="Letter of the carrier, 9 June",
        actor=officer,
    )
    with reading():
        (twice,) = paid_twice.cases_of_claim(claim_id=claim_id)
        paid_claim = claims.claim(claim_id=claim_id)
    return {
        "paid_twice": twice.ref,
        "paid_claim": paid_claim.ref,
        "policy": policies["recent"].number,
        "insurer_month": f"{policies['recent'].bound_at:%Y-%m}",
        "recovery": found[parcels["late"]].ref,
    }
