"""Reads of customers, and whose money somebody may look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import select

from banking.accounts.parties.models import Customer, TierGrant
from kernel.actor import Actor
from kernel.db import session
from kernel.errors import NotFound
from kernel.people.identity import queries as identity


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerView:
    """A customer as other rooms see one."""

    id: UUID
    kind: str
    country: str
    locale: str
    tier: int
    since: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantView:
    """Why a customer has a tier."""

    tier: int
    basis: str
    evidence: str
    granted_at: datetime


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose wallets a page shows. Shape: argument is what addresses carry, None for oneself."""

    id: UUID
    kind: Literal["person", "organisation"]
    name: str

    @property
    def argument(self) -> UUID | None:
        """The owner as an argument of addresses; a person's own bank has none."""
        return self.id if self.kind == "organisation" else None


def customer(*, owner_id: UUID) -> CustomerView | None:
    """Return the customer behind an owner of wallets, None when the bank knows none."""
    row = session().get(Customer, owner_id)
    if row is None:
        return None
    return CustomerView(
        id=row.id,
        kind=row.kind,
        country=row.country,
        locale=row.locale,
        tier=row.tier,
        since=row.since,
        closed_at=row.closed_at,
    )


def tier_of(*, owner_id: UUID) -> int:
    """Return how well the bank knows an owner; one it never heard of has tier 0."""
    known = session().execute(select(Customer.tier).where(Customer.id == owner_id))
    return known.scalar_one_or_none() or 0


def tier_under_lock(*, owner_id: UUID) -> int:
    """Return an owner's tier, which then stays until the open command ends."""
    query = select(Customer.tier).where(Customer.id == owner_id).with_for_update(read=True)
    return session().execute(query).scalar_one_or_none() or 0


def grants_of(*, owner_id: UUID) -> list[GrantView]:
    """Return why a customer has each tier, newest first."""
    query = (
        select(TierGrant)
        .where(TierGrant.customer_id == owner_id)
        .order_by(TierGrant.granted_at.desc(), TierGrant.tier.desc())
    )
    return [
        GrantView(
            tier=grant.tier,
            basis=grant.basis,
            evidence=grant.evidence,
            granted_at=grant.granted_at,
        )
        for grant in session().execute(query).scalars()
    ]


def owner_for(actor: Actor, account: UUID | None = None) -> Owner:
    """Return whose bank somebody may look at: their own, or a company's they work for.

    Raises: NotFound.
    """
    person_id = actor.somebody()
    if account is None or account == person_id:
        person = identity.person(person_id)
        return Owner(person_id, "person", person.name if person else "")
    company = identity.organisation(account) if account in actor.organisation_ids else None
    if company is None:
        raise NotFound
    return Owner(company.id, "organisation", company.name)
