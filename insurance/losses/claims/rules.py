"""How a claim is decided: one list of questions, each answer kept as the reason."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from insurance.losses.claims.errors import (
    ClaimTransitionRefused,
    DecidedBefore,
    MakerIsChecker,
    OwnInterest,
)
from insurance.losses.claims.terms import Handling
from insurance.rating.liability.queries import Cause
from insurance.rating.tariff.queries import Delay, ParcelDamage, TotalLoss
from kernel.money import Money

# What photographs of claims are called by the room that keeps them.
ALBUM = "insurance.claim"


class ClaimState(StrEnum):
    """Where a claim stands."""

    PRE_OPENED = "pre_opened"
    SUBMITTED = "submitted"
    ON_HOLD = "on_hold"
    IN_REVIEW = "in_review"
    INFO_NEEDED = "info_needed"
    LAPSED = "lapsed"
    RECOMMENDED = "recommended"
    APPROVED = "approved"
    WAITING_FOR_FUNDS = "waiting_for_funds"
    PAID = "paid"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


# Undecided, with a reserve; each may end because the parcel came after all, or by its holder.
_UNDECIDED = {
    ClaimState.SUBMITTED: {ClaimState.APPROVED, ClaimState.IN_REVIEW, ClaimState.ON_HOLD},
    ClaimState.ON_HOLD: {ClaimState.IN_REVIEW},
    ClaimState.IN_REVIEW: {ClaimState.RECOMMENDED, ClaimState.INFO_NEEDED},
    ClaimState.INFO_NEEDED: {ClaimState.IN_REVIEW, ClaimState.LAPSED},
    # Answered after all, or a year later not.
    ClaimState.LAPSED: {ClaimState.IN_REVIEW},
    ClaimState.RECOMMENDED: {ClaimState.APPROVED, ClaimState.IN_REVIEW},
}
_NEXT: Mapping[ClaimState, frozenset[ClaimState]] = {
    **{
        state: frozenset(ways | {ClaimState.REFUSED, ClaimState.WITHDRAWN})
        for state, ways in _UNDECIDED.items()
    },
    # Found by silence: somebody says that it is lost, or the parcel moves again.
    ClaimState.PRE_OPENED: frozenset({ClaimState.SUBMITTED, ClaimState.WITHDRAWN}),
    ClaimState.APPROVED: frozenset({ClaimState.PAID, ClaimState.WAITING_FOR_FUNDS}),
    ClaimState.WAITING_FOR_FUNDS: frozenset({ClaimState.PAID}),
    ClaimState.PAID: frozenset(),
    # Once, on appeal.
    ClaimState.REFUSED: frozenset({ClaimState.IN_REVIEW}),
    # A parcel that moved again falls silent again, or the carrier loses it after all.
    ClaimState.WITHDRAWN: frozenset({ClaimState.PRE_OPENED, ClaimState.SUBMITTED}),
}
UNDECIDED = frozenset(_UNDECIDED)
# What nobody is asked for money by: it is no claim yet, or none any more.
WITHOUT_CLAIM = frozenset({ClaimState.PRE_OPENED, ClaimState.REFUSED, ClaimState.WITHDRAWN})
# Somebody still has to do something; of what lapsed its holder may, for a year.
OPEN_STATES = frozenset(ClaimState) - {
    ClaimState.LAPSED,
    ClaimState.PAID,
    ClaimState.REFUSED,
    ClaimState.WITHDRAWN,
}
# What a holder reports; losses on the way come from the carrier.
NOTIFIED = (Cause.DAMAGE, Cause.THEFT, Cause.MISSING)
# Why a claim ends that no question ended: the parcel arrived after all.
FOUND = "parcel_found"
# And because a question of the officers stayed without an answer for a year.
UNANSWERED = "unanswered"
# What is or will be paid.
DECIDED = frozenset({ClaimState.APPROVED, ClaimState.WAITING_FOR_FUNDS, ClaimState.PAID})
# What is promised to its holder and has not reached a wallet yet.
OWED_STATES = DECIDED - {ClaimState.PAID}


def answer_album(ref: str, number: int) -> str:
    """Return what the photographs of an answer are kept under: each answer takes its own."""
    return f"{ref}/{number}"


def claim_of(subject: str) -> str:
    """Return the reference of the claim that photographs belong to."""
    return subject.partition("/")[0]


def moved(state: ClaimState, to: ClaimState) -> ClaimState:
    """Return the next state. Raises: ClaimTransitionRefused."""
    if to not in _NEXT[state]:
        raise ClaimTransitionRefused(state=state.value, wanted=to.value)
    return to


class Outcome(StrEnum):
    """How the questions end."""

    APPROVE = "approve"
    REFER = "refer"
    HOLD = "hold"
    REFUSE = "refuse"


class Question(StrEnum):
    """What is asked of every claim, in this order."""

    LOSS_IN_COVER = "loss_in_cover"
    CAUSE_COVERED = "cause_covered"
    PLACE_COVERED = "place_covered"
    PROOF_BY_CARRIER = "proof_by_carrier"
    SHOWN_BY_PHOTOS = "shown_by_photos"
    POLICE_TOLD = "police_told"
    PAID_BY_NO_OTHER = "paid_by_no_other"
    SOMETHING_DUE = "something_due"
    WITHIN_LIMIT = "within_limit"
    NOTHING_UNUSUAL = "nothing_unusual"


# Damage is shown by its photographs, everything else proven by scans; a delay is a fixed sum.
_ASKED_OF: Mapping[Question, Collection[Cause]] = {
    Question.PLACE_COVERED: {Cause.THEFT},
    Question.PROOF_BY_CARRIER: set(Cause) - {Cause.DAMAGE},
    Question.SHOWN_BY_PHOTOS: {Cause.DAMAGE},
    Question.POLICE_TOLD: {Cause.THEFT},
    Question.PAID_BY_NO_OTHER: set(NOTIFIED),
    Question.NOTHING_UNUSUAL: set(Cause) - {Cause.DELAY},
}
# A no here ends the claim; a no elsewhere brings it to a human.
_DECISIVE = frozenset(
    {
        Question.LOSS_IN_COVER,
        Question.CAUSE_COVERED,
        Question.PLACE_COVERED,
        Question.SOMETHING_DUE,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a loss.

    Units: payable_eur in euro, unrounded; authority_eur in euro, the most that the insurer lets be
    paid without a person. Shape: perils are the causes that its policy was sold with; photos
    counts those that show it; is_unusual asks for a second look, is_held for one before anything
    else; is_place_excluded tells that the policy's wording leaves out where something was stolen
    from, is_police_told that the police have a report, is_insured_elsewhere that its holder named
    another insurance.
    """

    cause: Cause
    perils: Sequence[Cause]
    has_delay_section: bool
    is_loss_in_cover: bool
    is_proven_by_carrier: bool
    photos: int
    is_unusual: bool
    is_held: bool
    payable: Money
    payable_eur: Fraction
    authority_eur: Fraction
    is_place_excluded: bool = False
    is_police_told: bool = False
    is_insured_elsewhere: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One question and its answer."""

    question: Question
    is_yes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The outcome with every answer that led to it."""

    outcome: Outcome
    answers: tuple[Answer, ...]

    @property
    def reason(self) -> Question | None:
        """The question that ended it, else the first no, None when all were answered with yes."""
        noes = [answer.question for answer in self.answers if not answer.is_yes]
        return next((one for one in noes if one in _DECISIVE), noes[0] if noes else None)


def decide(facts: Facts, handling: Handling) -> Decision:
    """Ask every question of its cause; what points say brings it to a human and refuses nothing."""
    found = _answers(facts, handling)
    answers = tuple(
        Answer(question=question, is_yes=found[question]) for question in questions_of(facts.cause)
    )
    noes = {answer.question for answer in answers if not answer.is_yes}
    if noes & _DECISIVE:
        return Decision(outcome=Outcome.REFUSE, answers=answers)
    if facts.is_held:
        return Decision(outcome=Outcome.HOLD, answers=answers)
    return Decision(outcome=Outcome.REFER if noes else Outcome.APPROVE, answers=answers)


def questions_of(cause: Cause) -> Sequence[Question]:
    """Return what is asked of a claim, in its order."""
    return [one for one in Question if cause in _ASKED_OF.get(one, Cause)]


def _answers(facts: Facts, handling: Handling) -> Mapping[Question, bool]:
    is_small = facts.payable_eur <= min(handling.straight_through_eur, facts.authority_eur)
    return {
        Question.LOSS_IN_COVER: facts.is_loss_in_cover,
        Question.CAUSE_COVERED: is_covered(
            facts.cause, perils=facts.perils, has_delay_section=facts.has_delay_section
        ),
        Question.PLACE_COVERED: not facts.is_place_excluded,
        Question.PROOF_BY_CARRIER: facts.is_proven_by_carrier,
        Question.SHOWN_BY_PHOTOS: facts.photos >= handling.straight_through_photos,
        Question.POLICE_TOLD: facts.is_police_told,
        Question.PAID_BY_NO_OTHER: not facts.is_insured_elsewhere,
        Question.SOMETHING_DUE: bool(facts.payable),
        Question.WITHIN_LIMIT: facts.cause is Cause.DELAY or is_small,
        Question.NOTHING_UNUSUAL: not facts.is_unusual,
    }


def is_covered(cause: Cause, *, perils: Sequence[Cause], has_delay_section: bool) -> bool:
    """Whether a policy pays for a cause at all: one it was sold with, a delay by its section."""
    return has_delay_section if cause is Cause.DELAY else cause in perils


def gone(
    *, sum_insured: Money, deductible: Money, carrier_paid: Money, is_refunded_by_seller: bool
) -> TotalLoss:
    """Return the total loss of a parcel as the tariff settles it."""
    return TotalLoss(
        currency=sum_insured.currency,
        sum_insured=Fraction(sum_insured.amount),
        deductible=Fraction(deductible.amount),
        carrier_paid=Fraction(carrier_paid.amount),
        is_refunded_by_seller=is_refunded_by_seller,
    )


def late(*, promised_on: date, until: date, trigger_days: int, benefit: Money) -> Delay:
    """Return a delay as the tariff settles it; that it pays once is the claim's own key."""
    return Delay(
        currency=benefit.currency,
        promised_on=promised_on,
        delivered_on=until,
        trigger_days=trigger_days,
        benefit=Fraction(benefit.amount),
        is_already_paid=False,
    )


def broken(*, sum_insured: Money, deductible: Money, goods: str, loss: Money) -> ParcelDamage:
    """Return a damage in a parcel as the tariff settles it."""
    return ParcelDamage(
        currency=loss.currency,
        sum_insured=Fraction(sum_insured.amount),
        goods=goods,
        deductible=Fraction(deductible.amount),
        loss=Fraction(loss.amount),
    )


def reserve(
    *, cause: Cause, claimed: Money, sum_insured: Money, deductible: Money, handling: Handling
) -> Money:
    """Return what a claim will probably cost, handling included."""
    exposed = min(claimed, sum_insured - deductible)
    return exposed.times(handling.reserve_likelihood[cause] * handling.reserve_handling)


def is_inside_window(
    *, cause: Cause, delivered_at: datetime | None, at: datetime, handling: Handling
) -> bool:
    """Whether a loss seen at delivery may still be notified."""
    if delivered_at is None:
        return False
    return delivered_at <= at <= delivered_at + timedelta(days=handling.notice_days[cause])


def appeal_until(
    *,
    cause: Cause,
    refusal: str | None,
    decided_at: datetime | None,
    is_appealed: bool,
    ends_with_order: bool,
    handling: Handling,
) -> datetime | None:
    """Return until when a refusal may be appealed against, None where it may not.

    What the carrier reports of a buyer's parcel is settled with its order once it is refused
    (`ends_with_order`); nobody else pays a shop, or for a parcel from elsewhere. A second refusal
    is the last word of the house.
    """
    is_settled = cause not in NOTIFIED and ends_with_order
    is_final = is_appealed or refusal in {None, FOUND, UNANSWERED} or is_settled
    if is_final or decided_at is None:
        return None
    return decided_at + timedelta(days=handling.appeal_days)


class PaidBy(StrEnum):
    """Who else paid for a loss."""

    CARRIER = "carrier"
    SELLER = "seller"
    INSURANCE = "insurance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """What somebody else paid for a loss. Shape: item is its place in the parcel, None for all."""

    by: PaidBy
    amount: Money
    item: int | None


# What a claim's arithmetic calls what somebody else paid.
OFFSETS: Mapping[PaidBy, str] = {one: f"paid_by_{one}" for one in PaidBy}


def set_off(
    paid: Sequence[Paid], *, values: Sequence[Money], due: Money
) -> list[tuple[PaidBy, Money]]:
    """Return what each payment takes off a claim, in their order.

    What was paid for one item counts up to its insured value, since the rest is for something else,
    and all together up to what is due, so a claim never pays less than nothing.
    """
    left, room = due, dict(enumerate(values))
    taken = []
    for one in paid:
        counts = one.amount if one.item is None else min(one.amount, room[one.item])
        if one.item is not None:
            room[one.item] -= counts
        counts = min(counts, left)
        left -= counts
        taken.append((one.by, counts))
    return taken


class Unanswered(StrEnum):
    """What a question that is not answered leads to."""

    REMIND = "remind"
    LAPSE = "lapse"
    ON = "on"
    END = "end"


def after_silence(
    *,
    state: ClaimState,
    cause: Cause,
    asked_at: datetime,
    reminded: Sequence[int],
    at: datetime,
    handling: Handling,
) -> tuple[Unanswered, int] | None:
    """Return what is due of a question without an answer, with its day; None for nothing yet.

    Units: days since the question. Shape: reminded are the days that reminders went for. A loss
    that the carrier reported goes on without an answer, since its order waits for it.
    """
    days = (at - asked_at).days
    if state is ClaimState.LAPSED:
        return (Unanswered.END, days) if days >= handling.lapsed_days else None
    if days >= handling.question_days:
        return (Unanswered.LAPSE if cause in NOTIFIED else Unanswered.ON), days
    due = [day for day in handling.reminder_days if day <= days]
    if not due or due[-1] in reminded:
        return None
    return Unanswered.REMIND, due[-1]


class Overdue(StrEnum):
    """What a hold without an officer leads to."""

    TELL_LEAD = "tell_lead"
    END = "end"


class LeftHold(StrEnum):
    """Why a claim left its hold though no officer opened it."""

    UNOPENED = "unopened"
    SO_LONG = "so_long"


def overdue_hold(
    *,
    is_looked_into: bool,
    is_lead_told: bool,
    look_by: datetime,
    ends: datetime | None,
    now: datetime,
) -> Overdue | None:
    """Return what is due of a hold, None for nothing yet; it ends in its review, never in a no.

    Shape: ends is None where its terms know no end.
    """
    if ends is not None and now > ends:
        return Overdue.END
    if now > look_by and not is_looked_into and not is_lead_told:
        return Overdue.TELL_LEAD
    return None


def may_withdraw(cause: Cause, state: ClaimState) -> bool:
    """Whether the holder may take a claim back: what they reported, before it is decided."""
    return cause in NOTIFIED and state in UNDECIDED


def may_report_again(state: ClaimState, *, is_appealed: bool) -> bool:
    """Whether a loss was taken back; of a refusal an appeal is the one other look there is."""
    return state is ClaimState.WITHDRAWN and not is_appealed


def check_proposed(state: ClaimState, wanted: ClaimState) -> None:
    """Let only a proposal be confirmed or sent back, whatever else leads there.

    Raises: ClaimTransitionRefused.
    """
    if state is not ClaimState.RECOMMENDED:
        raise ClaimTransitionRefused(state=state.value, wanted=wanted.value)


def check_fresh(*, first: UUID | None, officer: UUID | None) -> None:
    """Keep whoever proposed the first refusal off the appeal. Raises: DecidedBefore."""
    if first is not None and first == officer:
        raise DecidedBefore


def check_interest(*, holder: UUID, officer: UUID | None, companies: Collection[UUID] = ()) -> None:
    """Keep holders off their own claims, and who works for a company off its claims.

    Raises: OwnInterest.
    """
    if officer is None or officer == holder or holder in companies:
        raise OwnInterest


def check_second(
    *, holder: UUID, maker: UUID | None, officer: UUID | None, companies: Collection[UUID] = ()
) -> None:
    """Keep makers from confirming their own proposals. Raises: OwnInterest, MakerIsChecker."""
    check_interest(holder=holder, officer=officer, companies=companies)
    if maker == officer:
        raise MakerIsChecker
