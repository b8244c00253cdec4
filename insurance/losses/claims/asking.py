"""Commands on questions: officers ask, holders answer, and what becomes of silence."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from insurance.contracts.policies import queries as policies
from insurance.losses.claims import claim_view, missing, outcome, queries, rules, terms, waiting
from insurance.losses.claims.errors import AnswerClosed, ClaimTransitionRefused, ClaimUnknown
from insurance.losses.claims.events import ClaimLapsed, ClaimQuestioned
from insurance.losses.claims.models import Claim
from insurance.losses.claims.queries import ClaimView
from insurance.losses.claims.rules import ClaimState, Unanswered
from insurance.money.books import service as books
from insurance.rating.liability.queries import Cause
from kernel import clock
from kernel.actor import Actor
from kernel.db import command
from kernel.events import publish
from kernel.media.photos import service as keeping
from kernel.media.photos.rules import Changes
from kernel.money import Money


@command("insurance.claims.ask")
def ask(*, claim_id: UUID, words: str, actor: Actor) -> ClaimView:
    """Ask the holder for what is missing; the officers' clock stands until the answer.

    Locks: the claim. Events: ClaimQuestioned.
    Raises: ClaimTransitionRefused, OwnInterest, DecidedBefore.
    """
    row = outcome.locked(claim_id)
    rules.check_interest(
        holder=row.policyholder_id, officer=actor.person_id, companies=actor.organisation_ids
    )
    rules.check_fresh(first=claim_view.first_maker(row), officer=actor.person_id)
    outcome.move(row, ClaimState.INFO_NEEDED, "asked", {"words": words}, actor)
    _tell(row, words, clock.now(), is_reminder=False)
    return queries.claim(claim_id=claim_id)


@command("insurance.claims.answer")
def answer(*, claim_id: UUID, words: str, actor: Actor, photos: Changes | None = None) -> ClaimView:
    """Answer what officers asked, with the photographs that wait under the claim.

    In time, or within a year of the question, which brings a lapsed claim back to them.
    Locks: the claim, its photographs. Raises: ClaimUnknown for all but its holder, AnswerClosed,
    TooManyPhotos.
    """
    row = outcome.locked(claim_id)
    if not actor.speaks_for(row.policyholder_id):
        raise ClaimUnknown
    if row.state not in {ClaimState.INFO_NEEDED, ClaimState.LAPSED}:
        raise AnswerClosed
    album = queries.answer_albums(row.ref, queries.history_of(row.id))[-1]
    keeping.send(album=queries.ALBUM, waiting=album, subject=album, changes=photos, actor=actor)
    outcome.move(row, ClaimState.IN_REVIEW, "answered", {"words": words}, actor)
    return queries.claim(claim_id=claim_id)


@command("insurance.claims.withdraw")
def withdraw(*, claim_id: UUID, actor: Actor) -> ClaimView:
    """Take a claim back before it is decided; its reserve is given up.

    Locks: the claim. Raises: ClaimUnknown for all but its holder, ClaimTransitionRefused once it
    is decided, and for a loss that the carrier reported.
    """
    row = outcome.locked(claim_id)
    if not actor.speaks_for(row.policyholder_id):
        raise ClaimUnknown
    if not rules.may_withdraw(Cause(row.cause), ClaimState(row.state)):
        raise ClaimTransitionRefused(state=row.state, wanted=ClaimState.WITHDRAWN.value)
    policy = policies.policy(policy_id=row.policy_id)
    books.claim_released(
        claim_id=outcome.case_id(row),
        subject=row.ref,
        reserve=Money(row.reserve, row.currency),
        insurer_key=policy.insurer_key,
        actor=actor,
    )
    taken_back = {"claimed": row.claimed, "description": row.facts.get("description", "")}
    if pieces := missing.told(row.id):
        taken_back["missing"] = pieces
    row.payable, row.decided_at = 0, clock.now()
    outcome.move(row, ClaimState.WITHDRAWN, "withdrawn", taken_back, actor)
    return queries.claim(claim_id=claim_id)


@command("insurance.claims.mind_question")
def mind_question(*, claim_id: UUID, actor: Actor) -> None:
    """Remind of a question, let its claim rest or end, as its days ask; else change nothing.

    Locks: the claim. Events: ClaimQuestioned, ClaimLapsed or ClaimRefused.
    """
    row = outcome.locked(claim_id)
    if row.state not in {ClaimState.INFO_NEEDED, ClaimState.LAPSED}:
        return
    question = waiting.question_of(claim_id)
    due = rules.after_silence(
        state=ClaimState(row.state),
        cause=Cause(row.cause),
        asked_at=question.asked_at,
        reminded=question.reminded,
        at=clock.now(),
        handling=terms.handling_on(question.asked_at.date()),
    )
    match due:
        case (Unanswered.REMIND, day):
            outcome.note(row, "reminded", {"day": day}, actor)
            _tell(row, question.words, question.asked_at, is_reminder=True)
        case (Unanswered.ON, _):
            outcome.move(row, ClaimState.IN_REVIEW, "unanswered", {}, actor)
        case (Unanswered.LAPSE, _):
            outcome.move(row, ClaimState.LAPSED, "lapsed", {}, actor)
            publish(
                ClaimLapsed(
                    claim_id=row.id,
                    ref=row.ref,
                    policyholder_id=row.policyholder_id,
                    answer_by=waiting.answer_until(ClaimState.LAPSED, question.asked_at),
                )
            )
        case (Unanswered.END, _):
            policy = policies.policy(policy_id=row.policy_id)
            outcome.refuse(row, policy, rules.UNANSWERED, actor)


def _tell(row: Claim, words: str, asked_at: datetime, *, is_reminder: bool) -> None:
    publish(
        ClaimQuestioned(
            claim_id=row.id,
            ref=row.ref,
            policyholder_id=row.policyholder_id,
            question=words,
            answer_by=waiting.answer_until(ClaimState.INFO_NEEDED, asked_at),
            is_reminder=is_reminder,
        )
    )
