"""What the pages of cover show, put together from policies and claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from banking import api as bank
from insurance.certificates.queries import Sealed, languages_of, seal_of
from insurance.claims import loss_notices as notices
from insurance.claims import queries
from insurance.claims.loss_notices import Draft
from insurance.claims.queries import ClaimFile, ClaimView
from insurance.counter import claim_words as words
from insurance.counter import policy_words
from insurance.policies import queries as policies
from insurance.policies.queries import HistoryLine, PolicyView, RefundPreview
from insurance.quotes.queries import LEVEL
from insurance.salvage import queries as recoveries
from insurance.salvage.queries import RecoveryView
from kernel import clock
from kernel.actor import Actor, Role
from kernel.media.photos import queries as photos
from kernel.media.photos.queries import PhotoView
from kernel.text import N_, Message
from kernel.web.formats import country_name
from kernel.web.route import Lane, RailRow, RouteEvent, rails


@dataclass(frozen=True, slots=True, kw_only=True)
class MyCover:
    """All policies and claims of a person.

    Shape: newest first, each with its status; kept are policies with a notice that is not sent.
    """

    policies: Sequence[tuple[PolicyView, policy_words.Status]]
    claims: Sequence[tuple[ClaimView, words.Status, str]]
    kept: Sequence[tuple[str, datetime]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPage:
    """One policy.

    Shape: causes are the (value, words) a holder may still notify, draft is what was kept of such a
    notice, kept are its photographs; languages are those of its certificate; is_to_card tells
    whether what comes back goes to the card that paid, not to a wallet.
    """

    policy: PolicyView
    status: policy_words.Status
    level: str
    covered: Sequence[tuple[bool, str]]
    claims: Sequence[tuple[ClaimView, words.Status, str]]
    refund: RefundPreview
    no_refund: Message | None
    story: Sequence[RailRow]
    causes: Sequence[tuple[str, str]]
    draft: Draft
    kept: Sequence[PhotoView]
    is_own: bool
    is_to_card: bool
    seal: Sealed
    languages: Sequence[str]

    def causes_said(self) -> list[tuple[str, Message]]:
        """Return the causes with their words ready to be spoken."""
        return [(value, Message(words)) for value, words in self.causes]

    def covered_said(self) -> list[tuple[bool, Message]]:
        """Return the list of cover with its words ready to be spoken."""
        return [(is_covered, Message(words)) for is_covered, words in self.covered]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPage:
    """One claim.

    Shape: sums are labelled lines before the result; reasons (is_yes, sentence); may_decide,
    may_confirm and may_appeal tell what the one who looks may do with it; refused_before is the
    refusal that an appeal speaks against; photos are empty for who may not see them; answered_by is
    the day by which officers decide; is_to_card tells whether the card that paid gets the money.
    """

    claim: ClaimView
    is_to_card: bool
    photos: Sequence[PhotoView]
    policy: PolicyView
    status: words.Status
    cause: str
    sums: Sequence[tuple[str, object]]
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


def my_cover(actor: Actor) -> MyCover:
    """Return what a signed-in person holds."""
    person_id = actor.somebody()
    return MyCover(
        policies=[
            (policy, policy_words.STATUS[policy.state])
            for policy in policies.policies_of(owner_id=person_id)
        ],
        claims=_told(queries.claims_of(owner_id=person_id)),
        kept=queries.drafts_of(policyholder_id=person_id),
    )


def policy_page(actor: Actor, number: str) -> PolicyPage:
    """Return a policy's page for its holder or an officer. Raises: PolicyUnknown."""
    policy = policies.policy_for(actor, number)
    refund = policies.refund_preview(policy)
    claims = queries.claims_under(policy_id=policy.id)
    return PolicyPage(
        policy=policy,
        status=policy_words.STATUS[policy.state],
        level=LEVEL[policy.cover],
        covered=policy_words.COVERED[policy.cover],
        claims=_told(claims),
        refund=refund,
        no_refund=policy_words.refund_reason(refund.reason) if refund.reason else None,
        story=_policy_story(policies.history(policy_id=policy.id)),
        causes=_noticeable(policy, claims),
        draft=notices.draft_of(policy_id=policy.id) or Draft(),
        kept=photos.on_form(actor, album=queries.ALBUM, subject=policy.number),
        seal=seal_of(policy),
        languages=languages_of(policy),
        is_own=policy.policyholder_id == actor.person_id,
        is_to_card=bank.paid_card(payer_id=policies.pays_to(policy)) is not None,
    )


def cancelled(policy: PolicyView) -> str:
    """Return what tells that a cover was cancelled, and where its premium went."""
    if bank.paid_card(payer_id=policies.pays_to(policy)) is not None:
        return N_("Cover cancelled. The refund goes back to the card you paid with.")
    return N_("Cover cancelled. The refund is in your wallet.")


def claim_page(actor: Actor, ref: str) -> ClaimPage:
    """Return a claim's page for its holder or an officer. Raises: ClaimUnknown."""
    return _claim_page(queries.claim_for(actor, ref), actor)


def queue() -> list[tuple[ClaimView, words.Status, str]]:
    """Return what waits on the officers' desk, oldest first."""
    return _told(queries.queue())


def _claim_page(file: ClaimFile, actor: Actor) -> ClaimPage:
    claim, promised = file.claim, file.claim.facts.get("promised_on")
    maker = claim.proposal.maker_id if claim.proposal else None
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
        may_decide=actor.has(Role.UNDERWRITER)
        and actor.person_id not in {claim.policyholder_id, claim.appeal and claim.appeal.maker_id},
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


def _told(claims: Sequence[ClaimView]) -> list[tuple[ClaimView, words.Status, str]]:
    return [(claim, words.STATUS[claim.state], words.CAUSE[claim.cause]) for claim in claims]


def _policy_story(lines: Sequence[HistoryLine]) -> list[RailRow]:
    return rails(
        [
            RouteEvent(
                at=line.at,
                lane=Lane.COVER,
                title=Message(policy_words.HAPPENED[line.what]),
                text=_place(str(line.facts.get("place") or line.facts.get("claim") or "")),
            )
            for line in reversed(lines)
        ]
    )


def _place(code: str) -> str:
    """Return a place as people say it; carriers name countries by their code."""
    return country_name(code) if len(code) == 2 and code.isupper() else code


def _noticeable(policy: PolicyView, claims: Sequence[ClaimView]) -> list[tuple[str, str]]:
    causes = {claim.cause for claim in claims}
    return [
        (cause.value, words.CAUSE[cause])
        for cause in queries.NOTIFIED
        if cause not in causes and queries.may_be_notified(policy, cause)
    ]
