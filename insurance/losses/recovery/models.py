"""Cases with carriers, their history, and the books of the carriers' stand-in."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Numeric,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from insurance.losses.recovery.rules import CarrierClaimState, DeskMischief, LetterKind
from insurance.rating.liability.queries import Cause, Regime
from kernel.checks import one_of
from kernel.db import Base


class CarrierClaim(Base):
    """What is asked of a carrier for one claim, of a parcel or of cargo; one case for each.

    Units: minor units of currency; limit_sdr in special drawing rights, limit about as much in the
    currency, both null where no limit is known. Shape: regime is null where no convention holds;
    carrier and its number are empty where no scan told them; waiver is what one person proposes to
    give up and why, until a second one confirms it. Of cargo, packages and weight_g are what of
    it was lost or damaged, nothing where nobody said, and parcel_ref is the number of its policy;
    passed_on is what of the money received went to the holder for what was uninsured.
    """

    __tablename__ = "carrier_claims"
    __table_args__ = (
        CheckConstraint("asked >= 0 AND accepted <= asked", name="accepts_what_was_asked"),
        CheckConstraint("received BETWEEN 0 AND accepted", name="pays_what_was_accepted"),
        CheckConstraint(
            "(closed_at IS NOT NULL) = (state IN ('closed', 'waived'))", name="ended_has_instant"
        ),
        CheckConstraint(
            "state IN ('none', 'waived') OR notice_sent_at IS NOT NULL", name="notice_comes_first"
        ),
        CheckConstraint(
            "(claim_id IS NULL) <> (cargo_claim_id IS NULL)", name="asks_for_one_claim"
        ),
        CheckConstraint("passed_on BETWEEN 0 AND received", name="passes_on_what_came"),
        CheckConstraint("packages >= 0 AND weight_g >= 0", name="carried_something"),
        Index("uq_carrier_claims_cargo_claim_id", "cargo_claim_id", unique=True),
        Index(
            "ix_carrier_claims_open",
            "suit_by",
            postgresql_where=text("state NOT IN ('closed', 'waived')"),
        ),
        {"schema": "insurance"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    claim_id: Mapped[UUID | None] = mapped_column(ForeignKey("insurance.claims.id"), unique=True)
    cargo_claim_id: Mapped[UUID | None] = mapped_column(ForeignKey("insurance.cargo_claims.id"))
    insurer_key: Mapped[str]
    parcel_ref: Mapped[str]
    carrier: Mapped[str]
    tracking_number: Mapped[str]
    cause: Mapped[str] = mapped_column(one_of("cause", Cause))
    regime: Mapped[str | None] = mapped_column(one_of("regime", Regime))
    state: Mapped[str] = mapped_column(one_of("state", CarrierClaimState))
    currency: Mapped[str]
    asked: Mapped[int] = mapped_column(BigInteger)
    limit_sdr: Mapped[Decimal | None] = mapped_column(Numeric)
    limit: Mapped[int | None] = mapped_column(BigInteger)
    accepted: Mapped[int] = mapped_column(BigInteger, server_default="0")
    received: Mapped[int] = mapped_column(BigInteger, server_default="0")
    passed_on: Mapped[int] = mapped_column(BigInteger, server_default="0")
    packages: Mapped[int] = mapped_column(server_default="0")
    weight_g: Mapped[int] = mapped_column(BigInteger, server_default="0")
    notice_by: Mapped[date] = mapped_column(Date)
    suit_by: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(server_default="")
    waiver: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    opened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    notice_sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    written_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class CarrierClaimEntry(Base):
    """One line of a case's history; append-only.

    Shape: answer_id is the carrier's own name for an answer, so that one that comes twice is one.
    """

    __tablename__ = "carrier_claim_entries"
    __table_args__ = (
        Index("ix_carrier_claim_entries_carrier_claim_id_id", "carrier_claim_id", "id"),
        {"schema": "insurance"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    carrier_claim_id: Mapped[UUID] = mapped_column(ForeignKey("insurance.carrier_claims.id"))
    what: Mapped[str]
    state: Mapped[str] = mapped_column(one_of("state", CarrierClaimState))
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    answer_id: Mapped[str | None] = mapped_column(unique=True)
    person_id: Mapped[UUID | None]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class CarrierDeskLetter(Base):
    """What the simulated carriers' claims desk was sent, and how it was told to answer.

    Units: minor units of currency. Shape: most is what it pays at most, null for what is asked;
    mood is a piece of mischief, empty for none.
    """

    __tablename__ = "carrier_desk_letters"
    __table_args__ = ({"schema": "insurance"},)

    key: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(one_of("kind", LetterKind))
    currency: Mapped[str]
    asked: Mapped[int] = mapped_column(BigInteger)
    most: Mapped[int | None] = mapped_column(BigInteger)
    words: Mapped[str]
    mood: Mapped[str] = mapped_column(server_default="")
    came_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class CarrierDeskMischief(Base):
    """How the simulated claims desk was told to misbehave; used up one letter or call at a time."""

    __tablename__ = "carrier_desk_mischief"
    __table_args__ = ({"schema": "insurance"},)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(one_of("kind", DeskMischief))
    remaining: Mapped[int]


# What rooms above may join.
READABLE = (CarrierClaim,)
