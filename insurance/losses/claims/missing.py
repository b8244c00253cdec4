"""The pieces that a claim says were missing from a parcel: kept beside it, one row for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select

from insurance.contracts.policies.queries import PolicyView
from insurance.losses.claims.models import ClaimItem
from insurance.losses.claims.noticed import Missing
from kernel.db import session
from kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingView:
    """Missing pieces of one thing. Units: value is theirs, not that of the whole thing."""

    description: str
    pieces: int
    of: int
    value: Money


def keep(claim_id: UUID, missing: Sequence[Missing], values: Sequence[Money]) -> None:
    """Keep what is missing, in place of what a report of before said; the caller holds the claim.

    Shape: values in the order of missing.
    """
    session().execute(delete(ClaimItem).where(ClaimItem.claim_id == claim_id))
    session().add_all(
        ClaimItem(
            claim_id=claim_id, item=one.item, pieces=one.pieces, of_pieces=one.of, value=value.minor
        )
        for one, value in zip(missing, values, strict=True)
    )
    session().flush()


def of_claim(claim_id: UUID, policy: PolicyView) -> Sequence[MissingView]:
    """Return what is missing, in the order of the parcel."""
    return [
        MissingView(
            description=policy.items[row.item].description,
            pieces=row.pieces,
            of=row.of_pieces,
            value=Money(row.value, policy.currency),
        )
        for row in _rows(claim_id)
    ]


def told(claim_id: UUID) -> list[list[int]]:
    """Return what is missing as plain values for a claim's history: item, pieces, of how many."""
    return [[row.item, row.pieces, row.of_pieces] for row in _rows(claim_id)]


def _rows(claim_id: UUID) -> Sequence[ClaimItem]:
    query = select(ClaimItem).where(ClaimItem.claim_id == claim_id).order_by(ClaimItem.item)
    return session().scalars(query).all()
