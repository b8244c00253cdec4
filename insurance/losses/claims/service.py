"""Commands on claims: open, decide, propose, confirm, pay. A loss is one claim, paid once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from insurance.contracts.policies import queries as policies
from insurance.contracts.policies import service as policy_service
from insurance.contracts.policies.queries import PolicyView
from insurance.losses.claims import outcome, queries, rules
from insurance.losses.claims.errors import (
    AmountOverSumInsured,
    AppealClosed,
    CauseNotCovered,
    ClaimExists,
    ClaimUnknown,
    ClaimWindowClosed,
)
from insurance.losses.claims.events import ClaimOpened, ClaimPaid
from insurance.losses.claims.models import Claim
from insurance.losses.claims.queries import ClaimView
from insurance.losses.claims.rules import ClaimState, Facts, Outcome
from insurance.money.books import service as books
from insurance.money.books.errors import FloatShort
from insurance.offers.quotes.queries import euro_rate_of
from insurance.rating.liability.queries import Cause
from insurance.rating.tariff import queries as tariff
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, savepoint, session
from kernel.events import publish
from kernel.idempotency import request_hash
from kernel.ids import derived_id, public_ref
from kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class _Report:
    """A loss as it is reported. Shape: sums are the lines of the arithmetic before `payable`."""

    cause: Cause
    loss_at: datetime
    claimed: Money
    settlement: tariff.Settlement
    sums: list[tuple[str, Money]]
    facts: Mapping[str, Any]
    wallet_id: UUID | None = None
    is_proven_by_carrier: bool = True
    evidence: Mapping[str, Any] = field(default_factory=dict)


@command("insurance.claims.parcel_lost")
def parcel_lost(
    *,
    parcel_ref: str,
    at: datetime,
    evidence: Mapping[str, Any],
    actor: Actor,
    carrier_paid: Money | None = None,
    refunded_by_seller_to: UUID | None = None,
) -> ClaimView | None:
    """Open the claim of a parcel that the carrier gives up; None without a policy.

    Shape: evidence holds the carrier's events as plain values; refunded_by_seller_to is the wallet
    of a seller who has given the buyer the money back, and is then the payee.
    Locks: the policy. Events: ClaimOpened.
    """
    policy = policies.policy_for_parcel(parcel_ref=parcel_ref)
    if policy is None:
        return None
    paid = carrier_paid or Money.zero(policy.currency)
    loss = rules.gone(
        sum_insured=policy.sum_insured,
        deductible=policy.deductible,
        carrier_paid=paid,
        is_refunded_by_seller=refunded_by_seller_to is not None,
    )
    sums = [("sum_insured", policy.sum_insured), ("deductible", -policy.deductible)]
    return _open(
        policy,
        _Report(
            cause=Cause.LOST,
            loss_at=at,
            claimed=policy.sum_insured,
            settlement=tariff.settle(loss=loss, tariff=_tariff(policy)),
            sums=[*sums, ("carrier_paid", -paid)],
            wallet_id=refunded_by_seller_to,
            facts={"lost_on": at.date().isoformat()},
            evidence=evidence,
            is_proven_by_carrier=bool(evidence),
        ),
        actor,
    )


@command("insurance.claims.parcel_late")
def parcel_late(
    *, parcel_ref: str, promised_on: date, actor: Actor, delivered_on: date | None = None
) -> ClaimView | None:
    """Open the delay claim once the trigger is reached; None before, and without a rider.

    None, too, under a cover that was cancelled: its price went back.

    Without a delivery date today counts: the benefit is due while the parcel is still on its way,
    and a parcel that is late but not late enough is looked at again by a schedule.
    Locks: the policy. Events: ClaimOpened.
    """
    policy = policies.policy_for_parcel(parcel_ref=parcel_ref)
    if policy is None or policy.delay is None or policy.state is policies.PolicyState.CANCELLED:
        return None
    until, terms = delivered_on or clock.today(), policy.delay
    loss = rules.late(
        promised_on=promised_on,
        until=until,
        trigger_days=terms.trigger_days,
        benefit=terms.benefit,
    )
    settlement = tariff.settle(loss=loss, tariff=_tariff(policy))
    if not settlement.payable:
        policy_service.note_late(policy_id=policy.id, promised_on=promised_on, actor=actor)
        return None
    facts = {
        "promised_on": promised_on.isoformat(),
        "until": until.isoformat(),
        "days_late": (until - promised_on).days,
        "trigger_days": terms.trigger_days,
    }
    # The delay began when the promise passed, on the voyage, whenever it is noticed.
    loss_at = min(clock.now(), policy.ended_at or clock.now())
    return _open(
        policy,
        _Report(
            cause=Cause.DELAY,
            loss_at=loss_at,
            claimed=terms.benefit,
            settlement=settlement,
            sums=[("benefit", terms.benefit)],
            facts=facts,
            evidence=facts,
        ),
        actor,
    )


@command("insurance.claims.notify")
def notify(
    *, policy_id: UUID, cause: Cause, loss: Money, description: str, actor: Actor
) -> ClaimView:
    """Open a claim for what the holder saw on delivery: damage, or theft after it.

    A human looks at it. Locks: the policy. Events: ClaimOpened.
    Raises: CauseNotCovered, ClaimWindowClosed, ClaimExists, AmountOverSumInsured.
    """
    policy, handling = policies.policy(policy_id=policy_id), _handling()
    if not queries.is_covered(policy, cause):
        raise CauseNotCovered
    now = clock.now()
    if not rules.is_inside_window(
        cause=cause, delivered_at=policy.delivered_at, at=now, handling=handling
    ):
        raise ClaimWindowClosed(days=handling.notice_days[cause])
    if loss > policy.still_insured:
        raise AmountOverSumInsured(most=policy.still_insured)
    known = _known(policy.id, cause)
    if known is not None:
        raise ClaimExists(claim=known.ref)
    assert policy.delivered_at is not None, "the window begins with delivery"
    # Only of a breakage does the holder of fragile goods bear a share.
    damage = rules.broken(
        sum_insured=policy.sum_insured,
        deductible=policy.deductible,
        loss=loss,
        goods=policy.goods if cause is Cause.DAMAGE else "",
    )
    settlement = tariff.settle(loss=damage, tariff=_tariff(policy))
    own_share = settlement.payable - loss
    return _open(
        policy,
        _Report(
            cause=cause,
            loss_at=policy.delivered_at,
            claimed=loss,
            settlement=settlement,
            sums=[("loss", loss), ("own_share", own_share)],
            facts={"description": description},
            is_proven_by_carrier=False,
        ),
        actor,
    )


@command("insurance.claims.decide")
def decide(*, claim_id: UUID, actor: Actor) -> ClaimView:
    """Ask the questions of a new claim: approve, bring to an officer, or refuse with the clause.

    What a seller refunded meanwhile is left out before.
    Locks: the claim, the policy. Events: ClaimApproved or ClaimRefused.
    """
    row = _locked(claim_id)
    if row.state != ClaimState.SUBMITTED:
        return queries.claim(claim_id=claim_id)
    policy_service.locked(policy_id=row.policy_id)  # a refund at the same time counts here or there
    policy = policies.policy(policy_id=row.policy_id)
    if row.cause != Cause.DELAY:
        outcome.leave_out_refunded(
            row, most=queries.left_of_loss(queries.claim(claim_id=claim_id), policy)
        )
    payable = Money(row.payable, row.currency)
    rate = euro_rate_of(row.currency)
    assert rate is not None, "what was sold has a rate"
    decision = rules.decide(
        Facts(
            cause=Cause(row.cause),
            perils=policy.perils,
            has_delay_section=policy.delay is not None,
            is_loss_in_cover=policy.covers(row.loss_at),
            is_proven_by_carrier=row.facts["is_proven_by_carrier"],
            payable=payable,
            payable_eur=Fraction(payable.amount) * rate,
        ),
        _handling(),
    )
    row.trace = [
        {"question": answer.question.value, "is_yes": answer.is_yes} for answer in decision.answers
    ]
    if decision.outcome is Outcome.APPROVE:
        outcome.approve(row, policy, payable, actor)
    elif decision.outcome is Outcome.REFUSE:
        assert decision.reason is not None
        outcome.refuse(row, policy, decision.reason.value, actor)
    else:
        outcome.move(row, ClaimState.IN_REVIEW, "referred", {}, actor)
    return queries.claim(claim_id=claim_id)


@command("insurance.claims.appeal")
def appeal(*, claim_id: UUID, words: str, actor: Actor) -> ClaimView:
    """Bring a refused claim before an officer who did not propose the refusal; once.

    Locks: the claim. Raises: ClaimUnknown for all but its holder, AppealClosed.
    """
    row = _locked(claim_id)
    if row.policyholder_id != actor.person_id:
        raise ClaimUnknown
    until = queries.appeal_until(row)
    if until is None or clock.now() > until:
        raise AppealClosed
    outcome.reopen(row, policies.policy(policy_id=row.policy_id), words, actor)
    return queries.claim(claim_id=claim_id)


@command("insurance.claims.recommend")
def recommend(
    *, claim_id: UUID, is_approval: bool, amount: Money, reason: str, actor: Actor
) -> ClaimView:
    """Propose how a claim should end; another officer confirms it.

    Locks: the claim.
    Raises: ClaimTransitionRefused, OwnInterest, DecidedBefore, AmountOverSumInsured.
    """
    row = _locked(claim_id)
    rules.check_interest(holder=row.policyholder_id, officer=actor.person_id)
    rules.check_fresh(first=queries.first_maker(row), officer=actor.person_id)
    queries.check_room(claim_id=row.id, amount=amount)
    proposed = {"is_approval": is_approval, "amount": amount.minor, "reason": reason}
    row.proposal, row.maker_id = proposed, actor.person_id
    outcome.move(row, ClaimState.RECOMMENDED, "recommended", proposed, actor)
    return queries.claim(claim_id=claim_id)


@command("insurance.claims.confirm")
def confirm(*, claim_id: UUID, actor: Actor) -> ClaimView:
    """Put a colleague's proposal into force.

    Locks: the claim, the policy of what is paid. Events: ClaimApproved or ClaimRefused.
    Raises: ClaimTransitionRefused, MakerIsChecker, OwnInterest, DecidedBefore,
    AmountOverSumInsured where a refund or another claim took the room since it was proposed.
    """
    row = _locked(claim_id)
    rules.check_second(holder=row.policyholder_id, maker=row.maker_id, officer=actor.person_id)
    rules.check_fresh(first=queries.first_maker(row), officer=actor.person_id)
    rules.moved(ClaimState(row.state), ClaimState.APPROVED)
    assert row.proposal is not None, "a recommended claim has a proposal"
    row.checker_id = actor.person_id
    policy = policies.policy(policy_id=row.policy_id)
    if row.proposal["is_approval"]:
        amount = Money(row.proposal["amount"], row.currency)
        policy_service.locked(policy_id=row.policy_id)  # confirmations and refunds count each other
        queries.check_room(claim_id=row.id, amount=amount)
        if amount.minor != row.payable:
            row.sums = [
                *row.sums[:-1],
                {"what": "officer", "minor": amount.minor - row.payable},
                {"what": "payable", "minor": amount.minor},
            ]
        outcome.approve(row, policy, amount, actor)
    else:
        outcome.refuse(row, policy, row.proposal["reason"], actor)
    return queries.claim(claim_id=claim_id)


@command("insurance.claims.send_back")
def send_back(*, claim_id: UUID, actor: Actor) -> ClaimView:
    """Return a proposal to its maker. Locks: the claim. Raises: as confirm."""
    row = _locked(claim_id)
    rules.check_second(holder=row.policyholder_id, maker=row.maker_id, officer=actor.person_id)
    outcome.move(row, ClaimState.IN_REVIEW, "sent_back", {}, actor)
    row.proposal, row.maker_id = None, None
    session().flush()
    return queries.claim(claim_id=claim_id)


@command("insurance.claims.take_back")
def take_back(*, claim_id: UUID, actor: Actor) -> ClaimView:
    """End the claim of a loss that was none, because the parcel arrived before it was decided.

    Locks: the claim. Events: ClaimRefused. Raises: ClaimTransitionRefused once it is approved.
    """
    row = _locked(claim_id)
    outcome.refuse(row, policies.policy(policy_id=row.policy_id), rules.FOUND, actor)
    return queries.claim(claim_id=claim_id)


@command("insurance.claims.pay")
def pay(*, claim_id: UUID, actor: Actor) -> ClaimView:
    """Pay an approved claim into its payee's wallet, or beside a closed one; paid before is paid.

    Without enough claims money the claim waits and is tried again.
    Locks: the claim, the policy, the insurer's claims money. Events: ClaimPaid.
    """
    row = _locked(claim_id)
    if row.state not in {ClaimState.APPROVED, ClaimState.WAITING_FOR_FUNDS}:
        return queries.claim(claim_id=claim_id)
    # The policy before the wallet, as withdrawing does, so that the two never wait in a ring.
    policy_service.locked(policy_id=row.policy_id)
    policy = policies.policy(policy_id=row.policy_id)
    payable = Money(row.payable, row.currency)
    try:
        with savepoint():
            books.claim_paid(
                claim_id=row.id,
                subject=row.ref,
                payable=payable,
                insurer_key=policy.insurer_key,
                wallet_id=row.wallet_id,
                actor=actor,
            )
    except FloatShort:
        if row.state == ClaimState.APPROVED:
            outcome.move(row, ClaimState.WAITING_FOR_FUNDS, "waiting_for_funds", {}, actor)
        return queries.claim(claim_id=claim_id)
    row.paid_at = clock.now()
    outcome.move(row, ClaimState.PAID, "paid", {"paid": payable.minor}, actor)
    if row.cause == Cause.LOST:
        policy_service.exhaust(policy_id=policy.id, actor=actor)
    publish(
        ClaimPaid(
            claim_id=row.id,
            ref=row.ref,
            policyholder_id=row.policyholder_id,
            parcel_ref=policy.parcel_ref,
            order_ref=policy.order_ref,
            cause=row.cause,
            payee=row.payee,
            wallet_id=row.wallet_id,
            paid=payable,
        )
    )
    return queries.claim(claim_id=claim_id)


@command("insurance.claims.note_recovery")
def note_recovery(*, claim_id: UUID, what: str, facts: Mapping[str, Any], actor: Actor) -> None:
    """Write into a claim's history what became of its goods. Raises: ClaimUnknown."""
    row = session().get(Claim, claim_id)
    if row is None:
        raise ClaimUnknown
    outcome.note(row, what, dict(facts), actor)


def _open(policy: PolicyView, report: _Report, actor: Actor) -> ClaimView:
    """Open the claim unless this loss has one, reserve for it and tell."""
    policy_service.locked(policy_id=policy.id)
    known = _known(policy.id, report.cause)
    if known is not None:
        return queries.claim(claim_id=known.id)
    handling = _handling()
    is_in_cover = policy.covers(report.loss_at)
    reserved = Money.zero(policy.currency)
    if is_in_cover:
        reserved = rules.reserve(
            cause=report.cause,
            claimed=report.claimed,
            sum_insured=policy.sum_insured,
            deductible=policy.deductible,
            handling=handling,
        )
    row = _insert(policy, report, reserved)
    books.claim_reserved(
        claim_id=row.id,
        subject=row.ref,
        reserve=reserved,
        insurer_key=policy.insurer_key,
        actor=actor,
    )
    policy_service.note_claim(policy_id=policy.id, claim_ref=row.ref, actor=actor)
    outcome.note(row, "opened", {"reserve": reserved.minor, **report.facts}, actor)
    publish(
        ClaimOpened(
            claim_id=row.id,
            ref=row.ref,
            policy_id=policy.id,
            policyholder_id=policy.policyholder_id,
            parcel_ref=policy.parcel_ref,
            order_ref=policy.order_ref,
            cause=report.cause,
        )
    )
    return queries.claim(claim_id=row.id)


def _insert(policy: PolicyView, report: _Report, reserved: Money) -> Claim:
    payable = report.settlement.payable
    evidence_hash = request_hash(dict(report.evidence)).hex()
    statement = (
        insert(Claim)
        .values(
            id=derived_id(policy.id, f"claim:{report.cause}"),
            ref=public_ref("C"),
            policy_id=policy.id,
            policyholder_id=policy.policyholder_id,
            cause=report.cause.value,
            state=ClaimState.SUBMITTED.value,
            currency=policy.currency,
            claimed=report.claimed.minor,
            reserve=reserved.minor,
            payable=payable.minor,
            payee=(report.settlement.payee or tariff.Payee.BUYER).value,
            wallet_id=report.wallet_id or policies.pays_to(policy),
            facts=dict(report.facts)
            | {
                "is_proven_by_carrier": report.is_proven_by_carrier,
                "evidence": dict(report.evidence),
                "evidence_sha256": evidence_hash,
            },
            sums=[
                *({"what": what, "minor": amount.minor} for what, amount in report.sums if amount),
                {"what": "payable", "minor": payable.minor},
            ],
            loss_at=report.loss_at,
            opened_at=clock.now(),
        )
        .returning(Claim)
    )
    return session().execute(statement).scalar_one()


def _known(policy_id: UUID, cause: Cause) -> Claim | None:
    return (
        session()
        .execute(select(Claim).where(Claim.policy_id == policy_id, Claim.cause == cause))
        .scalar_one_or_none()
    )


def _locked(claim_id: UUID) -> Claim:
    row = session().get(Claim, claim_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise ClaimUnknown
    return row


def _handling() -> rules.Handling:
    return rules.handling_on(clock.today())


def _tariff(policy: PolicyView) -> tariff.Tariff:
    return tariff.shop_tariff_on(policy.bound_at.date())
