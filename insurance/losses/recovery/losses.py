"""What a case asks for, told alike for the claim of a parcel and for one of cargo."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from insurance.losses.claims.models import Claim
from insurance.losses.claims.queries import OFFSETS, ClaimState, PaidBy, handling_on
from insurance.losses.recovery import rules
from insurance.losses.recovery.models import CarrierClaim
from insurance.losses.recovery.rules import Uninsured
from insurance.rating.liability.queries import Cause
from insurance.trade.cargo_claims import queries as cargo_claims
from insurance.trade.cargo_claims.models import CargoClaim
from insurance.trade.cargo_claims.queries import CargoClaimView, Kind, State
from kernel import clock
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


def of(claim: Claim | None, cargo: CargoClaim | None, row: CarrierClaim) -> Loss:
    """Return the loss of a case; one of the two claims is there."""
    if claim is not None:
        return _of_parcel(claim, row)
    assert cargo is not None, "a case asks for one of two, by constraint"
    return _of_cargo(cargo)


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


def _of_parcel(claim: Claim, row: CarrierClaim) -> Loss:
    given = given_by_carrier((line["what"], line["minor"]) for line in claim.sums)
    return Loss(
        ref=claim.ref,
        holder_id=claim.policyholder_id,
        happened_on=claim.loss_at.date(),
        is_cargo=False,
        is_refused=claim.state in {ClaimState.REFUSED, ClaimState.WITHDRAWN},
        is_paid=claim.state == ClaimState.PAID,
        is_over=_is_parcel_over(claim, row),
        paid=Money(claim.payable, row.currency),
        given=Money(given, row.currency),
    )


def _is_parcel_over(claim: Claim, row: CarrierClaim) -> bool:
    handling = handling_on(clock.today())
    if claim.state == ClaimState.WITHDRAWN:
        # Until its notice is too late, a loss that was taken back may be reported again.
        days = handling.notice_days[Cause(claim.cause)]
        return claim.appeal is not None or clock.now() > claim.loss_at + timedelta(days=days)
    if claim.state != ClaimState.REFUSED:
        return False
    appeal_ends = (claim.decided_at or row.opened_at) + timedelta(days=handling.appeal_days)
    return clock.now() > appeal_ends


def _of_cargo(claim: CargoClaim) -> Loss:
    given = claim.survey["part"] if claim.survey and claim.kind == Kind.TOTAL_LOSS else 0
    is_over = claim.state == State.WITHDRAWN
    if claim.state == State.REFUSED:
        until = cargo_claims.appeal_until(claim)
        is_over = until is None or clock.now() > until
    return Loss(
        ref=claim.ref,
        holder_id=claim.owner_id,
        happened_on=claim.loss_on,
        is_cargo=True,
        is_refused=claim.state in {State.REFUSED, State.WITHDRAWN},
        is_paid=claim.state == State.PAID,
        is_over=is_over,
        paid=Money(claim.payable, claim.currency),
        given=Money(given, claim.currency),
    )
