"""Commands on applications: tell, show, send, check, propose, confirm.

The identity service is asked between commands, by a job; two officers decide what no machine may.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from banking.accounts.limits import service as limits
from banking.accounts.parties import queries as customers
from banking.accounts.parties import service as parties
from banking.accounts.parties.errors import CustomerUnknown
from banking.compliance.onboarding import gateway, queries, rules, vault
from banking.compliance.onboarding.errors import (
    AlreadyKnown,
    ApplicationUnderReview,
    ApplicationUnknown,
    IdentityFirst,
    IdentityServiceDown,
    NoDocument,
)
from banking.compliance.onboarding.events import ApplicationAnswered, ApplicationSubmitted
from banking.compliance.onboarding.models import (
    Application,
    ApplicationCheck,
    ApplicationCompany,
    ApplicationDocument,
    ApplicationOwner,
    ApplicationReview,
)
from banking.compliance.onboarding.queries import ApplicationView
from banking.compliance.onboarding.rules import (
    BeneficialOwner,
    Company,
    Decision,
    DocumentKind,
    Identity,
    State,
)
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, in_command, reading, session
from kernel.errors import Invalid
from kernel.events import publish
from kernel.ids import new_id, public_ref
from kernel.text import N_, NP_, Message

BASIS = {1: "identity", 2: "documents"}


@command("banking.onboarding.tell")
def tell(*, customer_id: UUID, identity: Identity, actor: Actor) -> ApplicationView:
    """Say who one is and send it: for tier 1, or corrected after the bank asked again.

    Locks: the customer's open application. Events: ApplicationSubmitted.
    Raises: CustomerUnknown, AlreadyKnown, ApplicationUnderReview.
    """
    parties.greet(person_id=customer_id, actor=actor)
    application = _open_application(customer_id)
    if application is None:
        if _tier(customer_id) >= 1:
            raise AlreadyKnown
        application = _begun(customer_id, 1, identity)
    for name, value in asdict(identity).items():
        setattr(application, name, value)
    if application.goal == 1:
        _submit(application)
    session().flush()
    return queries.view(application)


@command("banking.onboarding.tell_company")
def tell_company(
    *,
    customer_id: UUID,
    company: Company,
    owners: Sequence[BeneficialOwner],
    representative: Identity,
    actor: Actor,
) -> ApplicationView:
    """Say what a company is, who owns it and who speaks for it; its papers come after that.

    Locks: the company's open application.
    Raises: CustomerUnknown, AlreadyKnown, ApplicationUnderReview, ShareTooSmall, SharesAboveWhole.
    """
    rules.check_owners(owners, least_bp=queries.least_share())
    application = _open_application(customer_id)
    if application is None:
        if _tier(customer_id) >= 2:
            raise AlreadyKnown
        application = _begun(customer_id, 2, representative)
    for name, value in asdict(representative).items():
        setattr(application, name, value)
    session().execute(
        delete(ApplicationOwner).where(ApplicationOwner.application_id == application.id)
    )
    session().merge(ApplicationCompany(application_id=application.id, **asdict(company)))
    session().flush()
    session().add_all(
        ApplicationOwner(application_id=application.id, place=place, **asdict(owner))
        for place, owner in enumerate(owners)
    )
    session().flush()
    return queries.view(application)


@command("banking.onboarding.show")
def show(*, customer_id: UUID, kind: DocumentKind, data: bytes, actor: Actor) -> ApplicationView:
    """Add a document to one's application for tier 2, opening it with the first.

    Locks: the customer's open application.
    Raises: Invalid, CustomerUnknown, AlreadyKnown, IdentityFirst, ApplicationUnderReview.
    """
    media_type = vault.checked(data, largest=queries.largest_document())
    application = _open_application(customer_id) or _begun_from_identity(customer_id)
    if application.goal != 2:
        raise IdentityFirst
    _room_for_another(application)
    lock_content(sha256=vault.hash_of(data), actor=actor)
    session().add(
        ApplicationDocument(
            id=new_id(),
            application_id=application.id,
            kind=kind,
            media_type=media_type,
            size=len(data),
            sha256=vault.keep(data),
            kept_at=clock.now(),
        )
    )
    session().flush()
    return queries.view(application)


@command("banking.onboarding.lock_content")
def lock_content(*, sha256: str, actor: Actor) -> None:
    """Let nobody else keep or delete a file of this content meanwhile. Locks: the content."""
    session().execute(select(func.pg_advisory_xact_lock(int(sha256[:15], 16))))


@command("banking.onboarding.throw_away")
def throw_away(*, sha256: str, actor: Actor) -> None:
    """Delete a file that no document needs any more; whoever asks holds the content's lock."""
    vault.throw_away(sha256)


@command("banking.onboarding.erase")
def erase(*, application_id: UUID, actor: Actor) -> None:
    """Forget who an application was about, once its time is over. Locks: the application."""
    application = _locked(application_id)
    assert State(application.state) not in rules.OPEN, "what is under way is needed"
    session().execute(
        delete(ApplicationOwner).where(ApplicationOwner.application_id == application.id)
    )
    firm = ApplicationCompany.application_id == application.id
    session().execute(delete(ApplicationCompany).where(firm))
    application.name = application.street = application.postcode = application.city = ""
    application.nationality = application.country = ""
    application.born_on, application.erased_at = None, application.erased_at or clock.now()
    session().flush()


@command("banking.onboarding.send")
def send(*, customer_id: UUID, actor: Actor) -> ApplicationView:
    """Send one's documents to the bank. Locks: the application. Events: ApplicationSubmitted.

    Raises: NoDocument, ApplicationUnderReview.
    """
    application = _open_application(customer_id)
    if application is None or (application.goal == 2 and not _documents(application)):
        raise NoDocument
    _submit(application)
    session().flush()
    return queries.view(application)


def ask_if_waiting(*, customer_id: UUID, actor: Actor) -> None:
    """Ask the identity service what somebody waits for on a page; the job asks the same as well.

    Both ask under one key, so the answer counts once; a service that is away is asked later.
    """
    assert not in_command(), "the service is not asked inside a transaction"
    with reading():
        question = queries.open_question(customer_id=customer_id)
    if question is None:
        return
    try:
        answer = gateway.gateway().check(question)
    except IdentityServiceDown:
        return
    record_check(
        application_id=question.application_id, key=question.key, answer=answer, actor=actor
    )


@command("banking.onboarding.record_check")
def record_check(
    *, application_id: UUID, key: UUID, answer: gateway.Answer, actor: Actor
) -> ApplicationView:
    """Store the identity service's answer, once per question, and go where it leads.

    Locks: the application, then as follow_tier. Events: ApplicationAnswered.
    Raises: ApplicationUnknown.
    """
    application = _locked(application_id)
    stored = (
        session()
        .execute(
            insert(ApplicationCheck)
            .values(
                id=key,
                application_id=application_id,
                verdict=answer.verdict,
                at=clock.now(),
                provider_ref=answer.provider_ref,
                hits=list(answer.hits),
            )
            .on_conflict_do_nothing()
            .returning(ApplicationCheck.id)
        )
        .one_or_none()
    )
    if stored is not None and application.state == State.SUBMITTED:
        _go(
            application,
            rules.after_check(application.goal, answer.verdict),
            reason="unclear",
            actor=actor,
        )
    return queries.view(application)


@command("banking.onboarding.propose")
def propose(*, ref: str, decision: Decision, reason: str, actor: Actor) -> ApplicationView:
    """Propose a decision, which a second officer has to confirm.

    Shape: reason is one of the rules' reasons, empty for an approval. Locks: the application.
    Raises: ApplicationUnknown, NotInReview, OwnApplication, CheckPending, ProposedAlready, Invalid.
    """
    application, officer = _locked(_id_of(ref)), _officer(actor)
    seen = queries.dossier(ref=ref)
    rules.may_propose(
        state=State(application.state),
        customer_id=_party(application, actor),
        officer_id=officer,
        is_checked=any(c.at >= (application.submitted_at or c.at) for c in seen.checks),
        is_proposed=seen.proposal is not None,
    )
    offered = {Decision.ASK_AGAIN: rules.ASKING, Decision.REFUSE: rules.REFUSING}.get(decision)
    if offered is not None and reason not in offered:
        raise Invalid({"reason": Message(N_("Choose one of the reasons for this decision."))})
    _note(application, "proposed", decision, "" if offered is None else reason, officer)
    return queries.view(application)


@command("banking.onboarding.second_look")
def second_look(*, ref: str, is_confirmed: bool, actor: Actor) -> ApplicationView:
    """Confirm what a colleague proposed, or return it undecided.

    Locks: the application, then as follow_tier. Events: ApplicationAnswered when confirmed.
    Raises: ApplicationUnknown, NothingProposed, CheckedByTheMaker, OwnApplication.
    """
    application, officer = _locked(_id_of(ref)), _officer(actor)
    proposal = queries.dossier(ref=ref).proposal
    rules.may_confirm(
        customer_id=_party(application, actor),
        checker_id=officer,
        maker_id=proposal.officer_id if proposal else None,
    )
    assert proposal is not None, "the rule refuses a look at nothing"
    step = "confirmed" if is_confirmed else "returned"
    _note(application, step, proposal.decision, proposal.reason, officer)
    if is_confirmed:
        _go(
            application,
            rules.after_decision(proposal.decision),
            reason=proposal.reason,
            actor=actor,
        )
    return queries.view(application)


@command("banking.onboarding.expire")
def expire(*, application_id: UUID, actor: Actor) -> bool:
    """Close an application whose customer let its time pass; return whether it was.

    Locks: the application.
    """
    application = _locked(application_id)
    if State(application.state) not in rules.WITH_CUSTOMER or application.expires_at > clock.now():
        return False
    application.state, application.ended_at = State.EXPIRED, clock.now()
    session().flush()
    return True


def _go(found: Application, to: State, *, reason: str, actor: Actor) -> None:
    """Move an application out of review; an approval grants the tier in the same commit."""
    if to is State.SUBMITTED:
        return
    found.state, found.reason = to, "" if to is State.APPROVED else reason
    if to is State.ASKED_AGAIN:
        found.expires_at = _deadline()
    else:
        found.ended_at = clock.now()
    session().flush()
    if to is State.APPROVED and parties.grant_tier(
        owner_id=found.customer_id,
        tier=found.goal,
        basis=BASIS[found.goal],
        evidence=found.ref,
        actor=actor,
    ):
        limits.follow_tier(owner_id=found.customer_id, actor=actor)
    publish(
        ApplicationAnswered(
            application_id=found.id, customer_id=found.customer_id, tier=found.goal, state=to
        )
    )


def _submit(found: Application) -> None:
    found.state, found.submitted_at, found.reason = State.SUBMITTED, clock.now(), ""
    session().flush()
    answers = len(queries.checks_of(application_id=found.id))
    publish(
        ApplicationSubmitted(
            id=rules.question_key(found.id, answers=answers), application_id=found.id
        )
    )


def _begun(customer_id: UUID, goal: int, identity: Identity) -> Application:
    application = Application(
        id=new_id(),
        ref=public_ref("K"),
        customer_id=customer_id,
        goal=goal,
        reason="",
        state=State.DRAFT,
        opened_at=clock.now(),
        expires_at=_deadline(),
        **asdict(identity),
    )
    session().add(application)
    session().flush()
    return application


def _begun_from_identity(customer_id: UUID) -> Application:
    """Open an application for tier 2 with what tier 1 was granted for."""
    tier = _tier(customer_id)
    if tier >= 2:
        raise AlreadyKnown
    known = queries.latest_of(customer_id=customer_id, told=True)
    if tier < 1 or known is None or known.identity is None:
        raise IdentityFirst
    return _begun(customer_id, 2, known.identity)


def _documents(found: Application) -> int:
    count = (
        select(func.count())
        .select_from(ApplicationDocument)
        .where(ApplicationDocument.application_id == found.id)
    )
    return int(session().execute(count).scalar_one())


def _room_for_another(found: Application) -> None:
    most = int(gateway.terms()["most_documents"])
    if _documents(found) >= most:
        sentence = NP_(
            "You've already sent %(most)d document, which is the most we can review.",
            "You've already sent %(most)d documents, which is the most we can review.",
            by="most",
        )
        raise Invalid({"document": Message(sentence, {"most": most})})


def _tier(customer_id: UUID) -> int:
    customer = customers.customer(owner_id=customer_id)
    if customer is None:
        raise CustomerUnknown
    return customer.tier


def _open_application(customer_id: UUID) -> Application | None:
    """Return what waits for the customer, locked. Raises: ApplicationUnderReview."""
    query = (
        select(Application)
        .where(Application.customer_id == customer_id, Application.state.in_(rules.OPEN))
        .with_for_update()
    )
    application = session().execute(query).scalar_one_or_none()
    if application is not None and application.state == State.SUBMITTED:
        raise ApplicationUnderReview
    return application


def _locked(application_id: UUID) -> Application:
    application = session().get(
        Application, application_id, with_for_update=True, populate_existing=True
    )
    if application is None:
        raise ApplicationUnknown
    return application


def _id_of(ref: str) -> UUID:
    return queries.by_ref(ref=ref).id


def _officer(actor: Actor) -> UUID:
    return actor.somebody()


def _party(found: Application, actor: Actor) -> UUID:
    """Return whom an officer would decide on: a company they work for is themselves."""
    is_own = found.customer_id in actor.organisation_ids
    return _officer(actor) if is_own else found.customer_id


def _note(found: Application, step: str, decision: Decision, reason: str, officer_id: UUID) -> None:
    session().add(
        ApplicationReview(
            id=new_id(),
            application_id=found.id,
            step=step,
            decision=decision,
            reason=reason,
            officer_id=officer_id,
            at=clock.now(),
        )
    )
    session().flush()


def _deadline() -> datetime:
    return clock.now() + timedelta(days=gateway.terms()["open_days"])
