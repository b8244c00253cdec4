"""What cover cost and paid on each way, for who holds it: parcels, premium, losses."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import BigInteger, and_, cast, func, select

from insurance.contracts.policies.models import Policy
from insurance.losses.claims.models import Claim
from insurance.losses.claims.rules import DECIDED
from kernel.db import session
from kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One way from country to country.

    Units: premium without tax; losses are paid or promised.
    """

    origin: str
    destination: str
    parcels: int
    premium: Money
    losses: Money

    @property
    def ratio_bp(self) -> int:
        """What of the premium came back as losses. Units: basis points, rounded down."""
        return self.losses.minor * 10_000 // self.premium.minor


def lanes_of(*, policyholder_id: UUID) -> list[Lane]:
    """Return the ways of somebody's covered parcels by currency, those with the most first.

    What was cancelled or void covered nothing and is left out.
    """
    origin, to = Policy.risk["origin_country"].astext, Policy.risk["destination_country"].astext
    net = cast(Policy.sections["LOSS"]["net"].astext, BigInteger)
    parcels = func.count(Policy.id.distinct())
    query = (
        select(origin, to, Policy.currency, parcels, func.sum(net), func.sum(Claim.payable))
        .outerjoin(Claim, and_(Claim.policy_id == Policy.id, Claim.state.in_(DECIDED)))
        .where(
            Policy.policyholder_id == policyholder_id,
            Policy.state.not_in(["cancelled", "voided"]),
        )
        .group_by(origin, to, Policy.currency)
        .order_by(parcels.desc(), origin, to)
    )
    return [
        Lane(
            origin=row[0],
            destination=row[1],
            parcels=row[3],
            premium=Money(int(row[4]), row[2]),
            losses=Money(int(row[5] or 0), row[2]),
        )
        for row in session().execute(query)
    ]
