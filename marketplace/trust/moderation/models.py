"""Reports, decisions with their reasons, and objections."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base

_REASONS = "('counterfeit', 'forbidden', 'dangerous', 'misleading', 'other')"


class ListingDecision(Base):
    """A statement of reasons: what was decided on a listing, on which ground; never changed.

    Source: Regulation (EU) 2022/2065, article 17.
    """

    __tablename__ = "listing_decision"
    __table_args__ = (
        CheckConstraint("outcome IN ('kept', 'removed')", name="outcome_known"),
        CheckConstraint(f"ground IN {_REASONS}", name="ground_known"),
        CheckConstraint("words <> ''", name="says_why"),
        Index("ix_listing_decision_product_id", "product_id", "decided_at"),
        {"schema": "marketplace"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("marketplace.product.id"))
    vendor_id: Mapped[int] = mapped_column(ForeignKey("marketplace.vendor.id"))
    outcome: Mapped[str]
    ground: Mapped[str]
    words: Mapped[str]
    decided_by: Mapped[UUID]
    decided_at: Mapped[datetime]
    objection_until: Mapped[datetime]


class DecisionSeller(Base):
    """A shop that sold the goods when it was decided: it reads the reasons and may object."""

    __tablename__ = "listing_decision_seller"
    __table_args__ = (
        Index("ix_listing_decision_seller_decision_id", "decision_id"),
        {"schema": "marketplace"},
    )

    vendor_id: Mapped[int] = mapped_column(ForeignKey("marketplace.vendor.id"), primary_key=True)
    decision_id: Mapped[UUID] = mapped_column(
        ForeignKey("marketplace.listing_decision.id"), primary_key=True
    )


class ListingReport(Base):
    """What somebody reported of a listing.

    Shape: decision_id is empty while it waits; words, reporter_id, name and email are empty once
    the reporter let go of them.
    Source: Regulation (EU) 2022/2065, article 16.
    """

    __tablename__ = "listing_report"
    __table_args__ = (
        CheckConstraint(f"reason IN {_REASONS}", name="reason_known"),
        CheckConstraint(
            "words <> '' OR num_nulls(reporter_id, nullif(email, '')) = 2", name="says_what"
        ),
        Index(
            "uq_listing_report_one_open",
            "product_id",
            "email",
            unique=True,
            postgresql_where=text("decision_id IS NULL"),
        ),
        Index(
            "ix_listing_report_waiting",
            "reported_at",
            "id",
            postgresql_where=text("decision_id IS NULL"),
        ),
        Index("ix_listing_report_decision_id", "decision_id"),
        Index("ix_listing_report_reporter_id", "reporter_id"),
        {"schema": "marketplace"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("marketplace.product.id"))
    reason: Mapped[str]
    words: Mapped[str]
    reporter_id: Mapped[UUID | None]
    name: Mapped[str]
    email: Mapped[str]
    locale: Mapped[str]
    reported_at: Mapped[datetime]
    decision_id: Mapped[UUID | None] = mapped_column(ForeignKey("marketplace.listing_decision.id"))


class ListingObjection(Base):
    """The one objection of a vendor, and what another operator made of it.

    Shape: stands is whether the decision stays; empty while nobody has looked again; objected_by
    is empty once they let go of it, the words are their shop's.
    Source: Regulation (EU) 2022/2065, article 20.
    """

    __tablename__ = "listing_objection"
    __table_args__ = (
        CheckConstraint("words <> ''", name="says_why"),
        CheckConstraint(
            "num_nulls(stands, review_words, reviewed_by, reviewed_at) IN (0, 4)",
            name="reviewed_whole",
        ),
        CheckConstraint("reviewed_by <> decided_by", name="reviewed_by_another"),
        CheckConstraint("reviewed_by <> objected_by", name="reviewed_by_an_outsider"),
        Index("ix_listing_objection_objected_by", "objected_by"),
        Index(
            "ix_listing_objection_waiting",
            "objected_at",
            "decision_id",
            postgresql_where=text("reviewed_at IS NULL"),
        ),
        {"schema": "marketplace"},
    )

    decision_id: Mapped[UUID] = mapped_column(
        ForeignKey("marketplace.listing_decision.id"), primary_key=True
    )
    words: Mapped[str]
    objected_by: Mapped[UUID | None]
    objected_at: Mapped[datetime]
    decided_by: Mapped[UUID]
    stands: Mapped[bool | None]
    review_words: Mapped[str | None]
    reviewed_by: Mapped[UUID | None]
    reviewed_at: Mapped[datetime | None]
