"""Applications, what was shown for them, what was checked, and who decided."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from banking.compliance.onboarding.rules import DocumentKind
from kernel.checks import one_of
from kernel.db import Base

_OPEN = "state IN ('draft', 'submitted', 'asked_again')"


class Application(Base):
    """A customer asks to be known better.

    Shape: goal is the tier asked for; reason is why the bank asked again or refused, empty else.
    Who they are is gone once its time is over: erased_at says when, and the words are empty.
    """

    __tablename__ = "applications"
    __table_args__ = (
        CheckConstraint("goal IN (1, 2)", name="goal"),
        CheckConstraint(
            "state IN ('draft', 'submitted', 'asked_again', 'approved', 'refused', 'expired')",
            name="state",
        ),
        CheckConstraint(
            "(state IN ('approved', 'refused', 'expired')) = (ended_at IS NOT NULL)",
            name="ended_when_over",
        ),
        CheckConstraint(
            "(erased_at IS NULL) = (born_on IS NOT NULL)"
            " AND (erased_at IS NULL OR (ended_at IS NOT NULL AND name = '' AND street = ''))",
            name="erased_is_empty",
        ),
        Index("uq_applications_one_open", "customer_id", unique=True, postgresql_where=text(_OPEN)),
        Index("ix_applications_customer_id", "customer_id", "opened_at"),
        Index(
            "ix_applications_in_review",
            "submitted_at",
            "id",
            postgresql_where=text("state = 'submitted'"),
        ),
        {"schema": "banking"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("banking.customers.id"))
    goal: Mapped[int] = mapped_column(SmallInteger)
    state: Mapped[str]
    name: Mapped[str]
    born_on: Mapped[date | None]
    nationality: Mapped[str]
    street: Mapped[str]
    postcode: Mapped[str]
    city: Mapped[str]
    country: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    opened_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]


class ApplicationCompany(Base):
    """The company that an application is about; the application's person represents it."""

    __tablename__ = "application_companies"
    __table_args__ = ({"schema": "banking"},)

    application_id: Mapped[UUID] = mapped_column(
        ForeignKey("banking.applications.id"), primary_key=True
    )
    legal_name: Mapped[str]
    registration_number: Mapped[str]
    registered_in: Mapped[str]
    street: Mapped[str]
    postcode: Mapped[str]
    city: Mapped[str]
    country: Mapped[str]


class ApplicationOwner(Base):
    """A beneficial owner of a company. Units: share in hundredths of a percent."""

    __tablename__ = "application_owners"
    __table_args__ = (
        CheckConstraint("share_bp BETWEEN 1 AND 10000", name="share_within_whole"),
        {"schema": "banking"},
    )

    application_id: Mapped[UUID] = mapped_column(
        ForeignKey("banking.application_companies.application_id"), primary_key=True
    )
    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    name: Mapped[str]
    born_on: Mapped[date]
    country: Mapped[str]
    share_bp: Mapped[int]


class ApplicationDocument(Base):
    """A document shown for an application; append-only. Units: size in bytes.

    Shape: the file lies outside of everything that is served and is named by its hash.
    """

    __tablename__ = "application_documents"
    __table_args__ = (
        CheckConstraint("size > 0", name="size_positive"),
        Index("ix_application_documents_application_id", "application_id", "kept_at"),
        {"schema": "banking"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("banking.applications.id"))
    kind: Mapped[str] = mapped_column(one_of("kind", DocumentKind))
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    kept_at: Mapped[datetime]


class ApplicationCheck(Base):
    """An answer of the identity service; append-only. Shape: id is the question's key."""

    __tablename__ = "application_checks"
    __table_args__ = (
        CheckConstraint(
            "verdict IN ('clear', 'not_confirmed', 'ask_again', 'match')", name="verdict"
        ),
        Index("ix_application_checks_application_id", "application_id", "at"),
        {"schema": "banking"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("banking.applications.id"))
    verdict: Mapped[str]
    provider_ref: Mapped[str]
    hits: Mapped[list[Any]] = mapped_column(JSONB)
    at: Mapped[datetime]


class ApplicationReview(Base):
    """A step of an officer; append-only.

    Shape: step is proposed, confirmed or returned; decision and reason are those proposed.
    """

    __tablename__ = "application_reviews"
    __table_args__ = (
        CheckConstraint("step IN ('proposed', 'confirmed', 'returned')", name="step"),
        CheckConstraint("decision IN ('approve', 'ask_again', 'refuse')", name="decision"),
        CheckConstraint("(decision = 'approve') = (reason = '')", name="reason_unless_approved"),
        Index("ix_application_reviews_application_id", "application_id", "at"),
        {"schema": "banking"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("banking.applications.id"))
    step: Mapped[str]
    decision: Mapped[str]
    reason: Mapped[str]
    officer_id: Mapped[UUID]
    at: Mapped[datetime]


# What rooms above may join.
READABLE = (Application, ApplicationDocument)
