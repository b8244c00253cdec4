"""People, organisations, memberships and sessions."""

from __future__ import annotations

from datetime import datetime
from ipaddress import IPv4Network, IPv6Network
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.dialects.postgresql import ARRAY, CIDR, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class Person(Base):
    """Somebody who can sign in.

    Shape: roles are values of kernel.actor.Role; since barred_at nobody gets in with the account.
    """

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_is_lower_case"),
        {"schema": "kernel"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    locale: Mapped[str]
    country: Mapped[str]
    roles: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    created_at: Mapped[datetime]
    barred_at: Mapped[datetime | None]


class Organisation(Base):
    """A company that people work for: a vendor's legal person."""

    __tablename__ = "organisation"
    __table_args__ = {"schema": "kernel"}

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    country: Mapped[str]
    created_at: Mapped[datetime]


class Membership(Base):
    """A person works for an organisation."""

    __tablename__ = "membership"
    __table_args__ = (
        Index("ix_membership_organisation_id", "organisation_id"),
        {"schema": "kernel"},
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("kernel.person.id"), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(
        ForeignKey("kernel.organisation.id"), primary_key=True
    )


class PersonSession(Base):
    """One sign-in on one device; ended_at signs it out at the next request.

    Shape: waits_until is set while the second step is still due; until then it opens nothing.
    network is around the address that opened it, never the address; None when there was none.
    Long over it is deleted, but a person's last stays: by it the next device is a new one.
    """

    __tablename__ = "person_session"
    __table_args__ = (
        CheckConstraint(
            "masklen(network) <= CASE family(network) WHEN 4 THEN 24 ELSE 48 END",
            name="network_is_no_address",
        ),
        Index("ix_person_session_person_id", "person_id"),
        Index("ix_person_session_expires_at", "expires_at"),
        {"schema": "kernel"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("kernel.person.id"))
    device: Mapped[str]
    network: Mapped[IPv4Network | IPv6Network | None] = mapped_column(CIDR)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    waits_until: Mapped[datetime | None]


# What rooms above may join.
READABLE = (Person, Organisation, Membership)
