"""Handles of owners and the payees they saved."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from banking.core.rail.queries import Outcome
from kernel.checks import one_of
from kernel.db import Base

_SCHEMA = {"schema": "banking"}


class Handle(Base):
    """A name under which an owner is paid; a retired one stays the owner's for ever."""

    __tablename__ = "handles"
    __table_args__ = (
        CheckConstraint("handle ~ '^[a-z][a-z0-9._]{3,23}$'", name="plain"),
        CheckConstraint("owner_kind IN ('person', 'organisation')", name="owner_kind"),
        Index(
            "uq_handles_owner_id",
            "owner_id",
            unique=True,
            postgresql_where=text("retired_at IS NULL"),
        ),
        _SCHEMA,
    )

    handle: Mapped[str] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID]
    owner_kind: Mapped[str]
    chosen_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class SavedPayee(Base):
    """Somebody whom an owner pays again. Shape: account is a number, or a handle with its @."""

    __tablename__ = "saved_payees"
    __table_args__ = (
        Index(
            "uq_saved_payees_owner_id_account",
            "owner_id",
            "account",
            unique=True,
            postgresql_where=text("removed_at IS NULL"),
        ),
        Index("ix_saved_payees_owner_id", "owner_id", "id"),
        _SCHEMA,
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID]
    name: Mapped[str]
    account: Mapped[str]
    outcome: Mapped[str] = mapped_column(one_of("outcome", Outcome))
    saved_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
