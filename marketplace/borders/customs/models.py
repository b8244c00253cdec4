"""Stored quotes, declarations with their steps, and the state of the simulated authority."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from kernel.checks import one_of
from kernel.db import Base
from marketplace.borders.customs.rules import DeclarationState


class CustomsQuote(Base):
    """A landed cost that was promised; replayable from `case`, never changed.

    Units: *_minor in minor units of `currency`.
    """

    __tablename__ = "customs_quote"
    __table_args__ = (
        CheckConstraint("goods_minor >= 0 AND charges_minor >= 0", name="amounts_are_not_negative"),
        Index("ix_customs_quote_subject", "subject"),
        {"schema": "marketplace"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    subject: Mapped[str]
    buyer_id: Mapped[UUID | None]
    destination_country: Mapped[str]
    destination_region: Mapped[str | None]
    regime: Mapped[str]
    currency: Mapped[str]
    goods_minor: Mapped[int] = mapped_column(BigInteger)
    freight_minor: Mapped[int] = mapped_column(BigInteger)
    insurance_minor: Mapped[int] = mapped_column(BigInteger)
    duty_minor: Mapped[int] = mapped_column(BigInteger)
    tax_minor: Mapped[int] = mapped_column(BigInteger)
    fee_minor: Mapped[int] = mapped_column(BigInteger)
    charges_minor: Mapped[int] = mapped_column(BigInteger)
    incoterm: Mapped[str]
    collector: Mapped[str]
    confidence: Mapped[str]
    row_ids: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    rules_digest: Mapped[str]
    line_refs: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    line_titles: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    case: Mapped[dict[str, Any]] = mapped_column(JSONB)
    result: Mapped[dict[str, Any]] = mapped_column(JSONB)
    quoted_at: Mapped[datetime]
    valid_until: Mapped[datetime]


class CustomsDeclaration(Base):
    """One entry for one parcel.

    Units: quoted_minor and assessed_minor in minor units of `currency`.
    """

    __tablename__ = "customs_declaration"
    __table_args__ = (
        UniqueConstraint("parcel_ref"),
        UniqueConstraint("ref"),
        CheckConstraint("version >= 1", name="version_counts_from_one"),
        CheckConstraint(
            "state IN ('draft','filed','queried','accepted','assessed','released','refused')",
            name="state_is_known",
        ),
        Index("ix_customs_declaration_buyer_id", "buyer_id", "drafted_at"),
        {"schema": "marketplace"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str]
    quote_id: Mapped[UUID] = mapped_column(ForeignKey("marketplace.customs_quote.id"))
    parcel_ref: Mapped[str]
    order_ref: Mapped[str]
    buyer_id: Mapped[UUID | None]
    destination_country: Mapped[str]
    incoterm: Mapped[str]
    state: Mapped[str]
    version: Mapped[int]
    lane: Mapped[str | None]
    registration_number: Mapped[str | None]
    currency: Mapped[str]
    quoted_minor: Mapped[int] = mapped_column(BigInteger)
    assessed_minor: Mapped[int | None] = mapped_column(BigInteger)
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    drafted_at: Mapped[datetime]


class DeclarationStep(Base):
    """One step of a declaration: who, when, from where to where; never changed."""

    __tablename__ = "customs_declaration_step"
    __table_args__ = (
        UniqueConstraint("declaration_id", "answer_id"),
        Index("ix_customs_declaration_step_declaration_id", "declaration_id", "seq"),
        {"schema": "marketplace"},
    )

    seq: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    declaration_id: Mapped[UUID] = mapped_column(ForeignKey("marketplace.customs_declaration.id"))
    answer_id: Mapped[str | None]
    state: Mapped[str] = mapped_column(one_of("state", DeclarationState))
    version: Mapped[int]
    actor: Mapped[str]
    at: Mapped[datetime]
    note: Mapped[str]


class AuthorityEntry(Base):
    """What the simulated authority keeps about one lodged entry."""

    __tablename__ = "authority_entry"
    __table_args__ = ({"schema": "marketplace"},)

    entry_ref: Mapped[str] = mapped_column(primary_key=True)
    parcel_ref: Mapped[str]
    version: Mapped[int]
    lane: Mapped[str]
    due_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    lodged_at: Mapped[datetime]
    delay_hours: Mapped[int]
    is_refused: Mapped[bool]
    is_silent: Mapped[bool]
    is_duplicated: Mapped[bool]
    is_reordered: Mapped[bool]


class AuthorityMischief(Base):
    """How the simulated authority was told to misbehave; used up one entry at a time."""

    __tablename__ = "authority_mischief"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('lose','delay','duplicate','reorder','timeout','refuse','reassess')",
            name="kind_is_known",
        ),
        {"schema": "marketplace"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    parcel_ref: Mapped[str | None]
    hours: Mapped[int]
    percent: Mapped[int]
    remaining: Mapped[int]
