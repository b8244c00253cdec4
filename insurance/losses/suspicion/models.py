"""Points of claims, and marks of their photographs."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA
from sqlalchemy.orm import Mapped, mapped_column

from insurance.losses.suspicion.rules import Reason
from kernel.checks import one_of
from kernel.db import Base


class ClaimPoint(Base):
    """Why a claim was looked at twice, with its points."""

    __tablename__ = "claim_points"
    __table_args__ = (
        CheckConstraint("points > 0", name="points_are_positive"),
        {"schema": "insurance"},
    )

    claim_id: Mapped[UUID] = mapped_column(ForeignKey("insurance.claims.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(one_of("reason", Reason), primary_key=True)
    points: Mapped[int]


class PhotoMark(Base):
    """What a photograph of a claim looks like, in 64 bits that scaling and compressing leave alike.

    Shape: bands are its four parts, each with its place; a mark close to another shares one.
    """

    __tablename__ = "photo_marks"
    __table_args__ = (
        CheckConstraint("octet_length(mark) = 8", name="mark_has_64_bits"),
        Index("ix_photo_marks_bands", "bands", postgresql_using="gin"),
        {"schema": "insurance"},
    )

    photo_id: Mapped[UUID] = mapped_column(
        ForeignKey("kernel.photo.id", ondelete="CASCADE"), primary_key=True
    )
    policy_id: Mapped[UUID] = mapped_column(ForeignKey("insurance.policies.id"))
    mark: Mapped[bytes] = mapped_column(BYTEA)
    bands: Mapped[list[int]] = mapped_column(ARRAY(Integer))
