"""Reports, decisions with their reasons, and objections, of every kind of subject.

Shape: a subject is its kind and the id that it has in its own room, which answers for both.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class Decision(Base):
    """A statement of reasons: what was decided on a subject, on which ground; never changed.

    Source: Regulation (EU) 2022/2065, article 17.
    """

    __tablename__ = "moderation_decision"
    __table_args__ = (
        CheckConstraint("outcome IN ('kept', 'removed')", name="outcome_known"),
        CheckConstraint("ground <> ''", name="names_a_ground"),
        CheckConstraint("words <> ''", name="says_why"),
        Index("ix_moderation_decision_subject", "kind", "subject_id", "decided_at"),
        {"schema": "marketplace"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    subject_id: Mapped[int] = mapped_column(BigInteger)
    outcome: Mapped[str]
    ground: Mapped[str]
    words: Mapped[str]
    decided_by: Mapped[UUID]
    decided_at: Mapped[datetime]
    objection_until: Mapped[datetime]


class DecisionShop(Base):
    """A shop whose trade a decision bound on its day: it reads the reasons and may object."""

    __tablename__ = "moderation_decision_shop"
    __table_args__ = (
        Index("ix_moderation_decision_shop_decision_id", "decision_id"),
        {"schema": "marketplace"},
    )

    vendor_id: Mapped[int] = mapped_column(ForeignKey("marketplace.vendor.id"), primary_key=True)
    decision_id: Mapped[UUID] = mapped_column(
        ForeignKey("marketplace.moderation_decision.id"), primary_key=True
    )


class Report(Base):
    """What somebody reported of a subject.

    Shape: decision_id is empty while it waits; words, reporter_id, name and email are empty once
    the reporter let go of them.
    Source: Regulation (EU) 2022/2065, article 16.
    """

    __tablename__ = "moderation_report"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="names_a_reason"),
        CheckConstraint(
            "words <> '' OR num_nulls(reporter_id, nullif(email, '')) = 2", name="says_what"
        ),
        Index(
            "uq_moderation_report_one_open",
            "kind",
            "subject_id",
            "email",
            unique=True,
            postgresql_where=text("decision_id IS NULL"),
        ),
        Index(
            "ix_moderation_report_waiting",
            "kind",
            "reported_at",
            "id",
            postgresql_where=text("decision_id IS NULL"),
        ),
        Index("ix_moderation_report_subject", "kind", "subject_id"),
        Index("ix_moderation_report_decision_id", "decision_id"),
        Index("ix_moderation_report_reporter_id", "reporter_id"),
        {"schema": "marketplace"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    subject_id: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str]
    words: Mapped[str]
    reporter_id: Mapped[UUID | None]
    name: Mapped[str]
    email: Mapped[str]
    locale: Mapped[str]
    reported_at: Mapped[datetime]
    decision_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("marketplace.moderation_decision.id")
    )


class Objection(Base):
    """The one objection to a decision, and what another operator made of it.

    Shape: stands is whether the decision stays; empty while nobody has looked again; objected_by
    is empty once they let go of it, and so are the words, unless they are a shop's.
    Source: Regulation (EU) 2022/2065, article 20.
    """

    __tablename__ = "moderation_objection"
    __table_args__ = (
        CheckConstraint("words <> '' OR (objected_by IS NULL AND NOT is_of_shop)", name="says_why"),
        CheckConstraint(
            "num_nulls(stands, review_words, reviewed_by, reviewed_at) IN (0, 4)",
            name="reviewed_whole",
        ),
        CheckConstraint("reviewed_by <> decided_by", name="reviewed_by_another"),
        CheckConstraint("reviewed_by <> objected_by", name="reviewed_by_an_outsider"),
        Index("ix_moderation_objection_objected_by", "objected_by"),
        Index(
            "ix_moderation_objection_waiting",
            "objected_at",
            "decision_id",
            postgresql_where=text("reviewed_at IS NULL"),
        ),
        {"schema": "marketplace"},
    )

    decision_id: Mapped[UUID] = mapped_column(
        ForeignKey("marketplace.moderation_decision.id"), primary_key=True
    )
    words: Mapped[str]
    is_of_shop: Mapped[bool]
    objected_by: Mapped[UUID | None]
    objected_at: Mapped[datetime]
    decided_by: Mapped[UUID]
    stands: Mapped[bool | None]
    review_words: Mapped[str | None]
    reviewed_by: Mapped[UUID | None]
    reviewed_at: Mapped[datetime | None]
