"""Claims as their holders and the officers see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, and_, cast, func, select, tuple_

from insurance.contracts.policies import queries as policies
from insurance.contracts.policies.models import Policy, PolicyEntry
from insurance.contracts.policies.queries import PolicyView
from insurance.losses.claims import rules, terms
from insurance.losses.claims.claim_view import (
    ClaimView,
    Reason,
    Sum,
    appeal_of,
    appeal_until,
    proposal_of,
    stated_of,
)
from insurance.losses.claims.errors import AmountOverSumInsured, ClaimUnknown
from insurance.losses.claims.models import Claim, ClaimEntry, NoticeDraft
from insurance.losses.claims.rules import (
    ALBUM,
    DECIDED,
    FOUND,
    NOTIFIED,
    OFFSETS,
    OPEN_STATES,
    OWED_STATES,
    UNANSWERED,
    UNDECIDED,
    ClaimState,
    Paid,
    PaidBy,
    Question,
)
from insurance.losses.claims.terms import Ombudsman, handling_on
from insurance.money.books import service as books
from insurance.rating.liability.queries import Cause
from kernel import clock
from kernel.actor import Actor, Role
from kernel.db import session
from kernel.ids import PageKey
from kernel.money import Money, total

__all__ = [
    "ALBUM",
    "FOUND",
    "NOTIFIED",
    "OFFSETS",
    "OPEN_STATES",
    "OWED_STATES",
    "UNANSWERED",
    "UNDECIDED",
    "Cause",
    "ClaimState",
    "ClaimView",
    "Ombudsman",
    "Paid",
    "PaidBy",
    "Question",
    "handling_on",
]

_OFFICERS = frozenset({Role.UNDERWRITER, Role.OPERATOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimLine:
    """One thing that happened to a claim."""

    what: str
    state: str
    facts: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One way from country to country.

    Units: premium without tax; losses are paid or promised.
    """

    origin: str
    destination: str
    parcels: int
    premium: Money
    losses: Money

    @property
    def ratio_bp(self) -> int:
        """What of the premium came back as losses. Units: basis points, rounded down."""
        return self.losses.minor * 10_000 // self.premium.minor


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One question of the officers or one answer of the holder."""

    is_question: bool
    words: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFile:
    """Everything an officer or a holder sees of a claim on one page."""

    claim: ClaimView
    policy: PolicyView
    history: tuple[ClaimLine, ...]

    @property
    def said(self) -> tuple[Said, ...]:
        """What officers asked and the holder answered, in its order."""
        return tuple(
            Said(is_question=line.what == "asked", words=line.facts["words"], at=line.at)
            for line in reversed(self.history)
            if line.what in {"asked", "answered"}
        )

    @property
    def answer_albums(self) -> tuple[str, ...]:
        """What the photographs of its answers are kept under, the one that is asked for last."""
        return answer_albums(self.claim.ref, self.history)


def claim_for(actor: Actor, ref: str) -> ClaimFile:
    """Return a claim to its holder, people of a company's claim among them, or to an officer.

    Raises: ClaimUnknown for all others.
    """
    row = (
        session()
        .execute(
            select(Claim, Policy).join(Policy, Policy.id == Claim.policy_id).where(Claim.ref == ref)
        )
        .one_or_none()
    )
    if row is None:
        raise ClaimUnknown
    claim, policy = row
    if not (actor.speaks_for(claim.policyholder_id) or actor.roles & _OFFICERS):
        raise ClaimUnknown
    return ClaimFile(
        claim=view(claim, policy),
        policy=policies.view(policy),
        history=tuple(history_of(claim.id)),
    )


def answer_albums(ref: str, history: Sequence[ClaimLine]) -> tuple[str, ...]:
    """Return what the photographs of a claim's answers are kept under, the last question's last."""
    asked = sum(line.what == "asked" for line in history)
    return tuple(rules.answer_album(ref, number + 1) for number in range(asked))


def ombudsman_of(file: ClaimFile) -> Ombudsman | None:
    """Return who settles a refusal outside the house, None where nothing is refused."""
    if file.claim.state is not ClaimState.REFUSED:
        return None
    return ombudsman_on(clock.today(), insurer_key=file.policy.insurer_key)


def ombudsman_on(day: date, *, insurer_key: str) -> Ombudsman:
    """Return who settles what an insurer refuses, by its country. Raises: ValueError for no one."""
    return terms.ombudsman_on(day, country=books.insurer(insurer_key).country)


def noted(*, claim_id: UUID, what: str) -> Mapping[str, Any]:
    """Return the facts of what happened last by this name, none where it did not."""
    return next((line.facts for line in history_of(claim_id) if line.what == what), {})


def claim(*, claim_id: UUID) -> ClaimView:
    """Return a claim. Raises: ClaimUnknown."""
    row = session().get(Claim, claim_id)
    if row is None:
        raise ClaimUnknown
    policy = session().get(Policy, row.policy_id)
    assert policy is not None, "a claim stands under a policy"
    return view(row, policy)


def claims_of(*, owner_id: UUID, limit: int = 50) -> list[ClaimView]:
    """Return a person's claims, newest first."""
    rows = session().execute(
        select(Claim, Policy)
        .join(Policy, Policy.id == Claim.policy_id)
        .where(Claim.policyholder_id == owner_id)
        .order_by(Claim.opened_at.desc(), Claim.id.desc())
        .limit(limit)
    )
    return [view(row, policy) for row, policy in rows]


def claims_after(*, owner_id: UUID, after: PageKey | None, limit: int) -> list[ClaimView]:
    """Return a person's claims, newest first, from behind the last row of the page before."""
    query = (
        select(Claim, Policy)
        .join(Policy, Policy.id == Claim.policy_id)
        .where(Claim.policyholder_id == owner_id)
        .order_by(Claim.opened_at.desc(), Claim.id.desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(Claim.opened_at, Claim.id) < (after.at, after.id))
    return [view(row, policy) for row, policy in session().execute(query)]


def lanes_of(*, policyholder_id: UUID) -> list[Lane]:
    """Return the ways of somebody's covered parcels by currency, those with the most first.

    What was cancelled or void covered nothing and is left out.
    """
    origin, to = Policy.risk["origin_country"].astext, Policy.risk["destination_country"].astext
    net = cast(Policy.sections["LOSS"]["net"].astext, BigInteger)
    parcels = func.count(Policy.id.distinct())
    query = (
        select(origin, to, Policy.currency, parcels, func.sum(net), func.sum(Claim.payable))
        .outerjoin(Claim, and_(Claim.policy_id == Policy.id, Claim.state.in_(DECIDED)))
        .where(
            Policy.policyholder_id == policyholder_id,
            Policy.state.not_in(["cancelled", "voided"]),
        )
        .group_by(origin, to, Policy.currency)
        .order_by(parcels.desc(), origin, to)
    )
    return [
        Lane(
            origin=row[0],
            destination=row[1],
            parcels=row[3],
            premium=Money(int(row[4]), row[2]),
            losses=Money(int(row[5] or 0), row[2]),
        )
        for row in session().execute(query)
    ]


def claims_under(*, policy_id: UUID) -> list[ClaimView]:
    """Return the claims of a policy, newest first."""
    rows = session().execute(
        select(Claim, Policy)
        .join(Policy, Policy.id == Claim.policy_id)
        .where(Claim.policy_id == policy_id)
        .order_by(Claim.opened_at.desc())
    )
    return [view(row, policy) for row, policy in rows]


def in_states(states: Sequence[ClaimState], limit: int) -> list[ClaimView]:
    """Return the claims that stand in some states, oldest first."""
    rows = session().execute(
        select(Claim, Policy)
        .join(Policy, Policy.id == Claim.policy_id)
        .where(Claim.state.in_(states))
        .order_by(Claim.opened_at, Claim.id)
        .limit(limit)
    )
    return [view(row, policy) for row, policy in rows]


def reported_since(policyholder_id: UUID, since: datetime) -> int:
    """Return how often somebody reported a loss since an instant, without what they took back."""
    query = (
        select(func.count())
        .select_from(Claim)
        .where(Claim.policyholder_id == policyholder_id, Claim.opened_at >= since)
        .where(Claim.cause.in_(NOTIFIED), Claim.state != ClaimState.WITHDRAWN)
    )
    return session().execute(query).scalar_one()


def due_delays(*, on: date) -> list[tuple[str, date]]:
    """Return parcel and promise of those on the way whose delay has reached its trigger."""
    rows = session().execute(
        select(Policy.parcel_ref, Policy.delay, PolicyEntry.facts)
        .join(PolicyEntry, PolicyEntry.policy_id == Policy.id)
        .outerjoin(Claim, and_(Claim.policy_id == Policy.id, Claim.cause == Cause.DELAY))
        .where(
            Policy.state == policies.PolicyState.ATTACHED,
            Policy.delay.is_not(None),
            PolicyEntry.what == "late",
            Claim.id.is_(None),
        )
    )
    promises = [
        (ref, date.fromisoformat(facts["promised_on"]), delay) for ref, delay, facts in rows
    ]
    return [(ref, day) for ref, day, delay in promises if (on - day).days >= delay["trigger_days"]]


def silent_parcels() -> Sequence[str]:
    """Return the parcels whose silence waits for a word."""
    query = (
        select(Policy.parcel_ref)
        .join(Claim, Claim.policy_id == Policy.id)
        .where(Claim.state == ClaimState.PRE_OPENED)
        .order_by(Claim.opened_at)
    )
    return session().scalars(query).all()


def waiting_for_funds() -> list[tuple[UUID, Money, str]]:
    """Return the approved claims that wait for claims money, with what each needs and of whom.

    Shape: the insurer's key comes last; the claim that was decided first comes first.
    """
    waiting = (
        select(Claim.id, Claim.payable, Claim.currency, Policy.insurer_key)
        .join(Policy, Policy.id == Claim.policy_id)
        .where(Claim.state == ClaimState.WAITING_FOR_FUNDS)
        .order_by(Claim.decided_at, Claim.id)
    )
    rows = session().execute(waiting)
    return [(row.id, Money(row.payable, row.currency), row.insurer_key) for row in rows]


def case_reserves() -> dict[tuple[str, str], Money]:
    """Return the reserves of undecided claims; they equal the account of each insurer.

    Shape: by key of the insurer and currency.
    """
    rows = session().execute(
        select(Policy.insurer_key, Claim.currency, func.sum(Claim.reserve))
        .join(Policy, Policy.id == Claim.policy_id)
        .where(Claim.state.in_(UNDECIDED))
        .group_by(Policy.insurer_key, Claim.currency)
    )
    return {(key, currency): Money(int(minor), currency) for key, currency, minor in rows}


def check_room(*, claim_id: UUID, amount: Money) -> None:
    """Keep what a claim pays within what is left for it.

    It is final only while the caller holds the policy, which refunds and other claims wait for.
    Raises: ClaimUnknown, AmountOverSumInsured.
    """
    most = most_of(claim(claim_id=claim_id))
    if amount > most:
        raise AmountOverSumInsured(most=most)


def most_of(asked: ClaimView) -> Money:
    """Return the most that a claim can pay: what is left of its parcel, or the delay's benefit.

    All losses of a parcel together stay within what is still insured, and a loss of which others
    paid a part stays within the rest of it.
    """
    if asked.cause is Cause.DELAY:
        return asked.claimed
    taken = total(
        [
            other.payable
            for other in claims_under(policy_id=asked.policy_id)
            if other.id != asked.id and other.state in DECIDED and other.cause is not Cause.DELAY
        ],
        asked.currency,
    )
    left = left_of_loss(asked, policies.policy(policy_id=asked.policy_id)) - taken
    if any(line.what in OFFSETS.values() for line in asked.sums):
        left = min(left, asked.sums[-1].amount)  # what others paid comes off the loss itself
    return max(left, Money.zero(asked.currency))


def left_of_loss(asked: ClaimView, policy: PolicyView) -> Money:
    """Return what of a loss is still to be paid after what its seller and carrier gave."""
    paid = total(
        [-line.amount for line in asked.sums if line.what == "carrier_paid"], asked.currency
    )
    return max(policy.still_insured - paid, Money.zero(asked.currency))


def is_covered(policy: PolicyView, cause: Cause) -> bool:
    """Whether a policy pays for a cause at all."""
    return rules.is_covered(cause, perils=policy.perils, has_delay_section=policy.delay is not None)


def may_be_notified(policy: PolicyView, cause: Cause) -> bool:
    """Whether a cause is covered and its time to be reported has begun and is not over."""
    return is_covered(policy, cause) and rules.is_inside_window(
        cause=cause,
        delivered_at=policy.delivered_at,
        at=clock.now(),
        handling=handling_on(clock.today()),
    )


def report_again_until(asked: ClaimView, policy: PolicyView) -> datetime | None:
    """Return until when a loss that is or were taken back can be reported again, None for not."""
    handling = handling_on(clock.today())
    if asked.appeal is not None or not (asked.may_be_withdrawn or asked.may_be_reported_again):
        return None
    if not may_be_notified(policy, asked.cause):
        return None
    assert policy.delivered_at is not None, "what is notified has arrived"
    return policy.delivered_at + timedelta(days=handling.notice_days[asked.cause])


def longest_notice() -> timedelta:
    """Return how long after delivery the latest of all notices can be given."""
    return timedelta(days=max(handling_on(clock.today()).notice_days.values()))


def notice_until(*, policy: PolicyView) -> datetime | None:
    """Return until when something wrong with delivered goods can be reported, None when it cannot.

    Units: the latest end of the windows of all causes that the policy pays for.
    """
    handling = handling_on(clock.today())
    days = [handling.notice_days[c] for c in NOTIFIED if is_covered(policy, c)]
    if policy.delivered_at is None or not days:
        return None
    until = policy.delivered_at + timedelta(days=max(days))
    return until if clock.now() <= until else None


def found_choice_days() -> int:
    """Return how long a holder may choose between found goods and indemnity."""
    return handling_on(clock.today()).found_choice_days


def check_interest(*, holder_id: UUID, officer: Actor) -> None:
    """Keep holders off their own cases. Raises: OwnInterest."""
    rules.check_interest(
        holder=holder_id, officer=officer.person_id, companies=officer.organisation_ids
    )


def history_of(claim_id: UUID) -> list[ClaimLine]:
    """Return what happened to a claim, newest first."""
    rows = (
        session()
        .execute(
            select(ClaimEntry).where(ClaimEntry.claim_id == claim_id).order_by(ClaimEntry.id.desc())
        )
        .scalars()
    )
    return [ClaimLine(what=r.what, state=r.state, facts=r.facts, at=r.at) for r in rows]


def view(row: Claim, policy: Policy) -> ClaimView:
    """Return a row as a view."""
    currency = row.currency
    return ClaimView(
        id=row.id,
        ref=row.ref,
        policy_id=row.policy_id,
        policy_number=policy.number,
        policyholder_id=row.policyholder_id,
        parcel_ref=policy.parcel_ref,
        order_ref=policy.order_ref,
        cause=Cause(row.cause),
        state=ClaimState(row.state),
        currency=currency,
        claimed=Money(row.claimed, currency),
        reserve=Money(row.reserve, currency),
        payable=Money(row.payable, currency),
        stated=stated_of(row),
        payee=row.payee,
        wallet_id=row.wallet_id,
        sums=tuple(Sum(what=s["what"], amount=Money(s["minor"], currency)) for s in row.sums),
        reasons=tuple(
            Reason(question=Question(r["question"]), is_yes=r["is_yes"]) for r in row.trace
        ),
        refusal=row.refusal,
        appeal=appeal_of(row),
        appeal_until=appeal_until(row, ends_with_order=policies.view(policy).ends_with_order),
        proposal=proposal_of(row),
        facts=row.facts,
        loss_at=row.loss_at,
        opened_at=row.opened_at,
        decided_at=row.decided_at,
        paid_at=row.paid_at,
    )


def drafts_of(*, policyholder_id: UUID) -> Sequence[tuple[str, datetime]]:
    """Return policies with a notice that is kept and not sent: (number, when), newest first."""
    query = (
        select(Policy.number, NoticeDraft.saved_at)
        .join(NoticeDraft, NoticeDraft.policy_id == Policy.id)
        .where(NoticeDraft.policyholder_id == policyholder_id)
        .order_by(NoticeDraft.saved_at.desc(), Policy.number)
    )
    return [(row.number, row.saved_at) for row in session().execute(query)]
