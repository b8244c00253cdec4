"""What the pages of claims show, put together from claims and their policies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from banking import api as bank
from insurance.contracts.certificates.queries import Sealed, seal_of
from insurance.contracts.policies.queries import PolicyView
from insurance.desks.counter import claim_words as words
from insurance.desks.counter import policy_words
from insurance.losses.claims import queries
from insurance.losses.claims.queries import ClaimFile, ClaimView
from insurance.losses.salvage import queries as recoveries
from insurance.losses.salvage.queries import RecoveryView
from insurance.offers.quotes.queries import LEVEL
from kernel import clock
from kernel.actor import Actor, Role
from kernel.media.photos import queries as photos
from kernel.media.photos.queries import PhotoView
from kernel.money import Money
from kernel.text import Message
from kernel.web.route import Lane, RailRow, RouteEvent, rails


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPage:
    """One claim.

    Shape: sums are labelled lines before the result; reasons (is_yes, sentence); may_decide,
    may_confirm and may_appeal tell what the one who looks may do with it; refused_before is the
    refusal that an appeal speaks against; photos are empty for who may not see them; answered_by is
    the day by which officers decide; is_to_card tells whether the card that paid gets the money;
    suggested is what an officer would propose, within what others left of the loss.
    """

    claim: ClaimView
    is_to_card: bool
    photos: Sequence[PhotoView]
    policy: PolicyView
    status: words.Status
    cause: str
    sums: Sequence[tuple[str, object]]
    suggested: Money
    reasons: Sequence[tuple[bool, Message]]
    refusal: Message | str | None
    story: Sequence[RailRow]
    policy_status: policy_words.Status
    level: str
    promised_on: date | None
    answered_by: date | None
    may_decide: bool
    may_confirm: bool
    may_appeal: bool
    refused_before: Message | str | None
    seal: Sealed
    found: RecoveryView | None


def claim_page(actor: Actor, ref: str) -> ClaimPage:
    """Return a claim's page for its holder or an officer. Raises: ClaimUnknown."""
    return _claim_page(queries.claim_for(actor, ref), actor)


def queue() -> list[tuple[ClaimView, words.Status, str]]:
    """Return what waits on the officers' desk, oldest first."""
    return told(queries.queue())


def told(claims: Sequence[ClaimView]) -> list[tuple[ClaimView, words.Status, str]]:
    """Return claims, each with its status and its cause in words."""
    return [(claim, words.STATUS[claim.state], words.CAUSE[claim.cause]) for claim in claims]


def _claim_page(file: ClaimFile, actor: Actor) -> ClaimPage:
    claim, promised = file.claim, file.claim.facts.get("promised_on")
    maker = claim.proposal.maker_id if claim.proposal else None
    may_decide = actor.has(Role.UNDERWRITER) and actor.person_id not in {
        claim.policyholder_id,
        claim.appeal and claim.appeal.maker_id,
    }
    return ClaimPage(
        claim=claim,
        is_to_card=bank.paid_card(payer_id=claim.wallet_id) is not None,
        photos=photos.seen_by(actor, album=queries.ALBUM, subject=claim.ref),
        policy=file.policy,
        status=words.STATUS[claim.state],
        cause=words.CAUSE[claim.cause],
        sums=words.sums(claim),
        reasons=[
            (reason.is_yes, words.reason(reason.question, is_yes=reason.is_yes))
            for reason in claim.reasons
        ],
        refusal=words.refusal(claim),
        policy_status=policy_words.STATUS[file.policy.state],
        level=LEVEL[file.policy.cover],
        promised_on=date.fromisoformat(promised) if promised else None,
        answered_by=queries.answered_by(file),
        suggested=min(claim.payable, queries.most_of(claim)) if may_decide else claim.payable,
        may_decide=may_decide,
        may_appeal=claim.policyholder_id == actor.person_id
        and claim.appeal_until is not None
        and clock.now() <= claim.appeal_until,
        refused_before=words.refused(claim.appeal.refusal) if claim.appeal else None,
        seal=seal_of(file.policy),
        found=recoveries.recovery_of_claim(claim_id=claim.id),
        may_confirm=maker is not None and maker != actor.person_id,
        story=rails(
            [
                RouteEvent(
                    at=line.at,
                    lane=Lane.MONEY if line.what == "paid" else Lane.COVER,
                    title=Message(words.HAPPENED[line.what]),
                    is_now=line is file.history[0] and claim.is_open,
                )
                for line in reversed(file.history)
            ]
        ),
    )
