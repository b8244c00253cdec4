"""Applications as their customer, the identity service's job and the officers see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, select, text, true, tuple_

from banking.compliance.onboarding import gateway, rules, vault
from banking.compliance.onboarding.errors import ApplicationUnknown
from banking.compliance.onboarding.gateway import Evidence, Question
from banking.compliance.onboarding.models import (
    Application,
    ApplicationCheck,
    ApplicationCompany,
    ApplicationDocument,
    ApplicationOwner,
    ApplicationReview,
)
from banking.compliance.onboarding.rules import (
    ASKING,
    COMPANY,
    DOCUMENT_WORDS,
    OF_AGE,
    PERSONAL,
    REASONS,
    REFUSING,
    WHOLE_BP,
    BeneficialOwner,
    Company,
    Decision,
    DocumentKind,
    Identity,
    State,
    Verdict,
    age,
)
from banking.online.home import signs
from kernel import clock
from kernel.db import session
from kernel.media.storage.errors import NotStored
from kernel.people.identity import queries as people

__all__ = [
    "ASKING",
    "COMPANY",
    "DOCUMENT_WORDS",
    "OF_AGE",
    "PERSONAL",
    "REASONS",
    "REFUSING",
    "WHOLE_BP",
    "BeneficialOwner",
    "Company",
    "Decision",
    "DocumentKind",
    "Identity",
    "State",
    "Verdict",
    "age",
]

PAGE = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """A document that was shown. Units: size in bytes."""

    id: UUID
    kind: str
    media_type: str
    size: int
    sha256: str
    kept_at: datetime

    @property
    def is_picture(self) -> bool:
        """Whether a page can show it."""
        return self.media_type.startswith("image/")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """An answer of the identity service."""

    verdict: Verdict
    provider_ref: str
    hits: Sequence[str]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewView:
    """A step of an officer."""

    step: str
    decision: Decision
    reason: str
    officer_id: UUID
    officer: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationView:
    """An application with who it says its customer is, None once that was erased."""

    id: UUID
    ref: str
    customer_id: UUID
    goal: int
    state: State
    identity: Identity | None
    reason: str
    opened_at: datetime
    expires_at: datetime
    submitted_at: datetime | None
    ended_at: datetime | None
    erased_at: datetime | None

    @property
    def waits_for_customer(self) -> bool:
        """Whether the customer has to do something."""
        return self.state in rules.WITH_CUSTOMER


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyView:
    """A company with its beneficial owners, as its representative told."""

    company: Company
    owners: Sequence[BeneficialOwner]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """Everything about an application, for officers.

    Shape: lists oldest first; proposal is the decision that waits for a second look; company is
    None for a person's.
    """

    application: ApplicationView
    company: CompanyView | None
    email: str
    documents: Sequence[DocumentView]
    checks: Sequence[CheckView]
    reviews: Sequence[ReviewView]

    @property
    def proposal(self) -> ReviewView | None:
        """The proposed decision nobody looked at a second time."""
        last = self.reviews[-1] if self.reviews else None
        return last if last is not None and last.step == "proposed" else None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLine:
    """An application that waits for officers."""

    id: UUID
    ref: str
    name: str
    goal: int
    submitted_at: datetime
    verdict: Verdict | None
    is_proposed: bool


def latest_of(*, customer_id: UUID, told: bool = False) -> ApplicationView | None:
    """Return a customer's newest application, or of those that still say who it is; else None."""
    still = Application.born_on.is_not(None) if told else true()
    query = (
        select(Application)
        .where(Application.customer_id == customer_id, still)
        .order_by(Application.opened_at.desc(), Application.id.desc())
        .limit(1)
    )
    application = session().execute(query).scalar_one_or_none()
    return view(application) if application else None


def by_ref(*, ref: str) -> ApplicationView:
    """Return an application. Raises: ApplicationUnknown."""
    query = select(Application).where(Application.ref == ref)
    application = session().execute(query).scalar_one_or_none()
    if application is None:
        raise ApplicationUnknown
    return view(application)


def documents_of(*, application_id: UUID) -> list[DocumentView]:
    """Return what was shown for an application, oldest first."""
    query = (
        select(ApplicationDocument)
        .where(ApplicationDocument.application_id == application_id)
        .order_by(ApplicationDocument.kept_at, ApplicationDocument.id)
    )
    return [
        DocumentView(
            id=row.id,
            kind=row.kind,
            media_type=row.media_type,
            size=row.size,
            sha256=row.sha256,
            kept_at=row.kept_at,
        )
        for row in session().execute(query).scalars()
    ]


def document(*, ref: str, document_id: UUID) -> tuple[DocumentView, bytes]:
    """Return a document of an application with its content. Raises: ApplicationUnknown."""
    shown = documents_of(application_id=by_ref(ref=ref).id)
    for paper in shown:
        if paper.id == document_id:
            return paper, vault.read(paper.sha256)
    raise ApplicationUnknown


def is_whole(*, sha256: str) -> bool:
    """Whether the file of a document is there, and is the one that was shown."""
    try:
        return vault.hash_of(vault.read(sha256)) == sha256
    except NotStored:
        return False


def dossier(*, ref: str) -> Dossier:
    """Return everything about an application. Raises: ApplicationUnknown."""
    application = by_ref(ref=ref)
    customer = people.person(application.customer_id)
    return Dossier(
        application=application,
        email=customer.email if customer else "",
        company=None if customer else company_of(application_id=application.id),
        documents=documents_of(application_id=application.id),
        checks=checks_of(application_id=application.id),
        reviews=reviews_of(application_id=application.id),
    )


def company_of(*, application_id: UUID) -> CompanyView | None:
    """Return the company that an application is about, None for a person's."""
    query = (
        select(ApplicationCompany, ApplicationOwner)
        .outerjoin(ApplicationOwner)
        .where(ApplicationCompany.application_id == application_id)
        .order_by(ApplicationOwner.place)
    )
    rows = session().execute(query).all()
    if not rows:
        return None
    company: ApplicationCompany = rows[0][0]
    return CompanyView(
        company=Company(
            legal_name=company.legal_name,
            registration_number=company.registration_number,
            registered_in=company.registered_in,
            street=company.street,
            postcode=company.postcode,
            city=company.city,
            country=company.country,
        ),
        owners=[
            BeneficialOwner(
                name=one.name, born_on=one.born_on, country=one.country, share_bp=one.share_bp
            )
            for _, one in rows
            if one is not None
        ],
    )


def checks_of(*, application_id: UUID) -> list[CheckView]:
    """Return what the identity service answered, oldest first."""
    query = (
        select(ApplicationCheck)
        .where(ApplicationCheck.application_id == application_id)
        .order_by(ApplicationCheck.at, ApplicationCheck.id)
    )
    rows = session().execute(query).scalars()
    return [
        CheckView(verdict=Verdict(c.verdict), provider_ref=c.provider_ref, hits=c.hits, at=c.at)
        for c in rows
    ]


_REVIEWS = text(
    """
    SELECT r.step, r.decision, r.reason, r.officer_id, r.at, coalesce(p.name, '') AS officer
    FROM banking.application_reviews r LEFT JOIN kernel.person p ON p.id = r.officer_id
    WHERE r.application_id = :id ORDER BY r.at, r.id
    """
)


def reviews_of(*, application_id: UUID) -> list[ReviewView]:
    """Return the steps of officers, oldest first."""
    return [
        ReviewView(
            step=row.step,
            decision=Decision(row.decision),
            reason=row.reason,
            officer_id=row.officer_id,
            officer=row.officer,
            at=row.at,
        )
        for row in session().execute(_REVIEWS, {"id": application_id})
    ]


_LAST_CHECK = (
    select(ApplicationCheck.verdict)
    .where(
        ApplicationCheck.application_id == Application.id,
        ApplicationCheck.at >= Application.submitted_at,
    )
    .order_by(ApplicationCheck.at.desc())
    .limit(1)
    .scalar_subquery()
)
_LAST_STEP = (
    select(ApplicationReview.step)
    .where(ApplicationReview.application_id == Application.id)
    .order_by(ApplicationReview.at.desc(), ApplicationReview.id.desc())
    .limit(1)
    .scalar_subquery()
)


def queue(*, after: tuple[datetime, UUID] | None = None) -> list[QueueLine]:
    """Return applications in review, the longest waiting first, one more than a page holds."""
    query = (
        select(
            Application,
            _LAST_CHECK.label("verdict"),
            _LAST_STEP.label("step"),
            ApplicationCompany.legal_name,
        )
        .outerjoin(ApplicationCompany, ApplicationCompany.application_id == Application.id)
        .where(Application.state == State.SUBMITTED)
        .order_by(Application.submitted_at, Application.id)
        .limit(PAGE + 1)
    )
    if after is not None:
        query = query.where(tuple_(Application.submitted_at, Application.id) > after)
    return [_line(*row) for row in session().execute(query)]


def _line(
    found: Application, verdict: str | None, step: str | None, company: str | None
) -> QueueLine:
    assert found.submitted_at is not None, "what is in review was submitted"
    return QueueLine(
        id=found.id,
        ref=found.ref,
        name=company or found.name,
        goal=found.goal,
        submitted_at=found.submitted_at,
        verdict=Verdict(verdict) if verdict else None,
        is_proposed=step == "proposed",
    )


def question(*, application_id: UUID, key: UUID) -> Question | None:
    """Return what to ask the identity service, None when nothing waits for its answer."""
    application = session().get(Application, application_id)
    if application is None or application.state != State.SUBMITTED:
        return None
    about, identity = company_of(application_id=application_id), _identity(application)
    assert identity is not None, "only what is over is erased"
    return Question(
        key=key,
        application_id=application_id,
        goal=application.goal,
        identity=identity,
        company=about.company if about else None,
        owners=about.owners if about else (),
        documents=[
            Evidence(kind=d.kind, media_type=d.media_type, content=vault.read(d.sha256))
            for d in documents_of(application_id=application_id)
        ],
    )


def open_question(*, customer_id: UUID) -> Question | None:
    """Return what was not answered yet about who a customer is, None when nothing is open."""
    application = latest_of(customer_id=customer_id)
    if application is None or application.submitted_at is None or application.goal != 1:
        return None
    checks = checks_of(application_id=application.id)
    if any(check.at >= application.submitted_at for check in checks):
        return None
    return question(
        application_id=application.id, key=rules.question_key(application.id, answers=len(checks))
    )


def overdue() -> list[UUID]:
    """Return up to two hundred applications whose customer let their time pass."""
    query = (
        select(Application.id)
        .where(Application.state.in_(rules.WITH_CUSTOMER), Application.expires_at <= clock.now())
        .order_by(Application.expires_at)
        .limit(200)
    )
    return list(session().execute(query).scalars())


def least_share() -> int:
    """Return from which share on an owner is to be named, in hundredths of a percent."""
    return int(gateway.terms()["owner_bp"])


def largest_document() -> int:
    """Return how many bytes a document may have."""
    return int(gateway.terms()["largest_bytes"])


def view(found: Application) -> ApplicationView:
    """Return a stored application as a view."""
    return ApplicationView(
        id=found.id,
        ref=found.ref,
        customer_id=found.customer_id,
        goal=found.goal,
        state=State(found.state),
        identity=_identity(found),
        reason=found.reason,
        opened_at=found.opened_at,
        expires_at=found.expires_at,
        submitted_at=found.submitted_at,
        ended_at=found.ended_at,
        erased_at=found.erased_at,
    )


def _identity(found: Application | Row[Any]) -> Identity | None:
    if found.born_on is None:
        return None
    return Identity(
        name=found.name,
        born_on=found.born_on,
        nationality=found.nationality,
        street=found.street,
        postcode=found.postcode,
        city=found.city,
        country=found.country,
    )


signs.register_question(
    select(Application.state == State.ASKED_AGAIN)
    .where(Application.customer_id == bindparam("owner"))
    .order_by(Application.opened_at.desc(), Application.id.desc())
    .limit(1)
    .scalar_subquery()
)
