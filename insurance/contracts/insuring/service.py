"""Buy cover for a shipment: asked of its carrier, approved where due, paid and concluded at once.

The carrier is asked before the transaction; then one command takes the money, writes both books
and concludes the policy, or asks for an approval and lets all of it wait for the yes. A scan that
came in between, before the policy was concluded, voids it and everything goes back (`attach`).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from sqlalchemy import text

from banking import api as bank
from insurance.contracts.insuring import queries
from insurance.contracts.insuring.errors import PayingWalletMissing, PromiseMissing
from insurance.contracts.policies import sellers
from insurance.contracts.policies import service as policies
from insurance.contracts.policies.errors import (
    DemandsMissing,
    ParcelAlreadyCovered,
    ProductInformationMissing,
)
from insurance.contracts.policies.service import PRODUCT_INFORMATION_VERSION, Demands
from insurance.offers.quotes import queries as quotes
from insurance.offers.quotes.errors import QuoteExpired
from insurance.offers.quotes.queries import Cover
from insurance.offers.shipments import service as shipments
from insurance.offers.shipments.errors import PromisePast
from insurance.offers.shipments.queries import ShipmentView
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.ids import derived_id
from kernel.money import Money, total

_ONE_BY_ONE = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a customer wants to buy.

    Shape: needs are the statements that they agreed to; with_delay adds the rider for a late
    delivery.
    """

    cover: Cover
    needs: tuple[str, ...]
    locale: str
    with_delay: bool = False


def buy(*, ref: str, wish: Wish, actor: Actor) -> ShipmentView:
    """Ask the carrier again, then conclude; outside of any transaction.

    Raises: AlreadyInTransit, TrackingDown, and as `conclude`.
    """
    shipments.look_again(ref=ref, actor=actor)
    return conclude(ref=ref, wish=wish, actor=actor)


@command("insurance.insuring.conclude")
def conclude(*, ref: str, wish: Wish, actor: Actor) -> ShipmentView:
    """Pay for the level that was chosen and conclude the policy; twice is once.

    What no policy is bound without is asked for before the customer is asked to approve. Where the
    payment has to be approved first it waits, and the shipment says which approval.
    Locks: the shipment, low payments of the person, the parcel's number, the wallet's account.
    Events: PolicyBound. Raises: ShipmentUnknown, ShipmentCovered, AlreadyInTransit, QuoteExpired,
    LevelNotOffered, RiderNotOffered, PromiseMissing, PromisePast, ProductInformationMissing,
    DemandsMissing, PayingWalletMissing, InsufficientFunds, ReducedLimit, AccountFrozen, DailyLimit,
    MonthlyLimit, OwnerDailyLimit, OwnerMonthlyLimit, LimitsUnavailable, ParcelAlreadyCovered,
    ParcelOfOrder.
    """
    seen = shipments.choose(
        ref=ref,
        cover=wish.cover,
        with_delay=wish.with_delay,
        needs=wish.needs,
        locale=wish.locale,
        actor=actor,
    )
    if seen.policy_id is not None:
        return seen
    due = _due(seen)
    approval = _approval(seen, due, actor)
    if not approval.is_given:
        return shipments.await_approval(ref=ref, approval_id=approval.id, actor=actor)
    return _do(seen, due, approval, actor)


def approved(approval: bank.Approval, actor: Actor) -> None:
    """Conclude what was approved, in the transaction of the yes. Raises: as `conclude`."""
    seen = shipments.hold(ref=approval.subject, actor=actor)
    if seen.policy_id is None:
        _do(seen, _due(seen), approval, actor)


def _due(seen: ShipmentView) -> Money:
    """Return what the choice costs now, with everything on record that has to be."""
    assert seen.choice is not None, "a level is chosen before it is paid"
    if seen.quote.is_expired:
        raise QuoteExpired(valid_until=seen.quote.valid_until)
    with_delay = seen.choice.with_delay
    parts = seen.quote.sections(seen.choice.cover, with_delay=with_delay)
    if with_delay and seen.parcel.promised_on is None:
        raise PromiseMissing
    if with_delay and seen.is_promise_past:
        raise PromisePast
    if queries.informed_at(seen, seen.choice.cover, seen.choice.locale) is None:
        raise ProductInformationMissing
    if not any(need.strip() for need in seen.choice.needs):
        raise DemandsMissing
    return total([part.total for part in parts.values()], seen.quote.currency)


def _approval(seen: ShipmentView, due: Money, actor: Actor) -> bank.Approval:
    """Return the question that stands for exactly this, else ask; given where nobody need be."""
    if seen.approval_id is not None:
        asked = bank.approval_of(approval_id=seen.approval_id)
        if asked.is_open(clock.now()) and asked.account == _account(seen):
            return asked
        if asked.is_open(clock.now()):
            bank.withdraw_approval(approval_id=asked.id, actor=actor)
    return bank.ask_approval(
        person_id=seen.owner_id,
        act=bank.Act.COVER,
        amount=due,
        payee=_insurer(seen),
        account=_account(seen),
        subject=seen.ref,
        actor=actor,
        known=bank.Known(until=seen.quote.valid_until),
    )


def _insurer(seen: ShipmentView) -> str:
    assert seen.choice is not None, "a level is chosen before it is paid"
    return seen.quote.level(seen.choice.cover).insurer


def _account(seen: ShipmentView) -> str:
    """Return what stands for the payee's account: the shipment and a digest of what is bought."""
    assert seen.choice is not None, "a level is chosen before it is approved"
    chosen = [str(seen.quote.id), seen.choice.cover.value, seen.parcel_ref]
    # Without a rider it is the digest of approvals that were asked for before there was one.
    said = json.dumps([*chosen, "delay"] if seen.choice.with_delay else chosen)
    return f"{seen.ref}:{hashlib.sha256(said.encode()).hexdigest()}".upper()


def _do(seen: ShipmentView, due: Money, approval: bank.Approval, actor: Actor) -> ShipmentView:
    """Conclude the policy of a held shipment and take its price, in both books."""
    assert seen.choice is not None, "a level is chosen before it is concluded"
    assert seen.quote.id is not None, "its price was stored"
    _check_alone(seen, actor)
    wallet = queries.paying_wallet(owner_id=seen.owner_id, currency=due.currency)
    if wallet is None:
        raise PayingWalletMissing(currency=due.currency)
    bank.redeem_approval(
        approval_id=approval.id,
        act=bank.Act.COVER,
        amount=due,
        payee=_insurer(seen),
        account=_account(seen),
        actor=actor,
    )
    policy = policies.bind(
        quote_id=seen.quote.id,
        cover=seen.choice.cover,
        with_delay=seen.choice.with_delay,
        policyholder_id=seen.owner_id,
        policyholder_wallet_id=wallet.id,
        parcel_ref=seen.parcel_ref,
        order_ref=seen.order_ref or seen.ref,
        demands=_demands(seen),
        key=derived_id(seen.id, "cover"),
        is_added=True,
        seller_id=sellers.sold_by([seen.parcel_ref]).get(seen.parcel_ref),
        actor=actor,
    )
    bank.spend_from_wallet(
        key=derived_id(seen.id, "cover_bought"),
        kind="cover_bought",
        wallet_id=wallet.id,
        dues=quotes.premium_credits(
            quote_id=seen.quote.id,
            cover=seen.choice.cover,
            with_delay=seen.choice.with_delay,
        ),
        subject=policy.number,
        actor=actor,
    )
    return shipments.note_covered(ref=seen.ref, policy_id=policy.id, actor=actor)


def _check_alone(seen: ShipmentView, actor: Actor) -> None:
    """Refuse a number of the shop, and one that a live policy names under another carrier.

    Purchases with the same number wait for each other. Raises: ParcelOfOrder,
    ParcelAlreadyCovered.
    """
    number = seen.tracking_number
    if not number:
        return
    shipments.check_not_of_an_order(number=number, actor=actor)
    session().execute(_ONE_BY_ONE, {"name": f"insurance.number:{number}"})
    if queries.is_covered(number=number, carrier=seen.carrier):
        raise ParcelAlreadyCovered


def _demands(seen: ShipmentView) -> Demands:
    assert seen.choice is not None, "needs are stated with the choice"
    return Demands(
        needs=seen.choice.needs,
        is_active_choice=True,
        product_information=PRODUCT_INFORMATION_VERSION,
        product_information_opened_at=queries.informed_at(
            seen, seen.choice.cover, seen.choice.locale
        ),
        locale=seen.choice.locale,
    )


bank.register_approved(
    act=bank.Act.COVER,
    execute=approved,
    page=bank.ResultPage("shipments.show", "ref", is_way_back=True),
)
