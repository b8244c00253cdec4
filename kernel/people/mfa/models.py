"""What people have and know beside their password."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from kernel.checks import one_of
from kernel.db import Base
from kernel.people.mfa.rules import Method

_SCHEMA = {"schema": "kernel"}
_PERSON = "kernel.person.id"


class AuthenticatorApp(Base):
    """An app that shows codes. Shape: secret is encrypted; last_step is the newest code used.

    Until confirmed_at it only waits for its first code.
    """

    __tablename__ = "authenticator_app"
    __table_args__ = (
        Index(
            "uq_authenticator_app_person_id",
            "person_id",
            unique=True,
            postgresql_where=sql("removed_at IS NULL"),
        ),
        _SCHEMA,
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey(_PERSON))
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    last_step: Mapped[int] = mapped_column(BigInteger)
    added_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]


class Passkey(Base):
    """A key that lives in a person's device or password manager; we hold its public half.

    A removed one stays, since what it signed must be checkable later.
    """

    __tablename__ = "passkey"
    __table_args__ = (Index("ix_passkey_person_id", "person_id"), _SCHEMA)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey(_PERSON))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    label: Mapped[str]
    added_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """A code from paper, known by its digest alone."""

    __tablename__ = "recovery_code"
    __table_args__ = _SCHEMA

    person_id: Mapped[UUID] = mapped_column(ForeignKey(_PERSON), primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class UsedChallenge(Base):
    """A challenge of ours that was answered; the same answer does not count again."""

    __tablename__ = "used_challenge"
    __table_args__ = _SCHEMA

    challenge: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    used_at: Mapped[datetime]


class Confirmation(Base):
    """When somebody last proved themselves within a session."""

    __tablename__ = "confirmation"
    __table_args__ = _SCHEMA

    session_id: Mapped[UUID] = mapped_column(primary_key=True)
    confirmed_at: Mapped[datetime]
    method: Mapped[str] = mapped_column(one_of("method", Method))


# What rooms above may join.
READABLE = (AuthenticatorApp, Passkey, Confirmation)
