"""What the tiles of cover show on other floors' pages."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from insurance.contracts.policies.models import Policy
from insurance.losses.claims.models import Claim
from insurance.losses.claims.queries import OPEN_STATES
from kernel.actor import Actor, Role
from kernel.db import session


@dataclass(frozen=True, slots=True)
class CoverTile:
    """How many parcels are covered and how many claims are open."""

    active: int
    open_claims: int


@dataclass(frozen=True, slots=True)
class FooterTile:
    """Which links the footer shows."""

    is_officer: bool


def cover_tile(actor: Actor) -> CoverTile | None:
    """Return a person's cover in two figures, in one statement; None for strangers."""
    if actor.person_id is None:
        return None
    active = (
        select(func.count())
        .select_from(Policy)
        .where(Policy.policyholder_id == actor.person_id, Policy.state.in_(["bound", "attached"]))
        .scalar_subquery()
    )
    open_claims = (
        select(func.count())
        .select_from(Claim)
        .where(Claim.policyholder_id == actor.person_id, Claim.state.in_(OPEN_STATES))
        .scalar_subquery()
    )
    row = session().execute(select(active, open_claims)).one()
    return CoverTile(row[0], row[1])


def footer_tile(actor: Actor) -> FooterTile:
    """Return whether the footer shows the desk."""
    return FooterTile(bool(actor.roles & {Role.UNDERWRITER, Role.OPERATOR}))
