"""Open covers, what was declared under them, and every movement of their deposit."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from insurance.trade.open_cover.rules import Source, State
from kernel.checks import one_of
from kernel.db import Base

_JSON = JSONB(none_as_null=True)


class OpenCover(Base):
    """A year's cover of a business, from what it asks for to what its premium was adjusted by.

    Units: deposit and owed in minor units of currency, as the moves say; both are changed under the
    row's lock alone, since the ledger's accounts have no floor. Shape: asked is the application,
    terms the document that was signed, sha256 its hash; ends_on and war_until are brought forward
    by a notice; told_until is the last month whose bordereau its holder was told of; orders_from is
    from which value on what its holder buys here for a business is declared, null for never.
    sales_of is the organisation whose sales are declared, from the value sales_from on, to the
    countries of sales_to; null for none.
    """

    __tablename__ = "open_covers"
    __table_args__ = (
        CheckConstraint("deposit >= 0 AND owed >= 0", name="has_floors"),
        CheckConstraint(
            "(terms IS NULL) = (sha256 IS NULL) AND (terms IS NULL) = (signed_by IS NULL)",
            name="terms_are_signed",
        ),
        CheckConstraint(
            "state IN ('draft', 'ended') OR (accepted_at IS NOT NULL AND wallet_id IS NOT NULL)",
            name="running_is_accepted",
        ),
        CheckConstraint(
            "(sales_of IS NULL) = (sales_from IS NULL) AND (sales_of IS NULL) = (sales_to IS NULL)",
            name="sales_are_whole",
        ),
        Index("ix_open_covers_sales_of", "sales_of", postgresql_where=text("sales_of IS NOT NULL")),
        Index("ix_open_covers_owner_id_created_at", "owner_id", "created_at"),
        Index("ix_open_covers_state_created_at", "state", "created_at"),
        {"schema": "insurance"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    owner_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(one_of("state", State))
    currency: Mapped[str]
    asked: Mapped[dict[str, Any]] = mapped_column(JSONB)
    terms: Mapped[dict[str, Any] | None] = mapped_column(_JSON)
    sha256: Mapped[str | None]
    signed_by: Mapped[UUID | None]
    signed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    approval_id: Mapped[UUID | None]
    accepted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    wallet_id: Mapped[UUID | None]
    insurer_key: Mapped[str | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    war_until: Mapped[date | None]
    deposit: Mapped[int] = mapped_column(BigInteger)
    owed: Mapped[int] = mapped_column(BigInteger)
    told_until: Mapped[date | None]
    turnover: Mapped[int | None] = mapped_column(BigInteger)
    adjusted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    orders_from: Mapped[int | None] = mapped_column(BigInteger)
    sales_of: Mapped[UUID | None]
    sales_from: Mapped[int | None] = mapped_column(BigInteger)
    sales_to: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class OpenCoverEntry(Base):
    """One line of a cover's history; append-only.

    Shape: data holds plain values, amounts in minor units; actor as the audit trail calls them.
    """

    __tablename__ = "open_cover_entries"
    __table_args__ = (
        Index("ix_open_cover_entries_open_cover_id_id", "open_cover_id", "id"),
        {"schema": "insurance"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    open_cover_id: Mapped[UUID] = mapped_column(ForeignKey("insurance.open_covers.id"))
    what: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    actor: Mapped[str]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Declaration(Base):
    """A declared shipment with the policy that was bound in the same second.

    Units: cif, sum_insured, net, tax, from_deposit and off_owed in minor units of the cover's
    currency; the rest of net and tax became owed. Shape: seal tells one shipment under a reference
    from another; places are both ends of its way. Nothing of it is changed but that its holder may
    withdraw it: withdrawn_at and withdrawn_by say so, off_owed what of its premium went against
    what was owed then; the rest went into the deposit.
    """

    __tablename__ = "declarations"
    __table_args__ = (
        UniqueConstraint(
            "open_cover_id", "reference", name="uq_declarations_open_cover_id_reference"
        ),
        CheckConstraint(
            "from_deposit >= 0 AND from_deposit <= net + tax", name="draws_its_premium"
        ),
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)"
            " AND (withdrawn_at IS NULL) = (off_owed IS NULL)"
            " AND (off_owed IS NULL OR off_owed BETWEEN 0 AND net + tax)",
            name="withdrawn_whole",
        ),
        Index("ix_declarations_open_cover_id_at", "open_cover_id", "at"),
        {"schema": "insurance"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    open_cover_id: Mapped[UUID] = mapped_column(ForeignKey("insurance.open_covers.id"))
    reference: Mapped[str]
    source: Mapped[str] = mapped_column(one_of("source", Source))
    seal: Mapped[str]
    policy_id: Mapped[UUID] = mapped_column(ForeignKey("insurance.cargo_policies.id"), unique=True)
    number: Mapped[str]
    goods: Mapped[str]
    voyage: Mapped[str]
    places: Mapped[list[str]] = mapped_column(ARRAY(Text))
    departs_on: Mapped[date]
    cif: Mapped[int] = mapped_column(BigInteger)
    sum_insured: Mapped[int] = mapped_column(BigInteger)
    net: Mapped[int] = mapped_column(BigInteger)
    tax: Mapped[int] = mapped_column(BigInteger)
    from_deposit: Mapped[int] = mapped_column(BigInteger)
    is_late: Mapped[bool]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    withdrawn_by: Mapped[UUID | None]
    off_owed: Mapped[int | None] = mapped_column(BigInteger)


class OpenCoverMove(Base):
    """A movement of a cover's deposit or of what is owed under it; append-only.

    Units: minor units of the cover's currency, by how much each changed. Shape: subject is the
    certificate or the cover itself; due_on is when what became owed is due.
    """

    __tablename__ = "open_cover_moves"
    __table_args__ = (
        Index("ix_open_cover_moves_open_cover_id_id", "open_cover_id", "id"),
        {"schema": "insurance"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    open_cover_id: Mapped[UUID] = mapped_column(ForeignKey("insurance.open_covers.id"))
    what: Mapped[str]
    subject: Mapped[str]
    deposit: Mapped[int] = mapped_column(BigInteger)
    owed: Mapped[int] = mapped_column(BigInteger)
    due_on: Mapped[date | None]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class DeclarationFile(Base):
    """A file of declarations as it was read, with what became of each line.

    Shape: lines are `{"line", "cells", "number", "complaints"}`, complaints by column as
    `{"msgid", "data"}`; number is the certificate, null where the line was not declared.
    """

    __tablename__ = "declaration_files"
    __table_args__ = (
        Index("ix_declaration_files_open_cover_id_sent_at", "open_cover_id", "sent_at"),
        {"schema": "insurance"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    open_cover_id: Mapped[UUID] = mapped_column(ForeignKey("insurance.open_covers.id"))
    name: Mapped[str]
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    sent_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
