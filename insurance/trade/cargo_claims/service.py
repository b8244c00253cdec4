"""Report a loss of cargo, survey it, let two officers decide by the tariff's figures, pay once.

Locks, in this order everywhere: the claim, its policy, the insurer's claims money.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from insurance.money.books import service as books
from insurance.money.books.errors import FloatShort
from insurance.offers.referrals import queries as referrals
from insurance.trade.cargo import life
from insurance.trade.cargo import queries as cargo
from insurance.trade.cargo.queries import CargoState, CargoView
from insurance.trade.cargo_claims import queries, rules
from insurance.trade.cargo_claims.errors import (
    CargoAppealClosed,
    CargoClaimMoved,
    CargoClaimUnknown,
    CargoClaimUnsurveyed,
    CargoLossOutside,
    CargoPerilExcluded,
    CargoSumExhausted,
    CargoSurveyImpossible,
)
from insurance.trade.cargo_claims.events import (
    CargoClaimDecided,
    CargoClaimOpened,
    CargoClaimPaid,
)
from insurance.trade.cargo_claims.models import CargoClaim, CargoClaimEntry
from insurance.trade.cargo_claims.queries import CargoClaimView
from insurance.trade.cargo_claims.rules import Kind, State, Survey
from insurance.trade.clauses.queries import Peril
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, savepoint, session
from kernel.events import publish
from kernel.ids import derived_id, new_id, public_ref
from kernel.money import Money

__all__ = ["Survey"]


@command("insurance.cargo_claims.notify")
def notify(
    *,
    policy_id: UUID,
    kind: Kind,
    peril: Peril,
    claimed: Money,
    loss_on: date,
    description: str,
    actor: Actor,
) -> CargoClaimView:
    """Open a claim for what happened on a day; whether the cover still stands makes no difference.

    The same loss told again is the claim that it has, refused ones too: those are appealed.
    Locks: the policy. Events: CargoClaimOpened. Raises: CargoUnknown, CargoLossOutside.
    """
    row = life.locked(policy_id)
    life.attach(row, actor)
    policy = cargo.own_policy(actor, row.number)
    if policy.state is CargoState.CANCELLED or not _is_inside(policy, loss_on):
        raise CargoLossOutside
    told_before = queries.told_before(policy_id=policy.id, kind=kind, peril=peril, loss_on=loss_on)
    if told_before is not None:
        return told_before
    row.is_claim_notified = True
    today = clock.today()
    reserve = rules.reserve_for(
        kind=kind, claimed=claimed, sum_insured=policy.price.sum_insured, on=today
    )
    opened = CargoClaim(
        id=new_id(),
        ref=public_ref("CK"),
        policy_id=policy.id,
        owner_id=policy.owner_id,
        kind=kind,
        peril=peril,
        state=State.SUBMITTED,
        currency=policy.cargo.currency,
        claimed=claimed.minor,
        reserve=reserve.minor,
        payable=0,
        description=description,
        loss_on=loss_on,
        opened_at=clock.now(),
    )
    session().add(opened)
    session().flush()
    _note(opened, {"claimed": claimed.minor, "reserve": reserve.minor}, actor)
    books.claim_reserved(
        claim_id=opened.id,
        subject=opened.ref,
        reserve=reserve,
        insurer_key=policy.insurer.key,
        actor=actor,
    )
    publish(
        CargoClaimOpened(
            claim_id=opened.id, ref=opened.ref, owner_id=opened.owner_id, kind=opened.kind
        )
    )
    return queries.view(opened)


@command("insurance.cargo_claims.guarantee")
def guarantee(*, claim_id: UUID, actor: Actor) -> CargoClaimView:
    """Guarantee the contribution to general average, so that the carrier releases the cargo.

    Locks: the claim. Raises: CargoClaimOwn, CargoClaimMoved.
    """
    row = _for_officer(claim_id, actor)
    if row.kind != Kind.GENERAL_AVERAGE:
        raise CargoClaimMoved
    row.guaranteed_at = clock.now()
    _move(row, State.GUARANTEED, {}, actor)
    return queries.view(row)


@command("insurance.cargo_claims.record_survey")
def record_survey(*, claim_id: UUID, survey: Survey, actor: Actor) -> CargoClaimView:
    """Write down what a surveyor or an average adjuster found; a later report replaces it.

    Locks: the claim. Raises: CargoClaimOwn, CargoClaimMoved, CargoSurveyImpossible.
    """
    row = _for_officer(claim_id, actor)
    if row.kind == Kind.TOTAL_LOSS:
        fits = survey.part.minor >= 0
    else:
        fits = 0 <= survey.part.minor <= survey.whole.minor and survey.whole.minor > 0
    if not fits or survey.whole.currency != row.currency:
        raise CargoSurveyImpossible
    row.survey = survey.stored()
    _move(row, State.SURVEYED, row.survey, actor)
    return queries.view(row)


@command("insurance.cargo_claims.recommend")
def recommend(*, claim_id: UUID, is_approval: bool, reason: str, actor: Actor) -> CargoClaimView:
    """Propose to pay what the survey comes to, or to refuse; another officer confirms it.

    Nobody types an amount: it is the tariff's. Locks: the claim. Raises: CargoClaimOwn,
    CargoClaimDecidedBefore, CargoClaimMoved, CargoClaimUnsurveyed, CargoPerilExcluded,
    CargoSumExhausted.
    """
    row = _for_officer(claim_id, actor)
    _check_fresh(row, actor)
    seen = queries.view(row)
    payable = Money.zero(row.currency)
    if is_approval:
        payable = _payable(seen)
    row.proposal = {"is_approval": is_approval, "amount": payable.minor, "reason": reason}
    row.maker_id = actor.person_id
    _move(row, State.RECOMMENDED, row.proposal, actor)
    return queries.view(row)


@command("insurance.cargo_claims.confirm")
def confirm(*, claim_id: UUID, actor: Actor) -> CargoClaimView:
    """Put a colleague's proposal into force, and pay what is approved.

    Locks: the claim, the policy, the insurer's claims money. Events: CargoClaimDecided,
    CargoClaimPaid, CargoEnded. Raises: CargoClaimOwn, CargoClaimOwnProposal,
    CargoClaimDecidedBefore, CargoClaimMoved, CargoSumExhausted.
    """
    row = _for_officer(claim_id, actor)
    _check_fresh(row, actor)
    rules.check_second(maker=row.maker_id, officer=actor.person_id)
    rules.check_move(State(row.state), State.APPROVED)
    assert row.proposal is not None, "a recommended claim has a proposal"
    row.checker_id, row.decided_at = actor.person_id, clock.now()
    life.locked(row.policy_id)  # confirmations count each other
    seen = queries.view(row)
    if row.proposal["is_approval"]:
        row.payable = _payable(seen).minor
        _settle(row, seen, actor)
    else:
        row.refusal = row.proposal["reason"]
        _give_up(row, seen, State.REFUSED, actor)
    publish(
        CargoClaimDecided(
            claim_id=row.id,
            ref=row.ref,
            owner_id=row.owner_id,
            is_refused=row.state == State.REFUSED,
            payable=Money(row.payable, row.currency),
        )
    )
    return queries.view(row)


@command("insurance.cargo_claims.send_back")
def send_back(*, claim_id: UUID, actor: Actor) -> CargoClaimView:
    """Return a proposal to its maker. Locks: the claim. Raises: as `confirm`."""
    row = _for_officer(claim_id, actor)
    rules.check_second(maker=row.maker_id, officer=actor.person_id)
    rules.check_move(State(row.state), State.APPROVED)
    row.proposal = row.maker_id = None
    _move(row, _undecided(row), {}, actor)
    return queries.view(row)


@command("insurance.cargo_claims.appeal")
def appeal(*, claim_id: UUID, words: str, actor: Actor) -> CargoClaimView:
    """Bring a refused claim before officers again, once; its reserve is booked anew.

    Whoever proposed the refusal neither proposes nor confirms what follows. Locks: the claim.
    Raises: CargoClaimUnknown, CargoAppealClosed.
    """
    row = _locked(claim_id)
    if actor.person_id is None or row.owner_id != actor.person_id:
        raise CargoClaimUnknown
    seen = queries.view(row)
    if seen.appeal_until is None or clock.now() > seen.appeal_until:
        raise CargoAppealClosed
    assert seen.refusal is not None, "a refused claim says why"
    assert seen.maker_id is not None, "a refusal was proposed"
    said = rules.Appeal(words=words, refusal=seen.refusal, maker_id=seen.maker_id)
    row.appeal = said.stored()
    row.proposal = row.refusal = row.maker_id = row.checker_id = row.decided_at = None
    reserve = rules.reserve_for(
        kind=seen.kind,
        claimed=seen.claimed,
        sum_insured=seen.policy.price.sum_insured,
        on=clock.today(),
    )
    row.reserve = reserve.minor
    _move(row, _undecided(row), {"words": words, "reserve": reserve.minor}, actor)
    books.claim_reserved(
        claim_id=_case_id(row),
        subject=row.ref,
        reserve=reserve,
        insurer_key=seen.policy.insurer.key,
        actor=actor,
    )
    return queries.view(row)


@command("insurance.cargo_claims.withdraw")
def withdraw(*, claim_id: UUID, actor: Actor) -> CargoClaimView:
    """Take a claim back before anything is proposed. Locks: the claim.

    Raises: CargoClaimUnknown, CargoClaimMoved.
    """
    row = _locked(claim_id)
    if actor.person_id is None or row.owner_id != actor.person_id:
        raise CargoClaimUnknown
    _give_up(row, queries.view(row), State.WITHDRAWN, actor)
    return queries.view(row)


@command("insurance.cargo_claims.pay")
def pay(*, claim_id: UUID, actor: Actor) -> CargoClaimView:
    """Pay an approved claim once; without enough claims money it waits and is tried again.

    Locks: the claim, the policy, the insurer's claims money. Events: CargoClaimPaid, CargoEnded.
    """
    row = _locked(claim_id)
    if row.state in {State.APPROVED, State.WAITING_FOR_FUNDS}:
        _pay(row, queries.view(row), actor)
    return queries.view(row)


def _is_inside(policy: CargoView, day: date) -> bool:
    last = min(policy.ends_by, policy.arrived_on or policy.ends_by)
    return policy.cargo.departs_on <= day <= min(last, clock.today())


def _payable(seen: CargoClaimView) -> Money:
    """Return what a claim pays by its survey, its clauses and what is left of the sum insured."""
    if not seen.answer.is_paid:
        raise CargoPerilExcluded(clause=seen.answer.clause)
    if seen.figures is None:
        raise CargoClaimUnsurveyed
    left = queries.left_of(seen.policy) + seen.payable
    if seen.figures.payable > left:
        raise CargoSumExhausted(most=left)
    return seen.figures.payable


def _undecided(row: CargoClaim) -> State:
    """Return where a claim stands that nobody has proposed anything for (any more)."""
    if row.survey is not None:
        return State.SURVEYED
    return State.SUBMITTED if row.guaranteed_at is None else State.GUARANTEED


def _case_id(row: CargoClaim) -> UUID:
    """Return the key of a claim's reserve: an appeal is booked anew, not over the first."""
    return row.id if row.appeal is None else derived_id(row.id, "appeal")


def _check_fresh(row: CargoClaim, actor: Actor) -> None:
    first = rules.appeal_from(row.appeal).maker_id if row.appeal is not None else None
    rules.check_fresh(first=first, officer=actor.person_id)


def _settle(row: CargoClaim, seen: CargoClaimView, actor: Actor) -> None:
    books.claim_approved(
        claim_id=_case_id(row),
        subject=row.ref,
        reserve=seen.reserve,
        payable=Money(row.payable, row.currency),
        insurer_key=seen.policy.insurer.key,
        actor=actor,
    )
    row.reserve = 0
    _move(row, State.APPROVED, {"payable": row.payable}, actor)
    if row.payable:
        _pay(row, seen, actor)
    else:
        _close(row, seen, actor)


def _pay(row: CargoClaim, seen: CargoClaimView, actor: Actor) -> None:
    held = life.locked(row.policy_id)
    try:
        with savepoint():
            books.claim_paid(
                claim_id=row.id,
                subject=row.ref,
                payable=Money(row.payable, row.currency),
                insurer_key=seen.policy.insurer.key,
                wallet_id=held.wallet_id,
                actor=actor,
            )
    except FloatShort:
        if row.state == State.APPROVED:
            _move(row, State.WAITING_FOR_FUNDS, {}, actor)
        return
    _close(row, seen, actor)


def _close(row: CargoClaim, seen: CargoClaimView, actor: Actor) -> None:
    """Note that a claim is paid; a total loss leaves nothing that its policy could cover."""
    row.paid_at = clock.now()
    _move(row, State.PAID, {"paid": row.payable}, actor)
    held = life.locked(row.policy_id)
    if seen.kind is Kind.TOTAL_LOSS and held.state == CargoState.ATTACHED:
        life.complete(held, at=clock.now(), actor=actor, to=CargoState.EXHAUSTED)
    paid = Money(row.payable, row.currency)
    publish(CargoClaimPaid(claim_id=row.id, ref=row.ref, owner_id=row.owner_id, paid=paid))


def _give_up(row: CargoClaim, seen: CargoClaimView, to: State, actor: Actor) -> None:
    """End a claim that pays nothing; its reserve is given up."""
    rules.check_move(State(row.state), to)
    books.claim_released(
        claim_id=_case_id(row),
        subject=row.ref,
        reserve=seen.reserve,
        insurer_key=seen.policy.insurer.key,
        actor=actor,
    )
    row.reserve = 0
    _move(row, to, {}, actor)


def _for_officer(claim_id: UUID, actor: Actor) -> CargoClaim:
    row = _locked(claim_id)
    own = referrals.own_of(actor) if actor.person_id is not None else frozenset()
    rules.check_officer(holder=row.owner_id, own=own)
    return row


def _locked(claim_id: UUID) -> CargoClaim:
    row = session().get(CargoClaim, claim_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise CargoClaimUnknown
    return row


def _move(row: CargoClaim, to: State, facts: dict[str, Any], actor: Actor) -> None:
    rules.check_move(State(row.state), to)
    row.state = to
    session().flush()
    _note(row, facts, actor)


def _note(row: CargoClaim, facts: dict[str, Any], actor: Actor) -> None:
    session().add(
        CargoClaimEntry(
            claim_id=row.id,
            state=row.state,
            facts=facts,
            person_id=actor.person_id,
            at=clock.now(),
        )
    )
    session().flush()
