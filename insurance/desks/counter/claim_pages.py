"""What the pages of claims show, put together from claims and their policies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from banking import api as bank
from insurance.contracts.certificates.queries import Sealed, insured_of, seal_of
from insurance.contracts.policies.queries import PolicyView
from insurance.desks.counter import claim_words as words
from insurance.desks.counter import policy_words
from insurance.losses.claims import authority, holding, missing, offsets, queries, waiting
from insurance.losses.claims.clocks import Clock
from insurance.losses.claims.errors import ClaimUnknown
from insurance.losses.claims.loss_notices import Elsewhere, Stolen, elsewhere_of, stolen_of
from insurance.losses.claims.missing import MissingView
from insurance.losses.claims.offsets import Offset
from insurance.losses.claims.queries import ClaimFile, ClaimView, Ombudsman, Said, ombudsman_of
from insurance.losses.overpaid import queries as overpaid
from insurance.losses.overpaid.queries import CaseView
from insurance.losses.recovery import queries as carriers
from insurance.losses.recovery.queries import CarrierClaimView
from insurance.losses.salvage import queries as recoveries
from insurance.losses.salvage.queries import RecoveryView
from insurance.losses.suspicion.queries import points_of
from insurance.offers.quotes.queries import level_name
from kernel import clock
from kernel.actor import Actor, Role
from kernel.media.photos import queries as photos
from kernel.media.photos.queries import PhotoView
from kernel.money import Money
from kernel.text import N_, Message
from kernel.web.route import Lane, RailRow, RouteEvent, rails


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPage:
    """One claim.

    Shape: missing are the pieces that were not in the parcel, in words; stolen is where it was,
    None where nobody said it; elsewhere is the other insurance that its holder named; sums are
    labelled lines before the result; reasons (is_yes, sentence); second_look is why it was looked
    at twice, with its points; clocks is what it is promised, in words; may_decide, may_confirm and
    may_appeal tell what the one who looks may do with it, own_limit is set where a proposed payment
    is above that of who looks; refused_before is the refusal that an appeal speaks against; photos
    are empty for who may not see them; answered_by is the day by which officers decide; is_to_card
    tells whether the card that paid gets the money; suggested is what an officer would propose,
    within what others left of the loss; said is what was asked and answered, report_again_until
    tells how long a loss that is taken back can be reported anew, None for not, answer_by until
    when an answer is taken, kept the photographs that wait for it; offsets are what others paid,
    items what more can be for, may_set_off whether it can be written down; silent_since is the last
    scan of a parcel whose silence waits for a word, may_tell whether the one who looks has not
    given it yet; ombudsman settles a refusal outside the house, None before one; at_carrier is what
    its carrier is asked for, None where nothing; paid_twice is what others paid of it after the
    cover; looked_into are the officers' words on a hold, left_hold is why it ended without one of
    them, None where one opened it.
    """

    claim: ClaimView
    is_to_card: bool
    photos: Sequence[PhotoView]
    policy: PolicyView
    status: words.Status
    cause: str
    missing: Sequence[tuple[MissingView, Message]]
    stolen: tuple[Message, Stolen] | None
    elsewhere: Elsewhere | None
    sums: Sequence[tuple[str, object]]
    suggested: Money
    offsets: Sequence[tuple[str, Offset]]
    may_set_off: bool
    items: Sequence[tuple[str, Message | str]]
    reasons: Sequence[tuple[bool, Message]]
    second_look: Sequence[tuple[Message, int]]
    refusal: Message | str | None
    story: Sequence[RailRow]
    policy_status: policy_words.Status
    level: str
    promised_on: date | None
    answered_by: date | None
    clocks: Sequence[tuple[str, Clock]]
    may_decide: bool
    may_confirm: bool
    own_limit: Money | None
    may_appeal: bool
    may_answer: bool
    may_withdraw: bool
    report_again_until: datetime | None
    silent_since: datetime | None
    may_tell: bool
    said: Sequence[Said]
    answer_by: datetime | None
    kept: Sequence[PhotoView]
    ombudsman: Ombudsman | None
    refused_before: Message | str | None
    seal: Sealed
    insured: str
    found: RecoveryView | None
    at_carrier: CarrierClaimView | None
    paid_twice: Sequence[CaseView]
    looked_into: Sequence[str]
    left_hold: str | None


def claim_page(actor: Actor, ref: str) -> ClaimPage:
    """Return a claim's page for its holder or an officer. Raises: ClaimUnknown."""
    return _claim_page(queries.claim_for(actor, ref), actor)


def outside_page(actor: Actor, ref: str) -> ClaimPage:
    """Return the file of a refused claim for its ombudsman. Raises: ClaimUnknown for others."""
    page = claim_page(actor, ref)
    if page.ombudsman is None:
        raise ClaimUnknown
    return page


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskLine:
    """One claim on the officers' desk.

    Shape: is_overdue tells that its time to be looked into, answered or paid is over, is_at_lead
    that it was held too long.
    """

    claim: ClaimView
    status: words.Status
    cause: str
    due_on: date | None
    is_overdue: bool
    is_at_lead: bool


def queue() -> list[DeskLine]:
    """Return what waits on the officers' desk, oldest first."""
    return [
        DeskLine(
            claim=one.claim,
            status=words.status(one.claim),
            cause=words.CAUSE[one.claim.cause],
            due_on=one.due_on,
            is_overdue=one.is_late,
            is_at_lead=one.is_at_lead,
        )
        for one in waiting.queue()
    ]


def asked() -> list[tuple[ClaimView, words.Status, str]]:
    """Return the claims whose holders were asked something, oldest first."""
    return told(waiting.waiting_for_holders())


def told(claims: Sequence[ClaimView]) -> list[tuple[ClaimView, words.Status, str]]:
    """Return claims, each with its status and its cause in words."""
    return [(claim, words.status(claim), words.CAUSE[claim.cause]) for claim in claims]


def may_answer(file: ClaimFile, actor: Actor) -> bool:
    """Whether the actor is who the officers ask."""
    is_asked = file.claim.state in {queries.ClaimState.INFO_NEEDED, queries.ClaimState.LAPSED}
    return is_asked and actor.speaks_for(file.claim.policyholder_id)


def _silent_since(claim: ClaimView) -> datetime | None:
    """Return the last scan of a parcel whose silence waits for a word."""
    if claim.state is not queries.ClaimState.PRE_OPENED:
        return None
    return datetime.fromisoformat(claim.facts["silent_since"])


def _items(policy: PolicyView) -> Sequence[tuple[str, Message | str]]:
    """Return what a payment by others can be for: everything, or one item by its place."""
    named = [(str(place), item.description) for place, item in enumerate(policy.items)]
    return [("", Message(N_("The whole parcel"))), *named]


def _kept(file: ClaimFile, actor: Actor) -> Sequence[PhotoView]:
    """Return the photographs that wait for an answer's form."""
    if not may_answer(file, actor):
        return ()
    return photos.on_form(actor, album=queries.ALBUM, subject=file.answer_albums[-1])


def _claim_page(file: ClaimFile, actor: Actor) -> ClaimPage:
    claim, promised = file.claim, file.claim.facts.get("promised_on")
    maker = claim.proposal.maker_id if claim.proposal else None
    may_decide = _may_decide(claim, actor)
    return ClaimPage(
        claim=claim,
        is_to_card=bank.paid_card(payer_id=claim.wallet_id) is not None,
        photos=photos.seen_by(
            actor, album=queries.ALBUM, subject=claim.ref, later=file.answer_albums
        ),
        policy=file.policy,
        status=words.status(claim),
        cause=words.CAUSE[claim.cause],
        missing=_missing(file),
        stolen=_stolen(claim),
        elsewhere=elsewhere_of(claim.facts, claim.currency),
        sums=words.sums(claim),
        reasons=[
            (reason.is_yes, words.reason(reason.question, is_yes=reason.is_yes))
            for reason in claim.reasons
        ],
        second_look=_second_look(claim),
        refusal=words.refusal(claim),
        policy_status=policy_words.STATUS[file.policy.state],
        level=level_name(file.policy.perils),
        promised_on=date.fromisoformat(promised) if promised else None,
        answered_by=waiting.answered_by(file),
        clocks=[(words.PROMISED[one.step], one) for one in waiting.clocks_of(file)],
        suggested=min(claim.payable, queries.most_of(claim)) if may_decide else claim.payable,
        offsets=[(words.PAID_BY[one.by], one) for one in offsets.of_claim(claim_id=claim.id)],
        may_set_off=may_decide and offsets.may_be_set_off(claim),
        items=_items(file.policy),
        may_decide=may_decide,
        may_appeal=_may_appeal(claim, actor),
        may_answer=may_answer(file, actor),
        may_withdraw=actor.speaks_for(claim.policyholder_id) and claim.may_be_withdrawn,
        report_again_until=queries.report_again_until(claim, file.policy)
        if claim.policyholder_id == actor.person_id
        else None,
        silent_since=_silent_since(claim),
        may_tell=claim.policyholder_id == actor.person_id and not claim.facts.get("confirmed"),
        said=file.said,
        answer_by=waiting.answer_by(file),
        kept=_kept(file, actor),
        ombudsman=ombudsman_of(file),
        refused_before=words.refused(claim.appeal.refusal) if claim.appeal else None,
        seal=seal_of(file.policy),
        insured=insured_of(file.policy),
        found=_found(claim),
        at_carrier=carriers.of_claim(claim_id=claim.id),
        paid_twice=overpaid.cases_of_claim(claim_id=claim.id) if claim.decided_at else (),
        may_confirm=maker is not None and maker != actor.person_id,
        own_limit=_limit_below(claim, actor) if may_decide else None,
        story=_story(file),
        looked_into=holding.looked_into(file) if may_decide else (),
        left_hold=words.LEFT_HOLD[left] if (left := holding.left_hold(file)) else None,
    )


def _second_look(claim: ClaimView) -> list[tuple[Message, int]]:
    """Return what asked for a second look at a claim, each with its points."""
    signs = points_of(claim_id=claim.id)
    return [(Message(words.SECOND_LOOK[reason]), points) for reason, points in signs]


def _may_appeal(claim: ClaimView, actor: Actor) -> bool:
    until = claim.appeal_until
    return actor.speaks_for(claim.policyholder_id) and until is not None and clock.now() <= until


def _stolen(claim: ClaimView) -> tuple[Message, Stolen] | None:
    """Return from where something was stolen, in words, with what the police have of it."""
    stolen = stolen_of(claim.facts)
    return (Message(words.PLACE[stolen.place]), stolen) if stolen else None


def _may_decide(claim: ClaimView, actor: Actor) -> bool:
    """Whether the actor is an officer without a part in the claim or in the refusal of before."""
    has_part = actor.person_id in {claim.policyholder_id, claim.appeal and claim.appeal.maker_id}
    works_there = claim.policyholder_id in actor.organisation_ids
    return actor.has(Role.UNDERWRITER) and not has_part and not works_there


def _limit_below(claim: ClaimView, actor: Actor) -> Money | None:
    """Return the actor's limit where a proposed payment is above it, None where it is not."""
    if claim.state is not queries.ClaimState.RECOMMENDED or claim.proposal is None:
        return None
    limit = authority.limit_of(officer_id=actor.somebody(), currency=claim.currency)
    return limit if claim.proposal.amount > limit else None


def _found(claim: ClaimView) -> RecoveryView | None:
    """Return what became of a lost parcel that was found; nothing else is."""
    is_lost = claim.cause is queries.Cause.LOST
    return recoveries.recovery_of_claim(claim_id=claim.id) if is_lost else None


def _missing(file: ClaimFile) -> Sequence[tuple[MissingView, Message]]:
    """Return which pieces were not in the parcel; no other cause asks for them."""
    if file.claim.cause is not queries.Cause.MISSING:
        return ()
    found = missing.of_claim(file.claim.id, file.policy)
    return [(one, words.missing(one.pieces, one.of)) for one in found]


def _story(file: ClaimFile) -> list[RailRow]:
    """Return what happened to a claim, oldest first."""
    return rails(
        [
            RouteEvent(
                at=line.at,
                lane=Lane.MONEY if line.what == "paid" else Lane.COVER,
                title=Message(words.HAPPENED[line.what]),
                is_now=line is file.history[0] and file.claim.is_open,
            )
            for line in reversed(file.history)
        ]
    )
