"""What a case asks for, told alike for the claim of a parcel and for one of cargo."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from insurance.losses.claims.queries import OFFSETS, PaidBy
from insurance.losses.recovery import rules
from insurance.losses.recovery.models import CarrierClaim
from insurance.losses.recovery.rules import Uninsured
from insurance.rating.liability.queries import Cause
from insurance.trade.cargo_claims import queries as cargo_claims
from insurance.trade.cargo_claims.queries import CargoClaimView, Kind
from kernel.money import Money

# What a claim says of money that its carrier gave the holder itself.
_PAID_BY_CARRIER = frozenset({"carrier_paid", OFFSETS[PaidBy.CARRIER]})
# What the claims for cargo that a carrier answers for are called in its cases; what was given up
# for all is no carrier's fault.
CARGO_CAUSES = {Kind.DAMAGE: Cause.DAMAGE, Kind.TOTAL_LOSS: Cause.LOST}


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """A claim as its carrier's case needs it.

    Shape: is_over is set where it ended without payment for good; given is what the carrier gave
    the holder itself, nothing is known of it before a claim for cargo is surveyed.
    """

    ref: str
    holder_id: UUID
    happened_on: date
    is_cargo: bool
    is_refused: bool
    is_paid: bool
    is_over: bool
    paid: Money
    given: Money


def given_by_carrier(lines: Iterable[tuple[str, int]]) -> int:
    """Return what a parcel's carrier gave the holder, of the lines of a claim's sums."""
    return sum(-minor for what, minor in lines if what in _PAID_BY_CARRIER)


def uninsured_of(row: CarrierClaim) -> Uninsured:
    """Return what of a loss no cover pays; of parcels, whose sum insured is their value, nothing.

    Source: Marine Insurance Act 1906, section 79; what is uninsured stays its holder's.
    """
    zero = Money.zero(row.currency)
    if row.cargo_claim_id is None:
        return Uninsured(deductible=zero, above=zero)
    return uninsured_of_cargo(cargo_claims.claim(claim_id=row.cargo_claim_id))


def uninsured_of_cargo(claim: CargoClaimView) -> Uninsured:
    """Return what of a surveyed loss of cargo no cover pays, nothing before it is surveyed."""
    zero = Money.zero(claim.claimed.currency)
    if claim.survey is None or claim.figures is None:
        return Uninsured(deductible=zero, above=zero)
    is_total = claim.kind is Kind.TOTAL_LOSS
    return rules.uninsured_of(
        lost=claim.claimed if is_total else claim.survey.whole - claim.survey.part,
        insured=claim.figures.lost,
        payable=claim.payable,
        paid_by_carrier=claim.survey.part if is_total else zero,
    )
