"""Ask an underwriter, answer once, and end what nobody answered or bought.

A referral is locked before anything is read of it, so of two officers one answers. What is offered
is kept by the room of the risk, in the same command.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from banking import api as bank
from insurance.offers.referrals import queries, rules
from insurance.offers.referrals.errors import (
    NothingProposed,
    ReferralAnswered,
    ReferralUnknown,
    ReferralWithoutPrice,
)
from insurance.offers.referrals.events import ReferralDeclined, ReferralQuoted
from insurance.offers.referrals.models import Referral, ReferralEntry
from insurance.offers.referrals.queries import ReferralView
from insurance.offers.referrals.rules import Offer, ReferralKind, ReferralState, Refused
from insurance.offers.referrals.subjects import Priced, subject_of
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.ids import new_id, public_ref

_sellers: list[Callable[[str], Collection[UUID]]] = []


def let_orders_name_sellers(sellers_of: Callable[[str], Collection[UUID]]) -> None:
    """Say who knows which companies sold a parcel; the shop does so at import."""
    _sellers.append(sellers_of)


@command("insurance.referrals.ask")
def ask(
    *,
    kind: ReferralKind,
    subject_ref: str,
    parcel_ref: str,
    reason: str,
    words: str,
    actor: Actor,
) -> ReferralView:
    """Ask an underwriter about a risk that the gate referred; asked twice it is once.

    Whoever calls has let its owner in and seen that it is referred. Who asks, the companies they
    work for, and who sold the parcel have a part in it. Shape: parcel_ref is empty for cargo.
    """
    now = clock.now()
    terms = rules.terms_on(now.date())
    sellers = {one for sellers_of in _sellers for one in sellers_of(parcel_ref)}
    asked = {
        "id": new_id(),
        "ref": public_ref("F"),
        "kind": kind.value,
        "subject_ref": subject_ref,
        "owner_id": actor.somebody(),
        "parties": sorted({actor.somebody(), *actor.organisation_ids, *sellers}),
        "reason": reason,
        "words": words,
        "state": ReferralState.ASKED.value,
        "asked_at": now,
        "answer_by": bank.business_days_later(
            currency=terms.days_of, at=now, days=terms.answer_days
        ),
        "refusal_words": "",
    }
    row = session().scalar(
        insert(Referral).values(asked).on_conflict_do_nothing().returning(Referral)
    )
    if row is not None:
        _note(row, "asked", {"reason": reason}, actor)
    known = queries.referral_about(subject_ref=subject_ref)
    assert known is not None, "it was asked, now or before"
    return known


@command("insurance.referrals.offer")
def offer(*, ref: str, offer: Offer, actor: Actor) -> ReferralView:
    """Offer a price, or propose it to a second officer where it is above one's authority.

    Locks: the referral, what it is about. Events: ReferralQuoted. Raises: ReferralUnknown, OwnPart,
    ReferralAnswered, TermsNotOffered, ReferralWithoutPrice, and as the risk's own room.
    """
    row = _judged(ref, actor)
    kind, terms = ReferralKind(row.kind), rules.terms_on(clock.today())
    deductibles = subject_of(kind).deductibles(row.subject_ref)
    rules.check_offer(offer, deductibles=deductibles, terms=terms)
    priced = _priced(row, offer)
    facts = {"surcharge_pct": offer.surcharge_pct, "deductible": offer.deductible}
    if terms.is_alone(kind=kind, insured_eur=priced.insured_eur, offer=offer):
        _quote(row, offer, actor)
    else:
        row.proposal = facts | {"maker_id": str(actor.somebody())}
        _note(row, "proposed", facts, actor)
    return queries.view(row)


@command("insurance.referrals.confirm")
def confirm(*, ref: str, actor: Actor) -> ReferralView:
    """Make an offer that another officer proposed.

    Locks: the referral, what it is about. Events: ReferralQuoted. Raises: ReferralUnknown, OwnPart,
    ReferralAnswered, NothingProposed, ReferralMakerIsChecker, ReferralWithoutPrice.
    """
    row = _proposed(ref, actor)
    proposal = queries.view(row).proposal
    assert proposal is not None, "asked above"
    _priced(row, proposal.offer)
    _quote(row, proposal.offer, actor)
    return queries.view(row)


@command("insurance.referrals.send_back")
def send_back(*, ref: str, actor: Actor) -> ReferralView:
    """Take a proposal off the referral, which is open to other terms again.

    Locks: the referral. Raises: as `confirm`.
    """
    row = _proposed(ref, actor)
    row.proposal = None
    _note(row, "sent_back", {}, actor)
    return queries.view(row)


@command("insurance.referrals.decline")
def decline(*, ref: str, refusal: Refused, words: str, actor: Actor) -> ReferralView:
    """Decline a risk with a reason that its customer reads.

    Locks: the referral. Events: ReferralDeclined. Raises: ReferralUnknown, OwnPart,
    ReferralAnswered.
    """
    row = _judged(ref, actor)
    _decline(row, refusal, words, actor)
    return queries.view(row)


@command("insurance.referrals.end_unanswered")
def end_unanswered(*, ref: str, actor: Actor) -> None:
    """Decline what nobody answered in time; answered since, it stays so.

    Locks: the referral. Events: ReferralDeclined.
    """
    row = _locked(ref)
    if row.state == ReferralState.ASKED and row.answer_by <= clock.now():
        _decline(row, Refused.UNANSWERED, "", actor)


@command("insurance.referrals.end_offer")
def end_offer(*, ref: str, actor: Actor) -> None:
    """Note whether a price was bought while it held, else let it lapse. Locks: the referral."""
    row = _locked(ref)
    if row.state != ReferralState.QUOTED or row.is_bought:
        return
    assert row.offered_ref is not None, "a price has its place"
    if subject_of(ReferralKind(row.kind)).bought([row.offered_ref]):
        row.is_bought = True
        _note(row, "bought", {}, actor)
        return
    row.state = rules.moved(ReferralState(row.state), ReferralState.LAPSED)
    _note(row, "lapsed", {}, actor)


def _priced(row: Referral, offer: Offer) -> Priced:
    priced = subject_of(ReferralKind(row.kind)).price(row.subject_ref, offer)
    if not priced.lines:
        raise ReferralWithoutPrice
    return priced


def _quote(row: Referral, offer: Offer, actor: Actor) -> None:
    kept = subject_of(ReferralKind(row.kind)).offer(row.subject_ref, offer, actor)
    row.state = rules.moved(ReferralState(row.state), ReferralState.QUOTED)
    row.surcharge_pct, row.deductible = offer.surcharge_pct, offer.deductible
    row.offered_ref, row.valid_until = kept.ref, kept.valid_until
    _answer(row, actor)
    facts = {"surcharge_pct": offer.surcharge_pct, "deductible": offer.deductible}
    _note(row, "quoted", facts | {"offered_ref": kept.ref}, actor)
    publish(
        ReferralQuoted(
            ref=row.ref,
            kind=row.kind,
            owner_id=row.owner_id,
            offered_ref=kept.ref,
            valid_until=kept.valid_until,
        )
    )


def _decline(row: Referral, refusal: Refused, words: str, actor: Actor) -> None:
    row.state = rules.moved(ReferralState(row.state), ReferralState.DECLINED)
    row.refusal, row.refusal_words = refusal.value, words
    _answer(row, actor)
    _note(row, "declined", {"refusal": refusal.value, "words": words}, actor)
    publish(
        ReferralDeclined(
            ref=row.ref,
            kind=row.kind,
            owner_id=row.owner_id,
            subject_ref=row.subject_ref,
            refusal=refusal.value,
            words=words,
        )
    )


def _answer(row: Referral, actor: Actor) -> None:
    row.decided_by, row.answered_at, row.proposal = actor.person_id, clock.now(), None


def _note(row: Referral, what: str, facts: dict[str, object], actor: Actor) -> None:
    session().add(
        ReferralEntry(
            referral_id=row.id,
            what=what,
            state=row.state,
            facts=facts,
            person_id=actor.person_id,
            at=clock.now(),
        )
    )
    session().flush()


def _locked(ref: str) -> Referral:
    row = session().scalar(
        select(Referral)
        .where(Referral.ref == ref)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise ReferralUnknown
    return row


def _judged(ref: str, actor: Actor) -> Referral:
    """Hold an open referral for an officer. Raises: ReferralUnknown, OwnPart, ReferralAnswered."""
    row = _locked(ref)
    rules.check_part(own=queries.own_of(actor), parties=row.parties)
    if row.state != ReferralState.ASKED:
        raise ReferralAnswered
    return row


def _proposed(ref: str, actor: Actor) -> Referral:
    row = _judged(ref, actor)
    if row.proposal is None:
        raise NothingProposed
    rules.check_second(maker=UUID(row.proposal["maker_id"]), checker=actor.person_id)
    return row
