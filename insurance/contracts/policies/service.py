"""Commands on policies: bind, attach, deliver, cancel, void, exhaust."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from insurance.contracts.policies import queries, revising, rules
from insurance.contracts.policies.ending import begin_to_earn, cancel, complete, end, release
from insurance.contracts.policies.errors import (
    BindKeyReused,
    ParcelAlreadyCovered,
    PolicyUnknown,
    RefundChanged,
)
from insurance.contracts.policies.events import GoodsGoneBack, PolicyAttached, PolicyBound
from insurance.contracts.policies.models import Policy, PolicyEntry
from insurance.contracts.policies.moving import move, note
from insurance.contracts.policies.queries import PolicyView
from insurance.contracts.policies.revising import Revised
from insurance.contracts.policies.rules import Demands, Payer, PolicyState, Side
from insurance.money.books import service as books
from insurance.money.books.service import Split
from insurance.offers.quotes import queries as quotes
from insurance.offers.quotes.errors import QuoteExpired
from insurance.offers.quotes.queries import Cover, QuoteView
from insurance.rating.liability.queries import Cause
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.idempotency import request_hash
from kernel.ids import derived_id
from kernel.money import Money

PRODUCT_INFORMATION_VERSION = rules.PRODUCT_INFORMATION_VERSION

__all__ = ["PRODUCT_INFORMATION_VERSION", "Demands", "Payer", "Revised", "Side"]

_NUMBER = text("SELECT nextval('insurance.policy_number')")


@command("insurance.policies.bind")
def bind(  # noqa: PLR0913 - what a conclusion needs
    *,
    quote_id: UUID,
    cover: Cover,
    with_delay: bool = False,
    policyholder_id: UUID,
    policyholder_wallet_id: UUID,
    parcel_ref: str,
    order_ref: str,
    demands: Demands,
    key: UUID,
    actor: Actor,
    side: Side = Side.BUYER,
    payer: Payer = Payer.HOLDER,
    is_added: bool = False,
    seller_id: int | None = None,
) -> PolicyView:
    """Conclude a policy inside the transaction that pays for it; the same key concludes one.

    The caller's payment journal carries `quotes.queries.premium_credits`; the insurer's book is
    written here. With is_added it is news to the order, if there is one; seller_id is the shop
    that sold the parcel. Events: PolicyBound.
    Raises: QuoteUnknown, QuoteExpired, LevelNotOffered, RiderNotOffered, ChoiceNotActive,
    ProductInformationMissing, DemandsMissing, ParcelAlreadyCovered, BindKeyReused.
    """
    named = {
        "policyholder_id": policyholder_id,
        "wallet_id": policyholder_wallet_id,
        "parcel_ref": parcel_ref,
        "order_ref": order_ref,
    }
    sided = {"side": side.value, "payer": payer.value}
    # Buyers' policies keep the digest that they had before a seller could have one.
    told = list(sided.values()) if side is not Side.BUYER else []
    asked = request_hash([quote_id, cover, with_delay, *named.values(), *told])
    known = _bound_before(key, asked)
    if known is not None:
        return known
    now = clock.now()
    rules.check_demands(demands, now=now)
    quote = quotes.quote_of(quote_id=quote_id)
    if quote.is_expired:
        raise QuoteExpired(valid_until=quote.valid_until)
    row = _insert(
        _stated(quote, cover, with_delay=with_delay)
        | _stored_demands(demands)
        | named
        | sided
        | {"id": derived_id(key, "policy"), "key": key, "request_hash": asked}
        | {"seller_id": seller_id, "bound_at": now}
    )
    if row is None:
        # Somebody else was faster: with the same key it is our own conclusion, else theirs.
        known = _bound_before(key, asked)
        if known is None:
            raise ParcelAlreadyCovered
        return known
    return _concluded(row, actor, is_added=is_added)


def _concluded(row: Policy, actor: Actor, *, is_added: bool) -> PolicyView:
    """Write the new policy's premium into the insurer's book, its history and the news."""
    seen = queries.view(row)
    books.premium_written(
        policy_id=seen.id,
        subject=seen.number,
        split=seen.split,
        insurer_key=seen.insurer_key,
        actor=actor,
    )
    note(row, "bound", {"premium": seen.total.minor, "cover": seen.cover}, at=row.bound_at)
    publish(
        PolicyBound(
            policy_id=seen.id,
            number=seen.number,
            policyholder_id=seen.policyholder_id,
            parcel_ref=seen.parcel_ref,
            order_ref=seen.order_ref,
            cover=seen.cover,
            premium=seen.total,
            side=seen.side.value,
            is_added=is_added,
        )
    )
    return seen


@command("insurance.policies.attach")
def attach(
    *,
    parcel_ref: str,
    scanned_at: datetime,
    place: str,
    carrier: str = "",
    tracking_number: str = "",
    weight_g: int = 0,
    actor: Actor,
) -> PolicyView | None:
    """Put the insurer on risk at the carrier's first scan; return the buyer's policy, if any.

    A seller's policy of the parcel is put on risk with it. A parcel that was scanned before its
    policy was bound was never at risk under it: the policy is
    void and everything goes back. Who carries it, and under which number, is kept for the papers
    where the caller knows. Units: grams, 0 where nobody weighed it. Locks: the policy.
    Events: PolicyAttached or PolicyEnded.
    where the caller knows. Locks: the policies. Events: PolicyAttached or PolicyEnded for each.
    """
    facts: dict[str, object] = {"place": place}
    if carrier:
        facts |= {
            "carrier": carrier,
            "tracking_number": tracking_number,
            "weight_g": weight_g,
        }
    return _for_each(parcel_ref, lambda row: _attached(row, scanned_at, facts, actor))


def _attached(row: Policy, scanned_at: datetime, facts: dict[str, Any], actor: Actor) -> PolicyView:
    if row.state != PolicyState.BOUND:
        return queries.view(row)
    if scanned_at < row.bound_at:
        return end(row, PolicyState.VOIDED, at=scanned_at, actor=actor, why="scanned_before_bound")
    row.attached_at = scanned_at
    move(row, PolicyState.ATTACHED, "attached", facts, at=scanned_at)
    publish(PolicyAttached(policy_id=row.id, number=row.number, parcel_ref=row.parcel_ref))
    seen = queries.view(row)
    begin_to_earn(seen, actor)
    return seen


@command("insurance.policies.parcel_delivered")
def parcel_delivered(*, parcel_ref: str, at: datetime, actor: Actor) -> PolicyView | None:
    """End the cover on delivery and let the premium be earned; return the buyer's, if any.

    A seller's policy of the parcel ends with it. A parcel whose scans were all missed was in the
    carrier's hands since it was bound. Locks: the policies. Events: PolicyEnded for each.
    """
    return _for_each(parcel_ref, lambda row: _delivered(row, at, actor))


def _delivered(row: Policy, at: datetime, actor: Actor) -> PolicyView:
    if row.state not in {PolicyState.BOUND, PolicyState.ATTACHED}:
        return queries.view(row)
    if row.state == PolicyState.BOUND:
        _attached(row, row.bound_at, {"place": ""}, actor)
    row.delivered_at = max(at, row.attached_at or row.bound_at)
    return complete(row, PolicyState.COMPLETED, at=row.delivered_at, actor=actor)


@command("insurance.policies.parcel_returned")
def parcel_returned(*, parcel_ref: str, at: datetime, actor: Actor) -> PolicyView | None:
    """End the cover of a parcel that went back to its sender; return the buyer's, if any.

    A seller's policy of the parcel ends with it. What a withdrawal would give back now goes back;
    where nothing does, the premium is earned. Locks: the policies. Events: PolicyEnded for each.
    """
    return _for_each(parcel_ref, lambda row: _returned(row, at, actor))


def _returned(row: Policy, at: datetime, actor: Actor) -> PolicyView:
    if row.state not in {PolicyState.BOUND, PolicyState.ATTACHED}:
        return queries.view(row)
    if queries.refund_preview(queries.view(row)).reason is None:
        return end(row, PolicyState.CANCELLED, at=at, actor=actor, why="returned")
    if row.state == PolicyState.BOUND:
        _attached(row, row.bound_at, {"place": ""}, actor)
    ended_at = max(at, row.attached_at or row.bound_at)
    return complete(row, PolicyState.COMPLETED, at=ended_at, actor=actor)


@command("insurance.policies.release_lost")
def release_lost(*, parcel_ref: str, at: datetime, actor: Actor) -> PolicyView | None:
    """Give back what a buyer's cover of a lost parcel cost, whose loss is its seller's to refund.

    All of it, however long the cover stood; only a delay that was claimed keeps its own price. A
    policy that pays for the loss itself stays as it is. None without a policy; twice is once.
    Locks: the policy. Events: PolicyEnded.
    """
    row = _live(parcel_ref)
    if row is None:
        return None
    seen = queries.view(row)
    if not seen.is_in_force or Cause.LOST in seen.perils:
        return seen
    return release(row, at=at, actor=actor)


@command("insurance.policies.release_seller")
def release_seller(*, parcel_ref: str, at: datetime, actor: Actor) -> PolicyView | None:
    """Give back what a seller's cover of a lost parcel cost, whose loss another bears.

    All of it, as `release_lost` does for a buyer. None without a policy; twice is once, and one
    that is claimed stays. Locks: the policy. Events: PolicyEnded.
    """
    row = _live(parcel_ref, Side.SELLER)
    if row is None:
        return None
    seen = queries.view(row)
    if not seen.is_in_force or seen.is_claim_notified:
        return seen
    return release(row, at=at, actor=actor)


@command("insurance.policies.hold_for_refund")
def hold_for_refund(*, parcel_ref: str, actor: Actor) -> None:
    """Let no claim of a parcel be decided until the command ends, which gives money back for it.

    A refund takes the policies before any money, as claims do. Locks: the policies.
    """
    _all_live(parcel_ref)


@command("insurance.policies.goods_gone_back")
def goods_gone_back(*, parcel_ref: str, refunded: Money, actor: Actor) -> PolicyView | None:
    """Note what the seller paid a buyer back for goods that went back: that is no loss any more.

    None without a policy. Locks: the policy. Events: GoodsGoneBack.
    """
    row = _live(parcel_ref)
    if row is None:
        return None
    row.gone_back += refunded.minor
    note(row, "goods_gone_back", {"refunded": refunded.minor})
    publish(GoodsGoneBack(policy_id=row.id, order_ref=row.order_ref, refunded=refunded))
    return queries.view(row)


@command("insurance.policies.cancel_for_parcel")
def cancel_for_parcel(*, parcel_ref: str, reason: str, actor: Actor) -> PolicyView | None:
    """End the cover of an order that will not be; everything comes back before the first scan.

    Its buyer's and its seller's; return the buyer's, if any. Locks: the policies. Events:
    PolicyEnded for each. Raises: CancellationRefused.
    """
    return _for_each(parcel_ref, lambda row: _cancelled(row, reason, actor))


def _cancelled(row: Policy, reason: str, actor: Actor) -> PolicyView:
    if row.state not in {PolicyState.BOUND, PolicyState.ATTACHED}:
        return queries.view(row)
    return end(row, PolicyState.CANCELLED, at=clock.now(), actor=actor, why=reason)


@command("insurance.policies.withdraw")
def withdraw(*, policy_id: UUID, expected_refund: Money, actor: Actor) -> PolicyView:
    """End the cover at the holder's wish, for exactly the refund that was shown.

    Locks: the policy. Events: PolicyEnded.
    Raises: PolicyUnknown, CancellationRefused, RefundChanged when a day has begun since.
    """
    row = locked(policy_id=policy_id)
    due = queries.due_refund(queries.view(row))
    if due.refund != expected_refund:
        raise RefundChanged(refund=due.refund)
    return end(row, PolicyState.CANCELLED, at=clock.now(), actor=actor, why="withdrawn")


@command("insurance.policies.cancel_later")
def cancel_later(*, policy_id: UUID, back: Split, kept: Split, actor: Actor) -> PolicyView:
    """End the cover at the holder's wish when the time to withdraw is over, for what was shown.

    Whoever calls has found the policy as it was when that was shown. Locks: the policy. Events:
    PolicyEnded. Raises: PolicyUnknown, TransitionRefused.
    """
    return cancel(locked(policy_id=policy_id), back=back, kept=kept, actor=actor)


@command("insurance.policies.revise")
def revise(*, policy_id: UUID, terms: Revised, actor: Actor) -> PolicyView:
    """Let a policy state other terms from now on, as its next revision.

    Whoever calls moves the money in the same transaction. Locks: the policy. Raises: PolicyUnknown.
    """
    return revising.state_anew(locked(policy_id=policy_id), terms)


@command("insurance.policies.hand_over")
def hand_over(*, policy_id: UUID, to: UUID, wallet_id: UUID, actor: Actor) -> PolicyView:
    """Let another person hold a policy, as its next revision; what comes back reaches their wallet.

    Locks: the policy. Raises: PolicyUnknown.
    """
    return revising.hand_over(locked(policy_id=policy_id), to, wallet_id)


@command("insurance.policies.choose_refunds")
def choose_refunds(*, parcel_refs: Sequence[str], wallet_id: UUID | None, actor: Actor) -> None:
    """Let what buyers' covers of parcels give back reach a wallet from now on, None for what paid.

    Whoever calls knows whose parcels they are; a policy that was handed over is another person's,
    and stays as it is. Locks: the policies, in id order.
    """
    query = select(Policy).where(
        Policy.parcel_ref.in_(parcel_refs),
        Policy.side == Side.BUYER,
        Policy.state.not_in(["cancelled", "voided"]),
        Policy.assignor_id.is_(None),
    )
    for row in session().scalars(query.order_by(Policy.id).with_for_update()):
        row.refund_wallet_id = wallet_id


@command("insurance.policies.exhaust")
def exhaust(*, policy_id: UUID, actor: Actor) -> PolicyView:
    """End the cover because its whole sum was paid. Locks: the policy. Events: PolicyEnded."""
    row = locked(policy_id=policy_id)
    if row.state == PolicyState.ATTACHED:
        return complete(row, PolicyState.EXHAUSTED, at=clock.now(), actor=actor)
    if row.state == PolicyState.COMPLETED:
        # It earned its premium on delivery.
        move(row, PolicyState.EXHAUSTED, "exhausted", {}, at=clock.now())
    return queries.view(row)


@command("insurance.policies.note_claim")
def note_claim(*, policy_id: UUID, claim_ref: str, actor: Actor) -> PolicyView:
    """Record that a claim was notified: from here on nothing is given back. Locks: the policy."""
    row = locked(policy_id=policy_id)
    row.is_claim_notified = True
    note(row, "claim_notified", {"claim": claim_ref})
    return queries.view(row)


@command("insurance.policies.note_late")
def note_late(*, policy_id: UUID, promised_on: date, actor: Actor) -> None:
    """Record that the promised day has passed, once, so that a delay is found when it is due.

    Locks: the policy.
    """
    row = locked(policy_id=policy_id)
    query = select(PolicyEntry.id).where(
        PolicyEntry.policy_id == policy_id, PolicyEntry.what == "late"
    )
    if session().execute(query).first() is None:
        note(row, "late", {"promised_on": promised_on.isoformat()})


def locked(*, policy_id: UUID) -> Policy:
    """Return a policy's row, locked until the command ends. Raises: PolicyUnknown."""
    row = session().get(Policy, policy_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise PolicyUnknown
    return row


def _live(parcel_ref: str, side: Side = Side.BUYER) -> Policy | None:
    return next((row for row in _all_live(parcel_ref) if row.side == side), None)


def _all_live(parcel_ref: str) -> Sequence[Policy]:
    """Return a parcel's live policies, locked one after the other: the buyer's, the seller's."""
    return (
        session()
        .execute(
            select(Policy)
            .where(Policy.parcel_ref == parcel_ref, Policy.state.not_in(["cancelled", "voided"]))
            .order_by(Policy.side)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        .scalars()
        .all()
    )


def _for_each(parcel_ref: str, step: Callable[[Policy], PolicyView]) -> PolicyView | None:
    """Take a step with every live policy of a parcel; return the buyer's as it is then."""
    seen = [step(row) for row in _all_live(parcel_ref)]
    return next((one for one in seen if one.side is Side.BUYER), None)


def _stated(quote: QuoteView, cover: Cover, *, with_delay: bool) -> dict[str, Any]:
    """Return what the policy states, word for word from its quote."""
    assert quote.id is not None, "an estimate is not bound"
    chosen = quote.sections(cover, with_delay=with_delay)
    level, parcel = quote.level(cover), quotes.parcel_of(quote_id=quote.id)
    assert level.sum_insured is not None
    assert level.deductible is not None
    rider = quote.rider if with_delay else None
    now = clock.now()
    number = session().execute(_NUMBER).scalar_one()
    return {
        "number": f"{now:%y}-{number:07d}",
        "quote_id": quote.id,
        "insurer_key": level.insurer_key,
        "cover": cover.value,
        "goods": quotes.goods_class(parcel, insurer_key=level.insurer_key),
        "currency": quote.currency,
        "sum_insured": level.sum_insured.minor,
        "deductible": level.deductible.minor,
        "sections": {
            section.value: {
                "net": part.net.minor,
                "tax": part.tax.minor,
                "tax_pct": part.tax_pct,
                "commission": part.commission.minor,
            }
            for section, part in chosen.items()
        },
        "perils": [peril.value for peril in level.perils],
        "delay": rider and {"trigger_days": rider.trigger_days, "benefit": rider.benefit.minor},
        "risk": quotes.stored_parcel(parcel),
        "tariff_version": level.tariff_version,
        "planned_days": parcel.planned_days,
        "state": PolicyState.BOUND.value,
    }


def _stored_demands(demands: Demands) -> dict[str, Any]:
    opened = demands.product_information_opened_at
    assert opened is not None, "checked before"
    return {
        "demands": {
            "needs": list(demands.needs),
            "is_active_choice": demands.is_active_choice,
            "product_information": demands.product_information,
            "product_information_opened_at": opened.isoformat(),
            "locale": demands.locale,
        }
    }


def _bound_before(key: UUID, asked: bytes) -> PolicyView | None:
    known = session().execute(select(Policy).where(Policy.key == key)).scalar_one_or_none()
    if known is not None and bytes(known.request_hash) != asked:
        raise BindKeyReused
    return queries.view(known) if known is not None else None


def _insert(values: dict[str, Any]) -> Policy | None:
    """Insert unless the parcel is covered; the database decides between two at once."""
    statement = insert(Policy).values(**values).on_conflict_do_nothing().returning(Policy)
    return session().execute(statement).scalar_one_or_none()
