"""Photographs with their files."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class Photo(Base):
    """A photograph somebody sent.

    Units: size in bytes of the file that came, width and height in pixels of the large one that is
    kept. Shape: subject is what it belongs to, by its public reference; sent_at is empty while its
    form is not sent; sha256 is of the file that came, kind its media type; alt is what its owner
    says it shows.
    """

    __tablename__ = "photo"
    __table_args__ = (
        CheckConstraint("octet_length(sha256) = 32", name="hash_is_sha256"),
        CheckConstraint("length(alt) <= 160", name="alt_is_short"),
        CheckConstraint("width > 0 AND height > 0 AND size > 0", name="measures_are_positive"),
        # The same file twice on one form is one photograph.
        Index("uq_photo_same", "album", "subject", "owner_id", "sha256", unique=True),
        Index("ix_photo_owner_id", "owner_id", "album"),
        Index("ix_photo_waiting", "kept_at", postgresql_where=sql("sent_at IS NULL")),
        {"schema": "kernel"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    album: Mapped[str]
    subject: Mapped[str]
    owner_id: Mapped[UUID]
    position: Mapped[int]
    alt: Mapped[str] = mapped_column(server_default="")
    kind: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    width: Mapped[int]
    height: Mapped[int]
    kept_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class PhotoFile(Base):
    """One size of a photograph, without what cameras write inside; goes with it."""

    __tablename__ = "photo_file"
    __table_args__ = ({"schema": "kernel"},)

    photo_id: Mapped[UUID] = mapped_column(
        ForeignKey("kernel.photo.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
