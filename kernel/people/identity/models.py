"""People, organisations, memberships and sessions."""

from __future__ import annotations

from datetime import datetime
from ipaddress import IPv4Network, IPv6Network
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY, CIDR, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class Person(Base):
    """Somebody with an account to sign in to, or a guest: who buys without one.

    Shape: roles are values of kernel.actor.Role; since barred_at nobody gets in with the account.
    A guest has guest_email in place of email and no password: so whatever looks an address up, to
    sign in, to send a new password or to see whether it is taken, finds accounts alone, and many
    guests may have typed the same one.
    """

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_is_lower_case"),
        CheckConstraint("guest_email = lower(guest_email)", name="guest_email_is_lower_case"),
        CheckConstraint("num_nonnulls(email, guest_email) = 1", name="account_or_guest"),
        CheckConstraint(
            "(email IS NULL) = (password_hash IS NULL)", name="accounts_have_a_password"
        ),
        CheckConstraint(
            "(guest_email IS NOT NULL) = (roles = ARRAY['guest'])", name="guests_are_nothing_else"
        ),
        Index(
            "ix_person_guest_email",
            "guest_email",
            postgresql_where=sql("guest_email IS NOT NULL"),
        ),
        {"schema": "kernel"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str | None] = mapped_column(unique=True)
    guest_email: Mapped[str | None]
    name: Mapped[str]
    password_hash: Mapped[str | None]
    locale: Mapped[str]
    country: Mapped[str]
    roles: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    created_at: Mapped[datetime]
    barred_at: Mapped[datetime | None]

    @property
    def address(self) -> str:
        """Where letters to an account or a guest go."""
        address = self.email or self.guest_email
        assert address is not None, "everybody has one of both"
        return address


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
    by_link says of a guest's that a letter's link opened it: whoever did has the mailbox.
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
    by_link: Mapped[bool] = mapped_column(server_default="false")


# What rooms above may join.
READABLE = (Person, Organisation, Membership, PersonSession)
