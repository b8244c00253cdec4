"""Commands that decide a claim: the questions, two officers, one appeal."""

from __future__ import annotations

from fractions import Fraction
from uuid import UUID

from insurance.contracts.policies import queries as policies
from insurance.contracts.policies import service as policy_service
from insurance.contracts.policies.queries import PolicyView
from insurance.losses.claims import authority, claim_view, outcome, queries, rules, terms
from insurance.losses.claims.errors import AppealClosed, ClaimUnknown
from insurance.losses.claims.models import Claim
from insurance.losses.claims.noticed import elsewhere_of, stolen_of
from insurance.losses.claims.queries import ClaimView
from insurance.losses.claims.rules import ClaimState, Facts, Outcome
from insurance.losses.suspicion import service as suspicion
from insurance.losses.suspicion.queries import Signs, Weighed, counts_for
from insurance.money.books import service as books
from insurance.offers.quotes.queries import euro_rate_of
from insurance.rating.liability.queries import Cause
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.media.photos import queries as photos
from kernel.money import Money


@command("insurance.claims.decide")
def decide(*, claim_id: UUID, actor: Actor) -> ClaimView:
    """Ask the questions of a new claim: approve, bring to an officer, or refuse with the clause.

    What a seller refunded meanwhile is left out before.
    Locks: the claim, the policy. Events: ClaimApproved or ClaimRefused.
    """
    row = outcome.locked(claim_id)
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
    weighed = _weigh(row, policy, actor)
    stolen = stolen_of(row.facts)
    decision = rules.decide(
        Facts(
            cause=Cause(row.cause),
            perils=policy.perils,
            has_delay_section=policy.delay is not None,
            is_loss_in_cover=policy.covers(row.loss_at),
            is_proven_by_carrier=row.facts["is_proven_by_carrier"],
            photos=len(photos.of(album=queries.ALBUM, subject=row.ref)),
            is_unusual=weighed is not None and weighed.is_unusual,
            is_held=weighed is not None and weighed.is_held,
            payable=payable,
            payable_eur=Fraction(payable.amount) * rate,
            authority_eur=books.insurer(policy.insurer_key).claims_authority_eur,
            is_place_excluded=stolen is not None
            and stolen.place in terms.places_excluded(policy.conditions),
            is_police_told=stolen is not None and bool(stolen.police_ref),
            is_insured_elsewhere=elsewhere_of(row.facts, row.currency) is not None,
        ),
        terms.handling_on(clock.today()),
    )
    row.trace = [
        {"question": answer.question.value, "is_yes": answer.is_yes} for answer in decision.answers
    ]
    if decision.outcome is Outcome.APPROVE:
        outcome.approve(row, policy, payable, actor)
    elif decision.outcome is Outcome.REFUSE:
        assert decision.reason is not None
        outcome.refuse(row, policy, decision.reason.value, actor)
    elif decision.outcome is Outcome.HOLD:
        outcome.move(row, ClaimState.ON_HOLD, "held", {}, actor)
    else:
        outcome.move(row, ClaimState.IN_REVIEW, "referred", {}, actor)
    return queries.claim(claim_id=claim_id)


def _weigh(row: Claim, policy: PolicyView, actor: Actor) -> Weighed | None:
    """Return the points of what a holder reported; what carriers prove gets none."""
    if row.cause not in rules.NOTIFIED:
        return None
    return suspicion.weigh(
        claim_id=row.id,
        policy_id=row.policy_id,
        album=queries.ALBUM,
        subject=row.ref,
        signs=Signs(
            claims=queries.reported_since(row.policyholder_id, clock.now() - counts_for()),
            is_theft=row.cause == Cause.THEFT,
            loss=Money(row.claimed, row.currency),
            insured=policy.sum_insured,
            refunded=policy.gone_back,
            bound_at=policy.bound_at,
            loss_at=row.loss_at,
            reported_at=row.opened_at,
        ),
        actor=actor,
    )


@command("insurance.claims.appeal")
def appeal(*, claim_id: UUID, words: str, actor: Actor) -> ClaimView:
    """Bring a refused claim before an officer who did not propose the refusal; once.

    Locks: the claim. Raises: ClaimUnknown for all but its holder, AppealClosed.
    """
    row = outcome.locked(claim_id)
    if not actor.speaks_for(row.policyholder_id):
        raise ClaimUnknown
    policy = policies.policy(policy_id=row.policy_id)
    until = claim_view.appeal_until(row, ends_with_order=policy.ends_with_order)
    if until is None or clock.now() > until:
        raise AppealClosed
    outcome.reopen(row, policy, words, actor)
    return queries.claim(claim_id=claim_id)


@command("insurance.claims.recommend")
def recommend(
    *, claim_id: UUID, is_approval: bool, amount: Money, reason: str, actor: Actor
) -> ClaimView:
    """Propose how a claim should end; another officer confirms it.

    Above the officer's own limit it goes to a colleague with a higher one, and its history says so.
    Locks: the claim.
    Raises: ClaimTransitionRefused, OwnInterest, DecidedBefore, AmountOverSumInsured.
    """
    row = outcome.locked(claim_id)
    rules.check_interest(
        holder=row.policyholder_id, officer=actor.person_id, companies=actor.organisation_ids
    )
    rules.check_fresh(first=claim_view.first_maker(row), officer=actor.person_id)
    queries.check_room(claim_id=row.id, amount=amount)
    proposed = {"is_approval": is_approval, "amount": amount.minor, "reason": reason}
    row.proposal, row.maker_id = proposed, actor.person_id
    outcome.move(row, ClaimState.RECOMMENDED, "recommended", proposed, actor)
    if amount and not authority.is_within(amount, actor):
        outcome.note(row, "escalated", {"amount": amount.minor}, actor)
    return queries.claim(claim_id=claim_id)


@command("insurance.claims.confirm")
def confirm(*, claim_id: UUID, actor: Actor) -> ClaimView:
    """Put a colleague's proposal into force.

    Locks: the claim, the policy of what is paid. Events: ClaimApproved or ClaimRefused.
    Raises: ClaimTransitionRefused, MakerIsChecker, OwnInterest, DecidedBefore, OverAuthority,
    AmountOverSumInsured where a refund or another claim took the room since it was proposed.
    """
    row = outcome.locked(claim_id)
    rules.check_second(
        holder=row.policyholder_id,
        maker=row.maker_id,
        officer=actor.person_id,
        companies=actor.organisation_ids,
    )
    rules.check_fresh(first=claim_view.first_maker(row), officer=actor.person_id)
    rules.check_proposed(ClaimState(row.state), ClaimState.APPROVED)
    assert row.proposal is not None, "a recommended claim has a proposal"
    row.checker_id = actor.person_id
    policy = policies.policy(policy_id=row.policy_id)
    if row.proposal["is_approval"]:
        amount = Money(row.proposal["amount"], row.currency)
        authority.check(amount, actor)
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
    row = outcome.locked(claim_id)
    rules.check_second(
        holder=row.policyholder_id,
        maker=row.maker_id,
        officer=actor.person_id,
        companies=actor.organisation_ids,
    )
    rules.check_proposed(ClaimState(row.state), ClaimState.IN_REVIEW)
    outcome.move(row, ClaimState.IN_REVIEW, "sent_back", {}, actor)
    row.proposal, row.maker_id = None, None
    session().flush()
    return queries.claim(claim_id=claim_id)


@command("insurance.claims.take_back")
def take_back(*, claim_id: UUID, actor: Actor) -> ClaimView:
    """End the claim of a loss that was none, because the parcel arrived before it was decided.

    Locks: the claim. Events: ClaimRefused. Raises: ClaimTransitionRefused once it is approved.
    """
    row = outcome.locked(claim_id)
    outcome.refuse(row, policies.policy(policy_id=row.policy_id), rules.FOUND, actor)
    return queries.claim(claim_id=claim_id)
