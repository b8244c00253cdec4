"""What the pages of policies show, put together from policies and their claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from banking import api as bank
from insurance.contracts.certificates.queries import ClaimTerms as PaperTerms
from insurance.contracts.certificates.queries import (
    Sealed,
    covered_by,
    insured_of,
    languages_of,
    seal_of,
)
from insurance.contracts.changes import queries as changes
from insurance.contracts.changes.queries import Offer
from insurance.contracts.disclosure import queries as disclosure
from insurance.contracts.disclosure.queries import ClaimTerms, ProductInformation
from insurance.contracts.policies import queries as policies
from insurance.contracts.policies.errors import PolicyUnknown
from insurance.contracts.policies.queries import HistoryLine, PolicyView, RefundPreview
from insurance.desks.changing.words import refund_reason
from insurance.desks.counter import claim_words as words
from insurance.desks.counter import policy_words
from insurance.desks.counter.claim_pages import told
from insurance.losses.claims import loss_notices as notices
from insurance.losses.claims import queries
from insurance.losses.claims.loss_notices import Draft
from insurance.losses.claims.queries import ClaimView
from insurance.offers.quotes.queries import level_name
from insurance.offers.referrals import queries as referrals
from insurance.offers.referrals import words as referral_words
from insurance.offers.referrals.queries import (
    AskedView,
    ReferralKind,
    ReferralState,
    ReferralView,
)
from insurance.office.hours import queries as office
from insurance.trade.cargo import lists as cargo_lists
from insurance.trade.cargo import queries as cargo
from insurance.trade.cargo.queries import CargoView
from kernel import clock
from kernel.actor import Actor
from kernel.ids import PageKey
from kernel.media.photos import queries as photos
from kernel.media.photos.queries import PhotoView
from kernel.text import N_, Message
from kernel.web.addresses import currency_label
from kernel.web.formats import country_name
from kernel.web.route import Lane, RailRow, RouteEvent, rails

# Up to how many pieces a list says how many of them are missing.
_LISTED = 12
# How many policies of a company stand on one page.
_PAGE = 25

_ANSWERED_AT = {ReferralKind.PARCEL: "shipments.show", ReferralKind.CARGO: "cargo.price"}
_TAGS = {
    ReferralState.ASKED: "wait",
    ReferralState.QUOTED: "ok",
    ReferralState.DECLINED: "bad",
    ReferralState.LAPSED: "info",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRow:
    """A question to an underwriter. Shape: endpoint and ref are of the page with its answer."""

    referral: ReferralView
    kind: str
    endpoint: str
    ref: str
    tag: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MyCover:
    """All policies and claims of a person.

    Shape: newest first, each with its status; kept are policies with a notice that is not sent,
    offers those that somebody wants to hand over, cargo insured shipments, asked what underwriters
    were asked.
    """

    policies: Sequence[tuple[PolicyView, policy_words.Status]]
    claims: Sequence[tuple[ClaimView, words.Status, str]]
    kept: Sequence[tuple[str, datetime]]
    offers: Sequence[Offer]
    cargo: Sequence[tuple[CargoView, Message]]
    asked: Sequence[AskedRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyCover:
    """What the companies hold that somebody works for, newest first, each with its status.

    Shape: claims are the newest of each company; after is where the next page of policies begins,
    None on the last.
    """

    policies: Sequence[tuple[PolicyView, policy_words.Status]]
    claims: Sequence[tuple[ClaimView, words.Status, str]]
    after: PageKey | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceField:
    """What a notice asks of one thing in the parcel.

    Shape: of is how many pieces were in it, None where its holder has to say; choices are
    (value, words), none for more pieces than a list should show.
    """

    name: str
    of_name: str
    label: str
    of: int | None
    choices: Sequence[tuple[str, Message]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPage:
    """One policy.

    Shape: insured is who is insured, empty where that is not theirs to read; causes are the (value,
    words) a holder may still notify, draft is what was kept of such a notice, currencies what its
    loss can be stated in, pieces what can be missing, places from where it can be stolen, kept are
    its photographs; languages are those of its certificate; is_to_card tells whether what comes
    back goes to the card that paid, not to a wallet; is_given_away whether the one who looks handed
    it over.
    """

    policy: PolicyView
    insured: str
    status: policy_words.Status
    level: str
    covered: Sequence[tuple[bool, str]]
    claims: Sequence[tuple[ClaimView, words.Status, str]]
    refund: RefundPreview
    no_refund: Message | None
    story: Sequence[RailRow]
    causes: Sequence[tuple[str, str]]
    draft: Draft
    currencies: Sequence[tuple[str, str]]
    pieces: Sequence[PieceField]
    places: Sequence[tuple[str, Message]]
    kept: Sequence[PhotoView]
    is_own: bool
    is_given_away: bool
    may_change: bool
    is_to_card: bool
    seal: Sealed
    languages: Sequence[str]

    def causes_said(self) -> list[tuple[str, Message]]:
        """Return the causes with their words ready to be spoken."""
        return [(value, Message(words)) for value, words in self.causes]

    def covered_said(self) -> list[tuple[bool, Message]]:
        """Return the list of cover with its words ready to be spoken."""
        return [(is_covered, Message(words)) for is_covered, words in self.covered]


def my_cover(actor: Actor) -> MyCover:
    """Return what a signed-in person holds."""
    person_id = actor.somebody()
    return MyCover(
        policies=[
            (policy, policy_words.STATUS[policy.state])
            for policy in policies.policies_of(owner_id=person_id)
        ],
        claims=told(queries.claims_of(owner_id=person_id)),
        kept=queries.drafts_of(policyholder_id=person_id),
        offers=changes.offers_to(person_id=person_id),
        cargo=[
            (policy, cargo.state_name(policy.state))
            for policy in cargo_lists.policies_after(owner_id=person_id)
        ],
        asked=[_asked(one) for one in referrals.asked_by(owner_id=person_id)],
    )


def _asked(one: AskedView) -> AskedRow:
    seen = one.referral
    return AskedRow(
        referral=seen,
        kind=referral_words.KIND[seen.kind],
        endpoint=_ANSWERED_AT[seen.kind],
        ref=seen.offered_ref or seen.subject_ref,
        tag="ok" if one.is_bought else _TAGS[seen.state],
        status=referral_words.BOUGHT if one.is_bought else referral_words.STANDS[seen.state],
    )


def company_cover(actor: Actor, *, after: PageKey | None) -> CompanyCover:
    """Return a page of what the companies hold that somebody works for; their own is elsewhere."""
    held = [
        policy
        for company_id in actor.organisation_ids
        for policy in policies.policies_after(owner_id=company_id, after=after, limit=_PAGE + 1)
    ]
    held.sort(key=lambda policy: (policy.bound_at, policy.id), reverse=True)
    last = held[_PAGE - 1] if len(held) > _PAGE else None
    claims = [
        claim
        for company_id in actor.organisation_ids
        for claim in queries.claims_of(owner_id=company_id)
    ]
    return CompanyCover(
        policies=[(policy, policy_words.STATUS[policy.state]) for policy in held[:_PAGE]],
        claims=told(sorted(claims, key=lambda claim: claim.opened_at, reverse=True)),
        after=PageKey(last.bound_at, last.id) if last else None,
    )


def policy_page(actor: Actor, number: str) -> PolicyPage:
    """Return a policy's page for its holder or an officer. Raises: PolicyUnknown."""
    policy = policies.policy_for(actor, number)
    refund = policies.refund_preview(policy)
    is_given_away = actor.person_id == policy.assignor_id != policy.policyholder_id
    # Whoever handed a policy over sees what it is, and nothing of what its holder has with it.
    claims = [] if is_given_away else queries.claims_under(policy_id=policy.id)
    no_refund = changes.may_be_ended(policy)
    return PolicyPage(
        policy=policy,
        insured="" if is_given_away else insured_of(policy),
        status=policy_words.STATUS[policy.state],
        level=level_name(policy.perils),
        covered=covered_by(policy.perils),
        claims=told(claims),
        refund=refund,
        no_refund=refund_reason(no_refund) if no_refund else None,
        story=_policy_story(policies.history(policy_id=policy.id)),
        causes=_noticeable(policy, claims),
        draft=notices.draft_of(policy_id=policy.id) or Draft(),
        currencies=_currencies(policy),
        pieces=_pieces(policy),
        places=words.places(notices.places_excluded(policy.conditions)),
        kept=photos.on_form(actor, album=queries.ALBUM, subject=policy.number),
        seal=seal_of(policy),
        languages=languages_of(policy),
        is_own=policy.policyholder_id == actor.person_id,
        is_given_away=is_given_away,
        may_change=changes.may_be_changed(policy) or changes.may_be_handed_over(policy),
        is_to_card=bank.paid_card(payer_id=policies.pays_to(policy)) is not None,
    )


def _currencies(policy: PolicyView) -> Sequence[tuple[str, str]]:
    """Return what a loss can be stated in, each with its name."""
    return [(one, currency_label(one)) for one in notices.currencies(own=policy.currency)]


def _pieces(policy: PolicyView) -> Sequence[PieceField]:
    """Return what is asked of each thing that can be missing."""
    return [
        PieceField(
            name=f"pieces-{place}",
            of_name=f"of-{place}",
            label=item.description,
            of=item.pieces,
            choices=words.pieces(item.pieces) if item.pieces and item.pieces <= _LISTED else (),
        )
        for place, item in enumerate(policy.items)
    ]


def named_policy(actor: Actor, number: str) -> PolicyView:
    """Return a policy to who may read its paper, which names its holder.

    Raises: PolicyUnknown, also for who handed it over.
    """
    policy = policies.policy_for(actor, number)
    if actor.person_id == policy.assignor_id != policy.policyholder_id:
        raise PolicyUnknown
    return policy


def claim_terms(policy: PolicyView) -> PaperTerms:
    """Return how claims under a policy are handled, by the rules of its conclusion."""
    day = policy.bound_at.date()
    handling = queries.handling_on(day)
    outside = queries.ombudsman_on(day, insurer_key=policy.insurer_key)
    return PaperTerms(
        notice_days=handling.notice_days,
        appeal_days=handling.appeal_days,
        ombudsman=outside.name,
        ombudsman_site=outside.site,
    )


def product_information(country: str, insurer_key: str = "") -> ProductInformation:
    """Return what cover pays for in a country and what it does not, with today's terms of claims.

    Shape: insurer_key is whose document is meant where a country has several.
    """
    handling = queries.handling_on(clock.today())
    return disclosure.product_information(
        country=country,
        insurer_key=insurer_key,
        claims=ClaimTerms(
            notice_days=handling.notice_days,
            answer_days=handling.answer_days,
            appeal_days=handling.appeal_days,
            is_in_working_days=office.counts_working_days(clock.today()),
        ),
    )


def _policy_story(lines: Sequence[HistoryLine]) -> list[RailRow]:
    return rails(
        [
            RouteEvent(
                at=line.at,
                lane=Lane.COVER,
                title=Message(policy_words.HAPPENED[line.what]),
                text=_told(line),
            )
            for line in reversed(lines)
        ]
    )


def _told(line: HistoryLine) -> Message | str:
    """Return where something happened, or what came of it."""
    if "revision" in line.facts:
        return Message(N_("Revision %(revision)s"), {"revision": line.facts["revision"]})
    return _place(str(line.facts.get("place") or line.facts.get("claim") or ""))


def _place(code: str) -> str:
    """Return a place as people say it; carriers name countries by their code."""
    return country_name(code) if len(code) == 2 and code.isupper() else code


def _noticeable(policy: PolicyView, claims: Sequence[ClaimView]) -> list[tuple[str, str]]:
    causes = {claim.cause for claim in claims if not claim.may_be_reported_again}
    return [
        (cause.value, words.CAUSE[cause])
        for cause in queries.NOTIFIED
        if cause not in causes and queries.may_be_notified(policy, cause)
    ]
