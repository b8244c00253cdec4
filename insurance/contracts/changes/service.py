"""Show a change of a policy with its price, then do exactly what was shown, once.

A change is stored when it is shown and never computed again. Who confirms names it; under its own
lock and then that of its policy it is done if the policy still stands as it did, else refused
whole. The table holds one executed change for each revision, so of any that run at once one wins.
"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from banking import api as bank
from insurance.contracts.changes import pricing, queries, rules, splits
from insurance.contracts.changes.errors import (
    ChangeExpired,
    ChangeOvertaken,
    ChangeSettled,
    ChangeUnknown,
    ClaimIsOpen,
    NotInForce,
    OwnPolicy,
    WalletMissing,
)
from insurance.contracts.changes.events import CoverOffered, PolicyChanged
from insurance.contracts.changes.models import Change
from insurance.contracts.changes.pricing import Asked, Priced
from insurance.contracts.changes.queries import ChangeView
from insurance.contracts.changes.rules import Kind, Progress
from insurance.contracts.policies import queries as policies
from insurance.contracts.policies import service as policy_service
from insurance.contracts.policies.queries import PolicyView
from insurance.money.books import service as books
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.ids import new_id, public_ref
from kernel.money import Money
from kernel.people.identity import queries as people

__all__ = ["Asked"]


@command("insurance.changes.show_endorsement")
def show_endorsement(*, policy_id: UUID, asked: Asked, actor: Actor) -> ChangeView:
    """Price other terms of a policy and keep the price for some minutes.

    Raises: PolicyUnknown, TooLateToChange, NothingToChange, ValueTooHigh, SumTooHigh, NotInsurable,
    RiderNotOffered.
    """
    seen = _held(policy_id, actor)
    return _show(seen, pricing.endorsed(seen, asked))


@command("insurance.changes.show_end")
def show_end(*, policy_id: UUID, actor: Actor) -> ChangeView:
    """Keep what ending a policy now gives back, for as long as that stays the same.

    Raises: PolicyUnknown, CancellationRefused.
    """
    seen = _held(policy_id, actor)
    return _show(seen, pricing.ended(seen))


@command("insurance.changes.show_assignment")
def show_assignment(*, policy_id: UUID, email: str, actor: Actor) -> ChangeView:
    """Prepare to hand a policy over to who has an address; nobody hears whether an account has it.

    Raises: PolicyUnknown, NotInForce, ClaimIsOpen, OwnPolicy.
    """
    seen = _held(policy_id, actor)
    if not seen.is_in_force:
        raise NotInForce
    if seen.is_claim_notified:
        raise ClaimIsOpen
    taker = people.person_by_email(email)
    if taker is not None and taker.id == seen.policyholder_id:
        raise OwnPolicy
    nothing = Money.zero(seen.currency)
    priced = Priced(kind=Kind.ASSIGN, outcome={}, due=nothing, back=nothing)
    return _show(seen, priced, taker_id=taker.id if taker else None)


@command("insurance.changes.confirm")
def confirm(*, ref: str, actor: Actor) -> ChangeView:
    """Do what a change showed, or offer a policy to who is to hold it; twice is once.

    What costs more is paid from the holder's wallet, which they may have to approve first: then the
    change waits for that, and says so. Locks: the change, low payments of the person, the policy,
    the wallet's account. Events: PolicyChanged or CoverOffered. Raises: ChangeUnknown,
    ChangeExpired, ChangeOvertaken, ChangeSettled, WalletMissing, InsufficientFunds, ReducedLimit,
    DailyLimit, MonthlyLimit, OwnerDailyLimit, OwnerMonthlyLimit, LimitsUnavailable,
    CancellationRefused, RefundChanged.
    """
    row = _locked(_own(ref, actor))
    seen = queries.view(row)
    if seen.progress in {Progress.DONE, Progress.OFFERED}:
        return seen
    _check_open(seen)
    if seen.due:
        approval = _approval(row, seen, actor)
        if not approval.is_given:
            row.approval_id = approval.id
            session().flush()
            return queries.view(row)
        _redeem(approval, row, seen, actor)
    return _do(row, actor)


@command("insurance.changes.accept")
def accept(*, ref: str, actor: Actor) -> ChangeView:
    """Take over a policy that was offered; what it pays or gives back reaches the taker's wallet.

    Locks: the change, the policy. Events: PolicyChanged. Raises: ChangeUnknown, ChangeExpired,
    ChangeOvertaken, ChangeSettled, WalletMissing.
    """
    row = _locked(_offered(ref, actor))
    seen = queries.view(row)
    if seen.progress is Progress.DONE:
        return seen
    _check_open(seen)
    return _do(row, actor)


@command("insurance.changes.decline")
def decline(*, ref: str, actor: Actor) -> ChangeView:
    """Say no to a policy that was offered; twice is once. Locks: the change.

    Raises: ChangeUnknown, ChangeSettled.
    """
    row = _locked(_offered(ref, actor))
    if row.executed_at is not None:
        raise ChangeSettled
    row.declined_at = row.declined_at or clock.now()
    session().flush()
    return queries.view(row)


def approved(approval: bank.Approval, actor: Actor) -> None:
    """Do what was approved, in the transaction of the yes. Raises: as `confirm`."""
    row = _locked(_own(approval.subject, actor))
    seen = queries.view(row)
    if seen.progress is Progress.DONE:
        return
    _check_open(seen)
    _redeem(approval, row, seen, actor)
    _do(row, actor)


def _held(policy_id: UUID, actor: Actor) -> PolicyView:
    seen = policies.policy(policy_id=policy_id)
    return policies.own_policy(actor, seen.number)


def _show(seen: PolicyView, priced: Priced, *, taker_id: UUID | None = None) -> ChangeView:
    now = clock.now()
    terms = rules.terms_on(now.date())
    # The last instant of the fourteen days is still one of them.
    over = policies.refund_preview(seen).until if priced.kind is Kind.WITHDRAW else None
    row = Change(
        id=new_id(),
        ref=public_ref("E"),
        policy_id=seen.id,
        on_revision=seen.revision,
        kind=priced.kind,
        standing=seen.standing,
        outcome=priced.outcome,
        currency=seen.currency,
        due=priced.due.minor,
        back=priced.back.minor,
        holder_id=seen.policyholder_id,
        taker_id=taker_id,
        created_at=now,
        valid_until=rules.valid_until(
            now,
            terms,
            attached_at=seen.attached_at if priced.kind in rules.ENDING else None,
            last=over + timedelta(seconds=1) if over is not None else None,
        ),
    )
    session().add(row)
    session().flush()
    return queries.view(row)


def _own(ref: str, actor: Actor) -> Change:
    row = session().execute(select(Change).where(Change.ref == ref)).scalar_one_or_none()
    if row is None or row.holder_id != actor.person_id:
        raise ChangeUnknown
    return row


def _offered(ref: str, actor: Actor) -> Change:
    row = session().execute(select(Change).where(Change.ref == ref)).scalar_one_or_none()
    if row is None or row.offered_at is None or row.taker_id != actor.person_id:
        raise ChangeUnknown
    return row


def _check_open(seen: ChangeView) -> None:
    if seen.progress is Progress.DECLINED:
        raise ChangeSettled
    if seen.progress is Progress.EXPIRED:
        raise ChangeExpired
    if seen.policy.revision != seen.on_revision:
        raise ChangeOvertaken


def _approval(row: Change, seen: ChangeView, actor: Actor) -> bank.Approval:
    """Return the question that stands, else ask; given at once where nobody need be asked."""
    if row.approval_id is not None:
        asked = bank.approval_of(approval_id=row.approval_id)
        if asked.is_open(clock.now()):
            return asked
    return bank.ask_approval(
        person_id=row.holder_id,
        act=bank.Act.COVER_CHANGE,
        amount=seen.due,
        payee=seen.policy.insurer,
        account=_account(row),
        subject=row.ref,
        actor=actor,
        known=bank.Known(until=row.valid_until),
    )


def _redeem(approval: bank.Approval, row: Change, seen: ChangeView, actor: Actor) -> None:
    bank.redeem_approval(
        approval_id=approval.id,
        act=bank.Act.COVER_CHANGE,
        amount=seen.due,
        payee=seen.policy.insurer,
        account=_account(row),
        actor=actor,
    )


def _account(row: Change) -> str:
    """Return what stands for the payee's account: the change and a digest of what it does."""
    said = json.dumps([row.outcome, row.due, row.back], sort_keys=True)
    return f"{row.ref}:{hashlib.sha256(said.encode()).hexdigest()}".upper()


def _do(row: Change, actor: Actor) -> ChangeView:
    """Do what a locked change showed, if its policy is still as it was."""
    policy_service.locked(policy_id=row.policy_id)
    seen = queries.view(row)
    policy = seen.policy
    if policy.standing != row.standing or policy.policyholder_id != row.holder_id:
        raise ChangeOvertaken
    if seen.kind is Kind.ASSIGN and row.offered_at is None:
        return _offer(row, seen)
    row.executed_at = clock.now()
    session().flush()
    if seen.kind is Kind.ASSIGN:
        _hand_over(seen, actor)
    elif seen.kind is Kind.ENDORSE:
        _endorse(seen, actor)
    else:
        _end(seen, actor)
    publish(
        PolicyChanged(
            ref=row.ref,
            kind=row.kind,
            policy_id=row.policy_id,
            number=policy.number,
            holder_id=row.holder_id,
            taker_id=row.taker_id if seen.kind is Kind.ASSIGN else None,
            paid=seen.due,
            refund=seen.back,
        )
    )
    return queries.view(row)


def _offer(row: Change, seen: ChangeView) -> ChangeView:
    now = clock.now()
    row.offered_at = now
    row.valid_until = now + timedelta(days=rules.terms_on(now.date()).offer_days)
    session().flush()
    if row.taker_id is not None:
        publish(CoverOffered(ref=row.ref, number=seen.policy.number, taker_id=row.taker_id))
    return queries.view(row)


def _hand_over(seen: ChangeView, actor: Actor) -> None:
    assert seen.taker_id is not None, "who accepts is known"
    wallet = queries.paying_wallet(owner_id=seen.taker_id, currency=seen.policy.currency)
    if wallet is None:
        raise WalletMissing(currency=seen.policy.currency)
    policy_service.hand_over(
        policy_id=seen.policy.id, to=seen.taker_id, wallet_id=wallet.id, actor=actor
    )


def _endorse(seen: ChangeView, actor: Actor) -> None:
    """Move what each section costs more or less, each in both books, then state the new terms."""
    assert seen.terms is not None, "an endorsement has terms"
    policy = seen.policy
    shifts = list(seen.terms.shifts.values())
    more = [split for split in shifts if split.gross.minor > 0]
    less = [split.turned for split in shifts if split.gross.minor < 0]
    moving: dict[str, Any] = {
        "subject": policy.number,
        "insurer_key": policy.insurer_key,
        "actor": actor,
    }
    if less:
        books.premium_returned(
            cause_id=seen.id,
            back=splits.added(less),
            wallet_id=policies.pays_to(policy),
            **moving,
        )
    if more:
        wallet = queries.paying_wallet(owner_id=seen.holder_id, currency=policy.currency)
        if wallet is None:
            raise WalletMissing(currency=policy.currency)
        books.premium_added(
            change_id=seen.id, added=splits.added(more), wallet_id=wallet.id, **moving
        )
    policy_service.revise(policy_id=policy.id, terms=seen.terms.revised, actor=actor)


def _end(seen: ChangeView, actor: Actor) -> None:
    assert seen.ending is not None, "an end has its sums"
    if seen.kind is Kind.WITHDRAW:
        policy_service.withdraw(policy_id=seen.policy.id, expected_refund=seen.back, actor=actor)
    else:
        policy_service.cancel_later(
            policy_id=seen.policy.id, back=seen.ending.back, kept=seen.ending.kept, actor=actor
        )


def _locked(row: Change) -> Change:
    found = session().get(Change, row.id, with_for_update=True, populate_existing=True)
    assert found is not None, "changes are never deleted"
    return found


bank.register_approved(
    act=bank.Act.COVER_CHANGE,
    execute=approved,
    page=bank.ResultPage("changes.show", "ref", is_way_back=True),
)
