"""What the tiles of cover show on other floors' pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from insurance.contracts.policies.models import Policy
from insurance.losses.claims.models import Claim
from insurance.losses.claims.queries import (
    NOTIFIED,
    OPEN_STATES,
    OWED_STATES,
    handling_on,
)
from insurance.offers.quotes.queries import Cover
from insurance.rating.liability.queries import Cause, level_causes
from insurance.trade.cargo.models import CargoPolicy
from insurance.trade.cargo_claims.models import CargoClaim
from kernel import clock
from kernel.actor import Actor, Role
from kernel.db import session
from kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverTile:
    """What stands with a person's cover.

    Shape: active counts parcels on their way, shipments those of cargo that are insured, ending
    those that have arrived and whose loss can still be reported; report_by is when the first of
    these windows closes, None without any; due is approved and not paid yet, one sum for each
    currency.
    """

    active: int
    shipments: int
    ending: int
    report_by: datetime | None
    open_claims: int
    due: Sequence[Money]


@dataclass(frozen=True, slots=True)
class FooterTile:
    """Which links the footer shows."""

    is_officer: bool


def cover_tile(actor: Actor) -> CoverTile | None:
    """Return what stands with a person's cover, in one statement; None for strangers."""
    person_id = actor.person_id
    if person_id is None:
        return None
    active = _count(Policy.policyholder_id == person_id, Policy.state.in_(["bound", "attached"]))
    ending = _ending(person_id).subquery()
    shipments = _count(
        CargoPolicy.owner_id == person_id, CargoPolicy.state.in_(["bound", "attached"])
    )
    of_parcels = _count(Claim.policyholder_id == person_id, Claim.state.in_(OPEN_STATES))
    of_cargo = _count(
        CargoClaim.owner_id == person_id,
        CargoClaim.state.not_in(["paid", "refused", "withdrawn"]),
    )
    row = (
        session()
        .execute(
            select(
                active.scalar_subquery(),
                select(func.count()).select_from(ending).scalar_subquery(),
                select(func.min(ending.c.report_by)).scalar_subquery(),
                of_parcels.scalar_subquery() + of_cargo.scalar_subquery(),
                _due(person_id).scalar_subquery(),
                shipments.scalar_subquery(),
            )
        )
        .one()
    )
    due = [Money(minor, currency) for currency, minor in sorted((row[4] or {}).items())]
    return CoverTile(
        active=row[0],
        shipments=row[5],
        ending=row[1],
        report_by=row[2],
        open_claims=row[3],
        due=due,
    )


def _count(*which: ColumnElement[bool]) -> Select[int]:
    return select(func.count()).where(*which)


def _ending(person_id: UUID) -> Select[datetime]:
    """Return until when each parcel that has arrived may be reported, if nothing was so far.

    The latest window of the causes that a policy pays for, as `notice_until` reads them.
    """
    days = handling_on(clock.today()).notice_days
    windows = (
        case((_pays_for(cause), Policy.delivered_at + timedelta(days=days[cause])))
        for cause in NOTIFIED
    )
    report_by = func.greatest(*windows)
    return select(report_by.label("report_by")).where(
        Policy.policyholder_id == person_id,
        Policy.state == "completed",
        Policy.is_claim_notified.is_(False),
        report_by >= clock.now(),
    )


def _pays_for(cause: Cause) -> ColumnElement[bool]:
    """Whether a policy was sold with a cause; one of before names none, and has its level's."""
    levels = [level for level in Cover if cause in level_causes(level=level, on=clock.today())]
    named = Policy.perils.contains([cause.value])
    return or_(named, and_(Policy.perils.is_(None), Policy.cover.in_(levels)))


def _due(person_id: UUID) -> Select[dict[str, int]]:
    """Return what was approved and waits to be paid, minor units by currency."""
    of_parcels = select(Claim.currency, Claim.payable).where(
        Claim.policyholder_id == person_id, Claim.state.in_(OWED_STATES)
    )
    of_cargo = select(CargoClaim.currency, CargoClaim.payable).where(
        CargoClaim.owner_id == person_id,
        CargoClaim.state.in_(["approved", "waiting_for_funds"]),
    )
    owed = of_parcels.union_all(of_cargo).subquery()
    sums = (
        select(owed.c.currency, func.sum(owed.c.payable).label("minor"))
        .group_by(owed.c.currency)
        .subquery()
    )
    return select(func.jsonb_object_agg(sums.c.currency, sums.c.minor))


def footer_tile(actor: Actor) -> FooterTile:
    """Return whether the footer shows the desk."""
    return FooterTile(bool(actor.roles & {Role.UNDERWRITER, Role.OPERATOR}))
