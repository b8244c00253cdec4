"""Commands on found parcels: open, keep, surrender, take over, close.

A wallet is never debited without its holder's own choice; silence gives goods away, never money.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from banking import api as bank
from insurance.contracts.policies import queries as policies
from insurance.contracts.policies import service as policy_service
from insurance.contracts.policies.queries import PolicyView
from insurance.losses.claims import deciding, paying
from insurance.losses.claims import queries as claims
from insurance.losses.claims.queries import Cause, ClaimState, ClaimView
from insurance.losses.salvage import queries, rules
from insurance.losses.salvage.errors import RecoveryUnknown, WalletFirst
from insurance.losses.salvage.events import (
    GoodsKept,
    GoodsSurrendered,
    RecoveryArrived,
    RecoveryOpened,
)
from insurance.losses.salvage.models import Recovery
from insurance.losses.salvage.queries import RecoveryView
from insurance.losses.salvage.rules import Found, RecoveryState, Whereabouts
from insurance.money.books import returned
from insurance.money.books import service as books
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.ids import derived_id, public_ref
from kernel.money import Money


@command("insurance.salvage.parcel_found")
def parcel_found(
    *,
    parcel_ref: str,
    at: datetime,
    place: str,
    is_arrived: bool,
    dues: Sequence[bank.Credit],
    actor: Actor,
) -> Found:
    """Answer a scan of a parcel that was reported lost; told twice it changes nothing more.

    Paid or to be paid, the loss becomes a case in which the holder chooses between goods and
    money. Undecided, it is taken back once the parcel has arrived.
    Shape: dues are credits that the holder had back with the loss and owes again with the goods.
    Locks: the policy, the claim or the case. Events: RecoveryOpened, RecoveryArrived, ClaimRefused.
    """
    policy = policies.policy_for_parcel(parcel_ref=parcel_ref)
    if policy is None:
        return Found.NOTHING
    policy_service.locked(policy_id=policy.id)
    loss = next(
        (c for c in claims.claims_under(policy_id=policy.id) if c.cause is Cause.LOST), None
    )
    if loss is None or not loss.asks_for_money:
        return Found.NOTHING
    if loss.state in claims.UNDECIDED:
        if not is_arrived:
            return Found.NOTHING
        deciding.take_back(claim_id=loss.id, actor=actor)
        return Found.LOSS_TAKEN_BACK
    row = _case(parcel_ref) or _open(policy, loss, at, place, dues, actor, is_arrived=is_arrived)
    if is_arrived and row.arrived_at is None:
        _arrive(row, at, actor)
    return Found.RECOVERY


@command("insurance.salvage.keep")
def keep(*, ref: str, actor: Actor) -> RecoveryView:
    """Keep found goods and pay back what the loss brought, in one journal.

    Locks: the case, the wallet. Events: GoodsKept.
    Raises: RecoveryUnknown, RecoverySettled, NotArrived, IndemnityNotPaid, WalletFirst,
    InsufficientFunds.
    """
    row = _own(ref, actor)
    claim = claims.claim(claim_id=row.claim_id)
    rules.check_keep(
        state=RecoveryState(row.state),
        whereabouts=Whereabouts(row.whereabouts),
        is_paid=claim.state is ClaimState.PAID,
    )
    policy = policies.policy(policy_id=claim.policy_id)
    wallet = queries.repaying_wallet(policy)
    if wallet is None:
        raise WalletFirst(currency=policy.currency, until=row.choose_by)
    returned.indemnity_returned(
        case_id=row.id,
        subject=row.ref,
        indemnity=Money(row.indemnity, row.currency),
        dues=queries.dues_of(row),
        insurer_key=policy.insurer_key,
        wallet_id=wallet.id,
        actor=actor,
    )
    repaid = queries.view(row).repayment
    row.closed_at = clock.now()
    _move(row, RecoveryState.KEPT, {"repaid": repaid.minor}, actor)
    publish(
        GoodsKept(
            ref=row.ref,
            policyholder_id=row.policyholder_id,
            parcel_ref=row.parcel_ref,
            repaid=repaid,
        )
    )
    return queries.view(row)


@command("insurance.salvage.surrender")
def surrender(*, ref: str, actor: Actor) -> RecoveryView:
    """Leave found goods to the insurer and keep the indemnity.

    Locks: the case. Events: GoodsSurrendered. Raises: RecoveryUnknown, RecoverySettled.
    """
    row = _own(ref, actor)
    rules.check_surrender(state=RecoveryState(row.state))
    return _surrender(row, actor)


@command("insurance.salvage.take_over")
def take_over(*, ref: str, actor: Actor) -> RecoveryView:
    """Take goods for the insurer whose holder did not choose in time.

    Locks: the case. Events: GoodsSurrendered.
    Raises: RecoveryUnknown, RecoverySettled, HolderMayChoose, OwnInterest.
    """
    row = _others(ref, actor)
    rules.check_take_over(state=RecoveryState(row.state), until=row.choose_by, now=clock.now())
    return _surrender(row, actor)


@command("insurance.salvage.close")
def close(*, ref: str, salvage: Money, reason: str, actor: Actor) -> RecoveryView:
    """Book what surrendered goods brought the insurer, nothing included, and close the case.

    Locks: the case. Raises: RecoveryUnknown, RecoverySettled, HolderMayChoose, OwnInterest.
    """
    row = _others(ref, actor)
    rules.check_close(state=RecoveryState(row.state))
    policy = policies.policy_for_parcel(parcel_ref=row.parcel_ref)
    assert policy is not None, "a case stands under a policy"
    books.salvage_received(
        case_id=row.id,
        subject=row.ref,
        salvage=salvage,
        insurer_key=policy.insurer_key,
        actor=actor,
    )
    row.salvage, row.closed_at = salvage.minor, clock.now()
    _move(row, RecoveryState.CLOSED, {"salvage": salvage.minor, "reason": reason}, actor)
    return queries.view(row)


def _open(
    policy: PolicyView,
    loss: ClaimView,
    at: datetime,
    place: str,
    dues: Sequence[bank.Credit],
    actor: Actor,
    *,
    is_arrived: bool,
) -> Recovery:
    row = Recovery(
        id=derived_id(loss.id, "recovery"),
        ref=public_ref("S"),
        claim_id=loss.id,
        policyholder_id=policy.policyholder_id,
        parcel_ref=policy.parcel_ref,
        state=RecoveryState.AWAITING_CHOICE,
        whereabouts=Whereabouts.CARRIER,
        currency=policy.currency,
        indemnity=loss.payable.minor,
        place=place,
        found_at=at,
        salvage=0,
        dues=[{"kind": due.kind, "key": due.key, "minor": due.amount.minor} for due in dues],
    )
    assert all(due.amount.currency == policy.currency for due in dues), "one wallet pays both"
    session().add(row)
    session().flush()
    paying.note_recovery(
        claim_id=loss.id, what="found", facts={"recovery": row.ref, "place": place}, actor=actor
    )
    if not is_arrived:
        publish(
            RecoveryOpened(
                ref=row.ref, policyholder_id=row.policyholder_id, parcel_ref=row.parcel_ref
            )
        )
    return row


def _arrive(row: Recovery, at: datetime, actor: Actor) -> None:
    row.arrived_at, row.whereabouts = at, Whereabouts.HOLDER
    paying.note_recovery(claim_id=row.claim_id, what="arrived", facts={}, actor=actor)
    if row.state != RecoveryState.AWAITING_CHOICE:
        return
    row.choose_by = rules.choose_by(at, days=claims.found_choice_days())
    session().flush()
    publish(
        RecoveryArrived(
            ref=row.ref,
            policyholder_id=row.policyholder_id,
            parcel_ref=row.parcel_ref,
            choose_by=row.choose_by,
            repayment=queries.view(row).repayment,
        )
    )


def _surrender(row: Recovery, actor: Actor) -> RecoveryView:
    _move(row, RecoveryState.SURRENDERED, {}, actor)
    publish(
        GoodsSurrendered(
            ref=row.ref,
            policyholder_id=row.policyholder_id,
            parcel_ref=row.parcel_ref,
            is_with_holder=row.whereabouts == Whereabouts.HOLDER,
        )
    )
    return queries.view(row)


def _move(row: Recovery, to: RecoveryState, facts: dict[str, object], actor: Actor) -> None:
    row.state = to
    session().flush()
    paying.note_recovery(claim_id=row.claim_id, what=to.value, facts=facts, actor=actor)


def _case(parcel_ref: str) -> Recovery | None:
    return (
        session()
        .execute(
            select(Recovery)
            .where(Recovery.parcel_ref == parcel_ref)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        .scalar_one_or_none()
    )


def _locked(ref: str) -> Recovery:
    row = (
        session()
        .execute(
            select(Recovery)
            .where(Recovery.ref == ref)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        .scalar_one_or_none()
    )
    if row is None:
        raise RecoveryUnknown
    return row


def _own(ref: str, actor: Actor) -> Recovery:
    row = _locked(ref)
    if row.policyholder_id != actor.person_id:
        raise RecoveryUnknown
    return row


def _others(ref: str, actor: Actor) -> Recovery:
    row = _locked(ref)
    claims.check_interest(holder_id=row.policyholder_id, officer=actor)
    return row
