"""What claims say to people: causes, states, reasons and sums in plain words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from insurance.losses.claims.clocks import Step
from insurance.losses.claims.holding import LeftHold
from insurance.losses.claims.noticed import Place
from insurance.losses.claims.queries import (
    FOUND,
    OFFSETS,
    UNANSWERED,
    Cause,
    ClaimState,
    ClaimView,
    PaidBy,
    Question,
)
from insurance.losses.suspicion.queries import Reason as Suspicion
from kernel.text import N_, Message


@dataclass(frozen=True, slots=True)
class Status:
    """A state as a tag and as the heading of its page. Shape: kind is a tag's kind."""

    kind: str
    word: str
    heading: str


STATUS: dict[ClaimState, Status] = {
    ClaimState.PRE_OPENED: Status(
        "wait", N_("Waiting for you"), N_("Your parcel has gone quiet. Did it arrive?")
    ),
    ClaimState.SUBMITTED: Status("wait", N_("Under review"), N_("We're checking it right now.")),
    ClaimState.ON_HOLD: Status(
        "wait", N_("In review"), N_("An officer will look at this claim before it's decided.")
    ),
    ClaimState.INFO_NEEDED: Status("warn", N_("Question open"), N_("We have a question for you.")),
    ClaimState.LAPSED: Status(
        "wait", N_("Paused"), N_("Your claim is paused. Answer our question to continue.")
    ),
    ClaimState.IN_REVIEW: Status(
        "wait",
        N_("In review"),
        N_("A claims officer will decide. You don't need to do anything."),
    ),
    ClaimState.RECOMMENDED: Status(
        "wait", N_("In second review"), N_("A second officer is checking the decision.")
    ),
    ClaimState.APPROVED: Status("ok", N_("Approved"), N_("Approved. The money is on its way.")),
    ClaimState.WAITING_FOR_FUNDS: Status(
        "wait",
        N_("Approved, waiting for funds"),
        N_("Approved. The insurer is topping up its claims money first."),
    ),
    ClaimState.PAID: Status("ok", N_("Paid"), N_("Paid. See below where the money went.")),
    ClaimState.REFUSED: Status("bad", N_("Refused"), N_("We can't pay this claim.")),
    ClaimState.WITHDRAWN: Status("info", N_("Withdrawn"), N_("You withdrew this claim.")),
}

# What silence found, and what became nothing.
_HEARD_AGAIN = Status(
    "ok", N_("Closed"), N_("Your parcel isn't lost, so there's nothing to claim.")
)

CAUSE: dict[Cause, str] = {
    Cause.LOST: N_("Parcel lost"),
    Cause.DELAY: N_("Parcel late"),
    Cause.DAMAGE: N_("Items damaged"),
    Cause.THEFT: N_("Stolen after delivery"),
    Cause.MISSING: N_("Items missing from the parcel"),
}

# Each question with its yes and its no.
_REASON: dict[Question, tuple[str, str]] = {
    Question.LOSS_IN_COVER: (
        N_("It happened while you were covered, between the first scan and delivery."),
        N_("It happened while you weren't covered. Cover runs from the first scan to delivery."),
    ),
    Question.CAUSE_COVERED: (
        N_("Your level of cover pays for this kind of loss."),
        N_("Your level of cover doesn't pay for this kind of loss."),
    ),
    Question.PLACE_COVERED: (
        N_("Your cover pays for theft from where it was."),
        N_("Your cover doesn't pay for theft from a vehicle, a street or another public place."),
    ),
    Question.PROOF_BY_CARRIER: (
        N_("The carrier's scans prove it."),
        N_("The carrier's scans don't prove it on their own, so a person will review it."),
    ),
    Question.SHOWN_BY_PHOTOS: (
        N_("Your photos show it."),
        N_("There aren't enough photos to decide on their own, so a person will review it."),
    ),
    Question.POLICE_TOLD: (
        N_("The police have a report of it."),
        N_("You haven't named a police report, so a person will review it."),
    ),
    Question.PAID_BY_NO_OTHER: (
        N_("You told us of no other insurance that pays for it."),
        N_("Another insurance pays too. We take that off, and a person will review it."),
    ),
    Question.SOMETHING_DUE: (
        N_("After your share and what others paid, there is an amount to pay."),
        N_("After your share and what others paid, nothing is left to pay."),
    ),
    Question.WITHIN_LIMIT: (
        N_("The amount is within the limit for a single review."),
        N_("The amount is above the limit for a single review, so two officers decide."),
    ),
    Question.NOTHING_UNUSUAL: (
        N_("Nothing about it asks for a second look."),
        N_("Something about it asks for a second look, so a person will review it."),
    ),
}

PLACE: dict[Place, str] = {
    Place.DOOR: N_("At the front door"),
    Place.HALLWAY: N_("In a shared hallway or yard"),
    Place.LETTERBOX: N_("In the letterbox"),
    Place.LOCKER: N_("In a parcel locker"),
    Place.NEIGHBOUR: N_("With a neighbour"),
    Place.HOME: N_("In my home or workplace"),
    Place.VEHICLE: N_("In a vehicle"),
    Place.PUBLIC: N_("On a street or in another public place"),
    Place.ELSEWHERE: N_("Somewhere else"),
}

# Why a claim was looked at twice; none of it refuses anything.
SECOND_LOOK: dict[Suspicion, str] = {
    Suspicion.SEVERAL_CLAIMS: N_("More than one loss was reported in the last half year."),
    Suspicion.MANY_CLAIMS: N_("Many losses were reported in the last half year."),
    Suspicion.PHOTO_SEEN: N_("A photo looks like one from another claim."),
    Suspicion.NEAR_LIMIT: N_("The loss is close to the whole sum insured."),
    Suspicion.NEW_COVER: N_("The cover was bought shortly before the loss."),
    Suspicion.THEFT_AT_ONCE: N_("The theft was reported right after delivery."),
    Suspicion.PARTLY_REFUNDED: N_("The seller has refunded part of the order."),
}

PROMISED: dict[Step, str] = {
    Step.CONFIRM: N_("We confirm your claim"),
    Step.LOOK: N_("An officer looks at it"),
    Step.GO_ON: N_("The review continues"),
    Step.ANSWER: N_("We decide"),
    Step.PAY: N_("The insurer pays"),
}

# Why a claim went on from its hold without an officer; it is the desk's alone to know.
LEFT_HOLD: dict[LeftHold, str] = {
    LeftHold.UNOPENED: N_(
        "No officer looked into this claim while it was held, so it moved on to review."
    ),
    LeftHold.SO_LONG: N_("This claim was held as long as we allow, so it moved on to review."),
}

PAID_BY: dict[PaidBy, str] = {
    PaidBy.CARRIER: N_("Paid by the carrier"),
    PaidBy.SELLER: N_("Paid by the seller"),
    PaidBy.INSURANCE: N_("Paid by another insurance"),
}

SUM: dict[str, str] = {
    "sum_insured": N_("Sum insured"),
    "deductible": N_("Your share"),
    "own_share": N_("Your share"),
    "carrier_paid": N_("Paid by the carrier"),
    "benefit": N_("Agreed payment for the delay"),
    "loss": N_("Loss as you reported it"),
    "missing_pieces": N_("Price of the missing pieces"),
    "part_of_piece": N_("Only a part of a piece is missing"),
    "gone_back": N_("Refunded by the seller"),
    **{line: PAID_BY[by] for by, line in OFFSETS.items()},
    "officer": N_("Changed by the officers"),
}

HAPPENED: dict[str, str] = {
    "opened": N_("Loss reported"),
    "referred": N_("Passed to a claims officer"),
    "held": N_("Held for a second look"),
    "hold_opened": N_("Second look started"),
    "hold_looked_into": N_("An officer is looking into it"),
    "hold_ended": N_("Passed to a claims officer"),
    "lead_told": N_("Passed to the claims lead"),
    "silent": N_("No scan for a long time"),
    "confirmed": N_("Reported as never arrived"),
    "said_arrived": N_("Reported as arrived"),
    "moved_again": N_("The parcel was scanned again"),
    "asked": N_("Question from the claims officer"),
    "answered": N_("Question answered"),
    "reminded": N_("Reminder sent"),
    "unanswered": N_("Review continued without an answer"),
    "lapsed": N_("Paused without an answer"),
    "withdrawn": N_("Withdrawn"),
    "offset": N_("Payment by others added"),
    "offset_removed": N_("Payment by others removed"),
    "recommended": N_("Decision proposed"),
    "escalated": N_("Above the officer's limit, so a colleague with a higher one decides"),
    "sent_back": N_("Proposal sent back"),
    "approved": N_("Approved"),
    "refused": N_("Refused"),
    "appealed": N_("Appeal"),
    "waiting_for_funds": N_("Waiting for the insurer's claims money"),
    "paid": N_("Paid out"),
    "found": N_("The parcel was found"),
    "arrived": N_("The found parcel was delivered"),
    "kept": N_("Items kept, payout returned"),
    "surrendered": N_("Items left to the insurer"),
    "overpaid": N_("Paid a second time"),
    "overpaid_answered": N_("Answer to our request"),
    "overpaid_drop_proposed": N_("Proposed: the policyholder keeps the money"),
    "overpaid_kept_open": N_("Request kept open"),
    "overpaid_dropped": N_("Request closed: the policyholder keeps the money"),
    "overpaid_returned": N_("Double payment returned"),
    "closed": N_("The insurer has settled the sale of the items"),
}


def pieces(of: int) -> list[tuple[str, Message]]:
    """Return how many pieces of a thing can be missing, in words; none first."""
    none = ("", Message(N_("None missing")))
    if of == 1:
        return [none, ("1", Message(N_("It's missing")))]
    return [none, *((str(one), missing(one, of)) for one in range(1, of + 1))]


def places(excluded: Collection[str]) -> list[tuple[str, Message]]:
    """Return where something can be stolen from, in words, with what the wording leaves out."""
    left_out = N_("%(place)s (not covered)")
    return [
        (
            place.value,
            Message(left_out, {"place": Message(said)}) if place in excluded else Message(said),
        )
        for place, said in PLACE.items()
    ]


def missing(pieces: int, of: int) -> Message:
    """Return how many pieces of a thing are missing."""
    return Message(
        N_("%(pieces)s of %(of)s missing"),
        {"pieces": Decimal(pieces), "of": Decimal(of)},
    )


def status(claim: ClaimView) -> Status:
    """Return a claim's state as its page tells it."""
    if claim.state is ClaimState.WITHDRAWN and claim.cause is Cause.LOST:
        return _HEARD_AGAIN
    return STATUS[claim.state]


def reason(question: Question, *, is_yes: bool) -> Message:
    """Return the sentence of an answer."""
    yes, no = _REASON[question]
    return Message(yes if is_yes else no)


def refusal(claim: ClaimView) -> Message | str | None:
    """Return why a claim is not paid: the rule's sentence, or the officer's own words."""
    return None if claim.refusal is None else refused(claim.refusal)


def refused(why: str) -> Message | str:
    """Return a refusal as people read it."""
    if why == FOUND:
        return Message(N_("The parcel arrived after all, so there was no loss."))
    if why == UNANSWERED:
        return Message(N_("Our question stayed unanswered for a year."))
    if why in set(Question):
        return reason(Question(why), is_yes=False)
    return why


def sums(claim: ClaimView) -> list[tuple[str, object]]:
    """Return the lines of the arithmetic before the last, labelled."""
    return [(SUM[line.what], line.amount) for line in claim.sums[:-1]]
